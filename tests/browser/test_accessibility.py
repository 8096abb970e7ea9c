"""Axe finds nothing on any page or screen, in both themes, wide and narrow; nothing overflows."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.fixtures.databases import REAL_BANK

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def check(page, name):
    # Only violations: describing every node that passes costs most of the time.
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    outcome = Axe().run(page, options=options)
    found = [
        (violation["id"], [node["target"] for node in violation["nodes"]][:3])
        for violation in outcome.response["violations"]
    ]
    assert found == [], f"{name}: {found}"
    wanted, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wanted <= window, f"{name} is wider than the window: {wanted} > {window}"


@pytest.fixture(params=["light", "dark"])
def theme(request):
    return request.param


@pytest.fixture(params=[320, 1280])
def width(request):
    return request.param


@pytest.fixture
def browser_context_args(browser_context_args, theme, width):
    size = {"width": width, "height": 900}
    return {**browser_context_args, "color_scheme": theme, "viewport": size}


def test_every_page_of_a_candidate(page, served_app, enter):
    for path in ("/", "/sign-in", "/register", "/nowhere"):
        page.goto(served_app.url + path)
        check(page, path)
    room = enter(page)
    for screen in (1, "navigator", "review"):
        room.open(screen)
        check(page, f"room {screen}")
    page.keyboard.press("?")
    check(page, "help")
    page.keyboard.press("Escape")
    for path in ("/", "/exams", "/exams/dva-c02", "/account"):
        page.goto(served_app.url + path)
        check(page, path)
    for path in ("/items", "/items/1"):
        page.goto(room.address + path)
        check(page, path)
    token = page.locator("meta[name=csrf-token]").get_attribute("content")
    page.request.post(f"{room.address}/end", form={"csrf_token": token})
    for path in ("/result", "/review?show=wrong", "/review?show=flagged"):
        page.goto(room.address + path)
        check(page, path)
    page.goto(served_app.url)
    check(page, "home")


def test_real_questions_scroll_their_code_and_never_the_page(page, serve):
    served = serve(REAL_BANK)
    page.goto(served.url)
    page.get_by_role("button", name="Start as a guest").click()
    page.goto(f"{served.url}/exams/dva-c02")
    page.get_by_role("button", name="Start the exam").click()
    page.locator("#q1").wait_for()
    address = page.url.split("#")[0]
    widths = page.evaluate(
        """async () => {
          const found = [];
          for (let item = 1; item <= 65; item += 1) {
            location.hash = `q${item}`;
            await new Promise((resolve) => { setTimeout(resolve, 20); });
            found.push(document.documentElement.scrollWidth);
          }
          return found;
        }"""
    )
    window = page.evaluate("innerWidth")
    assert max(widths) <= window
    token = page.locator("meta[name=csrf-token]").get_attribute("content")
    page.request.post(f"{address}/end", form={"csrf_token": token})
    page.goto(f"{address}/review")
    assert page.evaluate("document.documentElement.scrollWidth") <= window

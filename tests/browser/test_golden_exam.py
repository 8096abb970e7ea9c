"""A whole exam in Chromium, by mouse and by keyboard alone: the score is the one worked by hand."""

from tests.factories.golden import RAW_SCORE, SCALED_SCORE, golden_lines


def end(room):
    room.page.locator("#end-ask").click()
    room.page.locator("#end-now").click()
    room.page.wait_for_url("**/result")


def check_score(room):
    page = room.page
    assert page.locator("h1").inner_text().endswith(str(SCALED_SCORE))
    assert page.get_by_text(f"{RAW_SCORE} of 50").is_visible()
    answer = page.request.get(f"{room.address}/result.json")
    assert answer.json()["scaled_score"] == SCALED_SCORE


def test_by_mouse_all_65_questions_get_the_golden_score(room):
    for line in golden_lines():
        for letter in line.answer:
            room.option(line, letter).click()
        room.page.locator("#next").click()
    room.wait_for_state("All")
    room.open("review")
    end(room)
    check_score(room)
    room.page.get_by_role("link", name="Review every question").click()
    assert room.page.locator("article").count() == 65


def test_by_keyboard_alone_from_start_to_result(room):
    keyboard = room.page.keyboard
    for line in golden_lines():
        room.page.locator(f"#q{line.position}").wait_for()
        shown = room.page.locator(f'input[name="options-{line.position}"]')
        order = [shown.nth(place).get_attribute("value") for place in range(shown.count())]
        for letter in line.answer:
            keyboard.press(str(order.index(letter) + 1))
        keyboard.press("n")
    room.wait_for_state("All")
    room.page.locator("#end-ask").focus()
    keyboard.press("Enter")
    room.page.locator("#end-now").focus()
    keyboard.press("Enter")
    room.page.wait_for_url("**/result")
    check_score(room)


def test_without_javascript_the_exam_can_be_begun_and_ended(browser, enter, room):
    state = room.page.context.storage_state()
    context = browser.new_context(java_script_enabled=False, storage_state=state)
    page = context.new_page()
    page.goto(room.address)
    page.get_by_role("link", name="one question per page").or_(
        page.locator("noscript a")
    ).first.click()
    line = golden_lines()[0]
    for letter in line.key:
        page.locator(f'input[name="options"][value="{letter}"]').check()
    page.get_by_role("button", name="Next").click()
    assert page.url.endswith("/items/2")
    page.get_by_role("button", name="Navigator").click()
    page.get_by_role("button", name="End exam").click()
    page.wait_for_url("**/result")
    assert room.stored(line).options == line.key
    context.close()

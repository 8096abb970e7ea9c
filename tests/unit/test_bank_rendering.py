"""Markdown of items becomes safe HTML, with code that a keyboard can scroll."""

import pytest

from app.bank.content import CODE_LANGUAGES
from app.bank.rendering import highlighted, option_html, prose_html, stem_html


def test_the_closing_question_of_a_stem_is_marked() -> None:
    html = stem_html("One.\nTwo.\n\nWhich? (Select TWO.)")

    assert html == '<p>One.\nTwo.</p>\n<p class="ask">Which? (Select TWO.)</p>'


def test_code_is_highlighted_by_classes_and_can_be_focused() -> None:
    html = stem_html('Given:\n\n```json\n{"a": 1}\n```\n\nWhich?')

    assert '<pre tabindex="0"><code>{<span class="nt">"a"</span>: ' in html
    assert "style" not in html


def test_code_is_escaped_in_every_language() -> None:
    for language in (*CODE_LANGUAGES, "unknown", '"><script>'):
        html = stem_html(f"```{language}\n<script>run</script> &amp;\n```")
        assert "<script" not in html
        assert "&lt;" in html


def test_plain_text_keeps_its_spaces() -> None:
    assert highlighted("a   <b>", "text") == "a   &lt;b&gt;"


def test_an_option_of_one_paragraph_is_bare_text() -> None:
    assert option_html("Use `a_b` <now>.") == "Use <code>a_b</code> &lt;now&gt;."


def test_an_option_with_code_stays_fit_for_a_label() -> None:
    html = option_html('Use this:\n\n```json\n{"a": 1}\n```\n\n- no list')

    assert html.startswith('<span class="line">Use this:</span>\n<code class="block" tabindex="0">')
    assert not any(tag in html for tag in ("<p", "<pre", "<ul", "<div"))


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](//evil.example)",
        "[a](https://evil.example)",
        "<https://evil.example>",
        "![a](https://evil.example/a.png)",
        "[a]: https://evil.example\n\n[a]",
        "<b onclick=alert(1)>a</b>",
        "`<script>`",
    ],
)
def test_neither_raw_html_nor_addresses_get_through(text: str) -> None:
    for html in (stem_html(text), option_html(text), prose_html(text)):
        assert not any(tag in html for tag in ("<script", "<img", "<a ", "<b ", "href"))


def test_a_table_may_stand_in_prose() -> None:
    html = prose_html("| a | b |\n|---|---|\n| 1 | 2 |")

    assert "<th>a</th>" in html
    assert "<td>2</td>" in html

"""Markdown to safe HTML, once, when the bank is loaded.

Raw HTML is off in the parser and everything else than a short list is removed afterwards. Code is
highlighted with classes, because the content security policy allows no style attributes.
"""

import re
from collections.abc import Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import escape

# For the type checker: Pygments ships no types.
from pygments import highlight  # type: ignore[import-untyped]
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]

from app.bank.content import CODE_LANGUAGES

_TAGS = {
    *("p", "br", "em", "strong", "code", "pre", "span", "ul", "ol", "li", "blockquote"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {
    "p": {"class"},
    "code": {"class", "tabindex"},
    "pre": {"class", "tabindex"},
    "span": {"class"},
    "ol": {"start"},
}
_FORMATTER = HtmlFormatter(nowrap=True)
_PLAIN_SPAN = re.compile(r'<span class="(?:w|p|err)">([^<]*)</span>')


def highlighted(code: str, language: str) -> str:
    """Return code as HTML with Pygments' classes; an unknown language is plain text."""
    if language not in CODE_LANGUAGES or language == "text":
        return str(escape(code))
    # White space, punctuation and what a lexer does not know keep the colour of the text.
    html = str(highlight(code, get_lexer_by_name(language), _FORMATTER))
    return _PLAIN_SPAN.sub(r"\1", html).rstrip("\n")


class _Renderer(RendererHTML):
    """The standard renderer, with code blocks that a keyboard can scroll."""

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Render a fenced block; inside an option it must stay phrasing content."""
        language = tokens[idx].info.strip()
        code = highlighted(tokens[idx].content.rstrip("\n"), language)
        if env.get("phrasing"):
            return f'<code class="block" tabindex="0">{code}</code>\n'
        return f'<pre tabindex="0"><code>{code}</code></pre>\n'


# Pictures wait for a later schema; links belong into `references`; headings would break a page's.
_LEFT_OUT = ["image", "link", "autolink", "reference", "heading", "lheading", "hr"]
_NOT_IN_LABELS = ["table", "list", "blockquote"]


def _parser(*left_out: str) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer)
    return parser.enable("table").disable([*_LEFT_OUT, *left_out])


_MARKDOWN = _parser()
_OPTION_MARKDOWN = _parser(*_NOT_IN_LABELS)


def stem_html(text: str) -> str:
    """Render a stem; its closing question gets the class ``ask``."""
    tokens = _MARKDOWN.parse(text)
    for token in reversed(tokens):
        if token.type == "paragraph_open" and token.level == 0:
            token.attrSet("class", "ask")
            break
    return _clean(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def option_html(text: str) -> str:
    """Render an option as phrasing content, so that it may stand inside a label.

    One paragraph is bare text; of several, and beside code, each is a span of class ``line``.
    """
    env: EnvType = {"phrasing": True}
    tokens = _OPTION_MARKDOWN.parse(text, env)
    only_paragraph = len(tokens) == 3 and tokens[0].type == "paragraph_open"
    if only_paragraph:
        tokens = tokens[1:2]
    for token in tokens:
        if token.type in {"paragraph_open", "paragraph_close"}:
            token.tag = "span"
        if token.type == "paragraph_open":
            token.attrSet("class", "line")
    return _clean(_OPTION_MARKDOWN.renderer.render(tokens, _OPTION_MARKDOWN.options, env))


def prose_html(text: str) -> str:
    """Render an explanation or a rationale."""
    return _clean(_MARKDOWN.render(text))


def _clean(html: str) -> str:
    return nh3.clean(html.strip(), tags=_TAGS, attributes=_ATTRIBUTES).strip()

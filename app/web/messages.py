"""Messages for the next page; ``flash`` of Flask, and a link to keep."""

from typing import Any, cast

from flask import flash


def flash_private_link(text: str, *, link: str, label: str) -> None:
    """Show the link once, on the next page, with a sentence about it.

    Until then it stands in the browser's own signed cookie.
    """
    flash(cast(Any, {"text": text, "link": link, "label": label}))

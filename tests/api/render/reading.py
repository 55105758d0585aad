"""What a page says, for tests of what is on it and not of how it is laid out."""

from __future__ import annotations

from api.render.blocks import Page
from api.render.text import text_page


def lines(page: Page, width: int = 120) -> list[str]:
    """The lines of a page as text, each with single spaces."""
    return [" ".join(line.split()) for line in text_page(page, width).splitlines()]

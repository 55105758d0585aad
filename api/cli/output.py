"""What goes to stdout (data) and to stderr (messages)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click

from graph.text import has_hidden_characters, without_hidden_characters


def plain(answer: Any) -> Any:
    """Return an answer (msgspec structs, dictionaries, lists) as JSON-like data."""
    import msgspec

    return msgspec.to_builtins(answer)


def json_text(answer: Any, *, one_line: bool = False) -> str:
    """Return an answer as JSON, indented or on one line, keys in their own order; NaN becomes null.

    Control and bidirectional characters from data are written as \\uXXXX: the same value, harmless on a terminal.
    """
    import msgspec

    encoded = msgspec.json.encode(answer)
    text = (encoded if one_line else msgspec.json.format(encoded, indent=2)).decode()
    if not has_hidden_characters(text):
        return text
    return "".join(f"\\u{ord(c):04x}" if has_hidden_characters(c) else c for c in text)


def emit_json(answer: Any) -> None:
    """Print an answer as JSON."""
    click.echo(json_text(answer))


def emit_json_lines(answers: Iterable[Any]) -> None:
    """Print answers as JSON Lines."""
    for answer in answers:
        click.echo(json_text(answer, one_line=True))


def emit(text: str) -> None:
    """Print a finished text that ends in a line end."""
    click.echo(text, nl=False)


def tell(message: str) -> None:
    """Say something to the person at the keyboard, on stderr."""
    click.echo(without_hidden_characters(message), err=True)

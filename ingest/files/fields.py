"""One row's fields, taken one by one: checked, brought to one Python type, or refused with a reason."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import msgspec

from graph.text import clean_name, has_hidden_characters
from ingest.files.contract import Note

MAX_ID_CHARS: Final = 512
MAX_INTEGER: Final = (1 << 63) - 1

HIDDEN_CHARACTERS: Final = Note(
    "hidden-characters", "Control, zero-width or direction characters were taken out of names."
)

_INTEGER_TEXT = re.compile(r"[+-]?\d{1,20}")
_NUMBER_TEXT = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_SENTENCE_BREAK = re.compile(r"[;|\n]")
_WORD_BREAK = re.compile(r"[;|,\n]")
_KIND_OF = {
    bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list", dict: "an object",
    tuple: "a list",
}  # fmt: skip


class BadField(Exception):
    """A field whose value cannot be taken; becomes the `Rejection` of its row."""

    def __init__(self, code: str, reason: str, remedy: str) -> None:
        self.code = code
        self.reason = reason
        self.remedy = remedy
        super().__init__(reason)


def wrong_type(name: str, value: object, wanted: str) -> BadField:
    """Return the error for a value of another kind than the field holds."""
    kind = _KIND_OF.get(type(value), f"a {type(value).__name__}")
    return BadField("wrong-type", f"{name}: {kind} where {wanted} belongs", f"Write {name} as {wanted}.")


class Fields:
    """The fields of one row. Each `take...` removes what it returns; what is left at the end is `extra`.

    Several names may be given for a field: the first with a value wins, the others stay in `extra`.
    Null, empty text and not-a-number mean "not known" and give None.
    """

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._left = {name: value for name, value in values.items() if not _is_missing(value)}
        self.notes: list[Note] = []

    def __contains__(self, name: str) -> bool:
        """Say whether a field has a value that was not taken yet."""
        return name in self._left

    def take(self, *names: str) -> tuple[str, Any]:
        """Return name and raw value of the first field that has one, else the first name and None."""
        for name in names:
            if name in self._left:
                return name, self._left.pop(name)
        return names[0], None

    def keep(self, name: str, value: object) -> None:
        """Put something into `extra` under a name of our own."""
        if not _is_missing(value):
            self._left[name] = value

    def text(self, *names: str) -> str | None:
        """Take a text, stripped. Errors: `wrong-type` for anything else, `nul-character`."""
        name, value = self.take(*names)
        return None if value is None else text_of(name, value)

    def name(self, *names: str) -> str | None:
        """Take a name: one line, without hidden characters; a note says when there were some."""
        value = self.text(*names)
        if value is None:
            return None
        if has_hidden_characters(value):
            self.notes.append(HIDDEN_CHARACTERS)
        return clean_name(value) or None

    def identifier(self, *names: str) -> str | None:
        """Take an id; whole numbers are ids too. Errors: `wrong-type`, `bad-id` (too long, hidden characters)."""
        name, value = self.take(*names)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        text = text_of(name, value)
        if text is None:
            return None
        if len(text) > MAX_ID_CHARS:
            raise BadField("bad-id", f"{name}: longer than {MAX_ID_CHARS} characters", "Use a shorter id.")
        if has_hidden_characters(text) or "\n" in text:
            raise BadField("bad-id", f"{name}: holds hidden or control characters", "Use an id without them.")
        return text

    def required_id(self, *names: str) -> str:
        """Take an id that the row must have. Errors: as `identifier`, and `missing-id`."""
        found = self.identifier(*names)
        if found is None:
            raise missing_id(*names)
        return found

    def count(self, *names: str) -> int | None:
        """Take a whole number, 0 or more; digits as text are one.

        Errors: `wrong-type`, `negative-number`, `number-too-large`.
        """
        name, value = self.take(*names)
        if value is None:
            return None
        if isinstance(value, str) and _INTEGER_TEXT.fullmatch(value.strip()):
            value = int(value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise wrong_type(name, value, "a whole number")
        if value < 0:
            raise negative_number(name, value)
        if value > MAX_INTEGER:
            raise BadField("number-too-large", f"{name}: {value} is beyond 2^63", f"Correct {name}.")
        return value

    def number(self, *names: str) -> float | None:
        """Take a finite number; a number as text is one. Errors: `wrong-type`."""
        name, value = self.take(*names)
        if value is None:
            return None
        if isinstance(value, str) and _NUMBER_TEXT.fullmatch(value.strip()):
            value = float(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise wrong_type(name, value, "a number")
        if not math.isfinite(value):
            raise wrong_type(name, value, "a finite number")
        return float(value)

    def words(self, *names: str) -> list[str] | None:
        """Take a list of short texts (tags, types); as one text they are split at commas, `;`, `|` and line ends."""
        return self._texts(_WORD_BREAK, names)

    def sentences(self, *names: str) -> list[str] | None:
        """Take a list of sentences; as one text they are split at `;`, `|` and line ends, never at commas."""
        return self._texts(_SENTENCE_BREAK, names)

    def time(self, *names: str) -> str | int | float | None:
        """Take a time as it stands: text or epoch number (`ingest.border.canonical` reads it). Errors: `wrong-type`."""
        name, value = self.take(*names)
        if value is None or (isinstance(value, str | int | float) and not isinstance(value, bool)):
            return text_of(name, value) if isinstance(value, str) else value
        if isinstance(value, date):
            return value.isoformat()
        raise wrong_type(name, value, "a date or time")

    def rest(self) -> dict[str, Any] | None:
        """Return all fields not taken, for the column `extra`; None if there are none."""
        return self._left or None

    def _texts(self, separator: re.Pattern[str], names: tuple[str, ...]) -> list[str] | None:
        name, value = self.take(*names)
        if value is None:
            return None
        if isinstance(value, str):
            value = _list_of_text(value, separator)
        if not isinstance(value, list | tuple):
            raise wrong_type(name, value, "a list of texts")
        texts = [text_of(name, part) for part in value if not _is_missing(part)]
        return list(dict.fromkeys(text for text in texts if text)) or None


def text_of(name: str, value: object) -> str | None:
    """Return a stripped text, None if nothing is left. Errors: `wrong-type`, `nul-character`."""
    if not isinstance(value, str):
        raise wrong_type(name, value, "text")
    if "\0" in value:
        raise BadField("nul-character", f"{name}: holds the character NUL", f"Take it out of {name}.")
    return value.strip() or None


def missing_id(*names: str) -> BadField:
    """Return the error for a row without an id."""
    wanted = " or ".join(names[:2])
    return BadField("missing-id", f"{wanted} is missing or empty", f"Give every row its {names[0]}.")


def negative_number(name: str, value: object) -> BadField:
    """Return the error for a number that cannot be below zero."""
    return BadField("negative-number", f"{name}: {value} is below zero", f"Correct {name}, or leave it out.")


def _is_missing(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def _list_of_text(text: str, separator: re.Pattern[str]) -> list[Any]:
    """Cells of a CSV file hold lists as JSON or as parts with a separator."""
    if text.lstrip().startswith("["):
        try:
            value = msgspec.json.decode(text)
        except (msgspec.DecodeError, RecursionError):
            value = None
        if isinstance(value, list):
            return value
    return separator.split(text)

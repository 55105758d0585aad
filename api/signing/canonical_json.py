"""JSON in one form only (RFC 8785), so that equal data has equal bytes to sign."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

MAX_SAFE_INTEGER = (1 << 53) - 1


def canonical_json(value: Any) -> bytes:
    """Return the canonical form: keys sorted by UTF-16, no white space, numbers as ECMAScript writes them.

    Raises `ValueError` for what has none: NaN, infinities, integers beyond 2^53, half surrogates, other keys than text.

    >>> canonical_json({"b": 1e-7, "a": [1.0, "é", None]}).decode()
    '{"a":[1,"é",null],"b":1e-7}'
    """
    return _text(value).encode("utf-8")


def _text(value: Any) -> str:
    match value:
        case None | bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case int():
            if abs(value) > MAX_SAFE_INTEGER:
                raise ValueError(f"{value} has no exact form in JSON")
            return str(value)
        case float():
            return _number(value)
        case list() | tuple():
            return f"[{','.join(map(_text, value))}]"
        case dict():
            if not all(isinstance(key, str) for key in value):
                raise ValueError("a key is no text")
            keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
            return f"{{{','.join(f'{_text(key)}:{_text(value[key])}' for key in keys)}}}"
    raise ValueError(f"{type(value).__name__} has no form in JSON")


def _number(value: float) -> str:
    """Write a float as ECMAScript does (ECMA-262, Number::toString): Python's shortest digits in another layout."""
    if not isfinite(value):
        raise ValueError(f"{value} has no form in JSON")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = f"{abs(value)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))  # digits before the point
    digits = digits.rstrip("0")
    if len(digits) <= point <= 21:
        return sign + digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    power = f"e{'+' if point > 0 else '-'}{abs(point - 1)}"
    return f"{sign}{digits[0]}{'.' + digits[1:] if len(digits) > 1 else ''}{power}"

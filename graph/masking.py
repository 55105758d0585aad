"""Personal data and secrets in free text: found and masked before anything is stored.

What is recognised, and how it is written afterwards: e-mail addresses `[email]`, telephone numbers `[phone]`,
public and private IP addresses `[ip]`, payment card numbers that pass the Luhn check `[card]`, and keys or
tokens of well-known forms `[secret]`. Names and postal addresses are not recognised.
"""

from __future__ import annotations

import re
from typing import Final

_SECRET = re.compile(
    r"\b(?:sk|pk|rk)[-_](?:live|test|proj|ant)?[-_]?[A-Za-z0-9_-]{16,}"
    r"|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}|\bglpat-[A-Za-z0-9_-]{16,}"
    r"|\bhf_[A-Za-z0-9]{20,}|\bxox[abprs]-[A-Za-z0-9-]{10,}|\bAKIA[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{30,}"
    r"|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)
# The look-behind keeps the search linear: no other beginning inside a run of these characters can match.
_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")
_ENCODED_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+%40[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")
_IPV4 = re.compile(r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])")
_IPV6 = re.compile(r"(?<![\w:])(?:[0-9a-fA-F]{1,4}:){4,7}[0-9a-fA-F]{1,4}(?![\w:])")
_DIGIT_RUN = re.compile(r"(?<![\w.])\d(?:[ -]?\d){12,18}(?![\w.])")
_PHONE = re.compile(
    r"(?<![\w.+-])(?:\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d(?:[ .-]?\d){5,12}"
    r"|\(\d{3}\)[ .-]?\d{3}[ .-]\d{4}|\d{3}[ .-]\d{3}[ .-]\d{4})(?![\w-])"
)
_WORTH_A_LOOK = re.compile(r"@|%40|\d[\d .)(-]{5}|[_-][A-Za-z0-9]{8}|AKIA|AIza|eyJ|BEGIN|[0-9a-fA-F]:[0-9a-fA-F]")
MASKS: Final = ("[secret]", "[email]", "[ip]", "[card]", "[phone]")


def mask_personal_data(text: str) -> str:
    """Return the text with personal data and secrets replaced by their masks. Idempotent.

    >>> mask_personal_data("ask jane.doe@example.org or +49 30 1234567 at 10.0.0.7")
    'ask [email] or [phone] at [ip]'
    """
    if _WORTH_A_LOOK.search(text) is None:
        return text
    text = _SECRET.sub("[secret]", text)
    text = _ENCODED_EMAIL.sub("[email]", _EMAIL.sub("[email]", text))
    text = _IPV6.sub("[ip]", _IPV4.sub("[ip]", text))
    text = _DIGIT_RUN.sub(_mask_card, text)
    return _PHONE.sub("[phone]", text)


def _mask_card(match: re.Match[str]) -> str:
    digits = [int(character) for character in match.group() if character.isdigit()]
    return "[card]" if _passes_luhn(digits) else match.group()


def _passes_luhn(digits: list[int]) -> bool:
    """Check digit of ISO/IEC 7812-1, annex B."""
    doubled = [2 * d - 9 * (2 * d > 9) if place % 2 else d for place, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0

"""Callback tokens: what was signed is read back, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.feedback.tokens import BadToken, ExpiredToken, Grant, TokenSigner

GRANT = Grant("q1", "model/whisper", 3, "c1", "human", expires=1_000)
SIGNER = TokenSigner(b"key of this home")


def test_a_token_grants_what_was_signed_until_it_expires() -> None:
    token = SIGNER.sign(GRANT)
    assert SIGNER.read(token, now_seconds=1_000) == GRANT
    with pytest.raises(ExpiredToken):
        SIGNER.read(token, now_seconds=1_001)


def test_another_home_refuses_it() -> None:
    with pytest.raises(BadToken):
        TokenSigner(b"key of another home").read(SIGNER.sign(GRANT), 0)


@settings(max_examples=200)
@given(st.data())
def test_a_token_changed_at_any_place_is_refused(data: st.DataObject) -> None:
    token = SIGNER.sign(GRANT)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("ABCabc019-_=é ").filter(lambda char: char != token[place]))
    with pytest.raises(BadToken):
        SIGNER.read(token[:place] + other + token[place + 1 :], 0)


@given(st.text(max_size=80))
def test_no_text_is_taken_for_a_token(text: str) -> None:
    with pytest.raises(BadToken):
        SIGNER.read(text, 0)


def test_one_event_of_a_kind_for_each_answer_and_client() -> None:
    later = Grant("q1", "model/whisper", 1, "c1", "agent", expires=2_000)
    assert later.event_id("click") == GRANT.event_id("click")
    others = [
        GRANT.event_id("success"),
        Grant("q2", "model/whisper", 3, "c1", "human", 1_000).event_id("click"),
        Grant("q1", "model/other", 3, "c1", "human", 1_000).event_id("click"),
        Grant("q1", "model/whisper", 3, "c2", "human", 1_000).event_id("click"),
    ]
    assert len({GRANT.event_id("click"), *others}) == 5

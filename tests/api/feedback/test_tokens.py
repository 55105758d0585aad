"""Callback tokens are what RFC 2104 says, and only as they were given out."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.feedback.tokens import BadToken, ExpiredToken, Grant, TokenSigner

KEY = bytes(range(32))
GRANT = Grant("q_1_ab", "whisper", 2, "c0ffee", "human", 1_000)


@dataclass
class Parts:
    mac: bytes
    body: bytes


def parts(token: str) -> Parts:
    raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    return Parts(raw[:16], raw[16:])


def test_a_token_is_a_grant_with_its_mac() -> None:
    found = parts(TokenSigner(KEY).sign(GRANT))
    assert found.mac == hmac.digest(KEY, found.body, "sha256")[:16]
    assert msgspec.msgpack.decode(found.body, type=Grant) == GRANT


def test_a_token_is_read_until_it_expires() -> None:
    signer = TokenSigner(KEY)
    token = signer.sign(GRANT)
    assert signer.read(token, 1_000) == GRANT
    with pytest.raises(ExpiredToken):
        signer.read(token, 1_001)


def test_no_other_spelling_and_no_other_key_is_taken() -> None:
    signer = TokenSigner(KEY)
    token = signer.sign(GRANT)
    changed = parts(token)
    forged = changed.body.replace(b"whisper", b"whisker")
    again = urlsafe_b64encode(changed.mac + forged).decode().rstrip("=")
    for bad in (token + "=", token + "A", token[:-1], again, "", "é", TokenSigner(KEY[::-1]).sign(GRANT)):
        with pytest.raises(BadToken):
            signer.read(bad, 0)


def test_tokens_are_url_safe() -> None:
    signer = TokenSigner(KEY)
    tokens = [signer.sign(Grant("q", f"artifact {n}", 1, "c", "agent", n)) for n in range(200)]
    assert not set("".join(tokens)) & set("+/=")
    assert any("-" in token for token in tokens)
    assert [signer.read(token, 0).position for token in tokens] == [1] * 200


@settings(max_examples=200)
@given(st.data())
def test_a_token_changed_at_any_place_is_refused(data: st.DataObject) -> None:
    signer = TokenSigner(KEY)
    token = signer.sign(GRANT)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("ABCabc019-_=é ").filter(lambda char: char != token[place]))
    with pytest.raises(BadToken):
        signer.read(token[:place] + other + token[place + 1 :], 0)


@given(st.text(max_size=80))
def test_no_text_is_taken_for_a_token(text: str) -> None:
    with pytest.raises(BadToken):
        TokenSigner(KEY).read(text, 0)


def test_one_event_of_a_kind_for_each_answer_artifact_and_client() -> None:
    later = Grant("q_1_ab", "whisper", 1, "c0ffee", "agent", 2_000)
    assert later.event_id("click") == GRANT.event_id("click")
    others = [
        GRANT.event_id("success"),
        Grant("q_2_ab", "whisper", 2, "c0ffee", "human", 1_000).event_id("click"),
        Grant("q_1_ab", "other", 2, "c0ffee", "human", 1_000).event_id("click"),
        Grant("q_1_ab", "whisper", 2, "c1", "human", 1_000).event_id("click"),
    ]
    assert len({GRANT.event_id("click"), *others}) == 5

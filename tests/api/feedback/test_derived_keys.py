from api.feedback.derived_keys import CLIENTS, TOKENS, derived_key


def test_each_secret_and_purpose_has_a_key_of_its_own() -> None:
    keys = {derived_key(secret, purpose) for secret in (b"one", b"two") for purpose in (TOKENS, CLIENTS)}
    assert len(keys) == 4
    assert {len(key) for key in keys} == {32}
    assert derived_key(b"one", TOKENS) in keys

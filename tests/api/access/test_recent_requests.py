"""Idempotency keys: the same request again is none of a conflict, another one is, for a day."""

import pytest

from api.access import recent_requests
from api.access.recent_requests import KEPT_SECONDS, KeyReused, RecentRequests


def test_a_key_stands_for_one_content_until_a_day_has_passed() -> None:
    recent = RecentRequests()
    recent.check("key", "one", 0.0)
    recent.check("key", "one", 10.0)
    recent.check("other key", "two", 10.0)
    with pytest.raises(KeyReused):
        recent.check("key", "two", KEPT_SECONDS - 1)
    recent.check("key", "two", KEPT_SECONDS)


def test_the_oldest_keys_are_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent_requests, "MAX_KEPT", 2)
    recent = RecentRequests()
    for key in ("a", "b", "c"):
        recent.check(key, "one", 0.0)
    recent.check("a", "two", 1.0)
    with pytest.raises(KeyReused):
        recent.check("c", "two", 1.0)

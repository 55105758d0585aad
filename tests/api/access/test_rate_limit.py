"""Token buckets: a burst passes, a steady excess does not, and the caller learns when to come back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.access import rate_limit
from api.access.rate_limit import Allowance, RateLimiter, network_of


def test_a_minute_s_worth_passes_at_once_and_then_one_for_each_share_of_it() -> None:
    limiter = RateLimiter()
    burst = [limiter.take("a", 6, now=100.0) for _ in range(7)]
    assert [allowance.remaining for allowance in burst] == [5, 4, 3, 2, 1, 0, 0]
    assert [allowance.retry_seconds for allowance in burst] == [0] * 6 + [10]
    assert burst[6] == Allowance(limit=6, remaining=0, reset_seconds=60, retry_seconds=10)
    assert limiter.take("a", 6, now=109.9).retry_seconds == 1
    assert limiter.take("a", 6, now=110.9).retry_seconds == 0
    assert limiter.take("b", 6, now=110.9).remaining == 5


@given(gaps=st.lists(st.floats(0, 30), min_size=1, max_size=200), limit=st.integers(1, 100))
def test_no_minute_lets_more_pass_than_a_full_bucket_and_what_flows_in(gaps: list[float], limit: int) -> None:
    limiter, now, passed = RateLimiter(), 0.0, []
    for gap in gaps:
        now += gap
        if not limiter.take("a", limit, now).retry_seconds:
            passed.append(now)
    for start in passed:
        assert sum(start <= time <= start + 60 for time in passed) <= 2 * limit + 1e-6


@given(limit=st.integers(1, 1_000))
def test_who_waits_as_told_is_let_in(limit: int) -> None:
    limiter = RateLimiter()
    assert not any(limiter.take("a", limit, 0.0).retry_seconds for _ in range(limit))
    wait = limiter.take("a", limit, 0.0).retry_seconds
    assert wait > 0
    assert limiter.take("a", limit, wait).retry_seconds == 0


def test_only_so_many_callers_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "MAX_BUCKETS", 2)
    limiter = RateLimiter()
    for name in ("a", "b", "a", "c"):  # "b" is the one heard of longest ago
        limiter.take(name, 5, now=0.0)
    assert limiter.take("a", 5, now=0.0).remaining == 2
    assert limiter.take("b", 5, now=0.0).remaining == 4


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2::1", "2001:db8:1:2"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2"),
        ("not an address", "not an address"),
    ],
)
def test_what_counts_as_one_caller(address: str, network: str) -> None:
    assert network_of(address) == network

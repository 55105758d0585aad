"""Refused rows with reason and remedy."""

from api.render.quarantine import quarantine_page, replay_page
from tests.api.render.reading import lines


def test_quarantine_is_cut_at_the_limit_and_says_so() -> None:
    row = {
        "source": "a.jsonl",
        "line": 3,
        "format": "ubi-events",
        "reason": "no JSON",
        "remedy": "Repair.",
        "raw": '{"a',
    }
    shown = lines(quarantine_page([row, row, row], limit=1))
    assert "- a.jsonl:3 (ubi-events)" in shown
    assert "Reason: no JSON" in shown
    assert 'Row: {"a' in shown
    assert "2 more with --limit or --json." in shown
    assert "The quarantine is empty." in lines(quarantine_page([], limit=1))
    counts = {"tried": 3, "accepted": 1, "duplicates": 0, "still_quarantined": 2}
    (told,) = lines(replay_page({**counts, "unknown_ids": []}))
    assert told == ("Of 3 quarantined rows, 1 went to the ledger, 0 were there already and 2 stay in quarantine.")

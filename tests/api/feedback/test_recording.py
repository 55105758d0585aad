"""What is recorded of an answer and of what became of it, in the words of User Behavior Insights."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.feedback.recording import Feedback, granted_event
from api.feedback.tokens import Grant
from graph.home import Home

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
GRANT = Grant("q_1", "painter", 2, "client", "agent", int(NOW.timestamp()) + 60)


def test_a_search_is_recorded_with_a_token_for_each_place_and_without_the_address(tmp_path: Path) -> None:
    feedback = Feedback(Home(tmp_path), token_hours=1)
    served = feedback.served(
        "draw a cat", ["painter", "cutter"], client_id="c", actor="human", now=NOW, address="8.8.8.8"
    )
    grants = [feedback.signer.read(token, NOW.timestamp()) for token in served.tokens]
    assert [(grant.artifact_id, grant.position, grant.query_id) for grant in grants] == [
        ("painter", 1, served.query_id), ("cutter", 2, served.query_id)
    ]  # fmt: skip
    assert {grant.expires for grant in grants} == {NOW.timestamp() + 3600}
    (file,) = feedback.spool.close()
    text = file.read_text()
    assert "8.8.8.8" not in text
    record = json.loads(text)
    assert record["timestamp"] == "2026-11-01T12:00:00.000000Z"
    assert record["query_response_hit_ids"] == ["painter", "cutter"]
    assert record["client_ip"].startswith("hashed-address:")


@pytest.mark.parametrize("address", ["", "testclient", "10.0.0.1"])
def test_who_has_no_place_in_the_internet_has_none_in_the_record(tmp_path: Path, address: str) -> None:
    feedback = Feedback(Home(tmp_path), token_hours=1)
    feedback.served("draw a cat", [], client_id="c", actor="human", now=NOW, address=address)
    (file,) = feedback.spool.close()
    assert "client_ip" not in json.loads(file.read_text())


def test_success_and_failure_are_one_event_of_which_the_first_counts_and_a_click_is_another() -> None:
    success, failure, click = (granted_event(GRANT, action, NOW) for action in ("success", "failure", "click"))
    assert success.event_id == failure.event_id != click.event_id
    assert (success.action_name, failure.action_name) == ("success", "failure")
    assert click.event_attributes.object.object_id == "painter"
    assert click.event_attributes.position is not None
    assert click.event_attributes.position.ordinal == 2

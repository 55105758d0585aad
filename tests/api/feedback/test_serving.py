"""Answers as they go out: each hit with the token that stands for it, and for it alone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.feedback.recording import Feedback
from api.feedback.serving import Audience, served_resolution, served_search
from graph.home import Home
from graph.snapshot import Snapshot
from queries.answers.resolve import resolve
from queries.answers.search import search

TO = Audience("client", "agent", datetime(2026, 11, 1, tzinfo=UTC))


@pytest.fixture
def feedback(tmp_path: Path) -> Feedback:
    return Feedback(Home(tmp_path), token_hours=1)


def test_each_hit_has_the_token_of_its_place(feedback: Feedback, demo_snapshot: Snapshot) -> None:
    found = search(demo_snapshot, "segment street scenes", limit=3)
    served = served_search(feedback, found, TO)
    grants = [feedback.signer.read(hit.callback_token, TO.now.timestamp()) for hit in served.hits]
    assert [(grant.artifact_id, grant.position) for grant in grants] == [
        (hit.artifact_id, place) for place, hit in enumerate(found.hits, start=1)
    ]
    assert {(grant.query_id, grant.client_id, grant.actor) for grant in grants} == {
        (served.query_id, "client", "agent")
    }


def test_the_token_of_a_resolved_need_is_that_of_the_answer(feedback: Feedback, demo_snapshot: Snapshot) -> None:
    served = served_resolution(feedback, resolve(demo_snapshot, "segment street scenes", alternatives=2), TO)
    assert served.resolved is not None
    assert served.callback_token is not None
    grant = feedback.signer.read(served.callback_token, TO.now.timestamp())
    assert (grant.artifact_id, grant.position) == (served.resolved.artifact_id, 1)


def test_a_need_that_nothing_fits_has_no_token(feedback: Feedback, demo_snapshot: Snapshot) -> None:
    served = served_resolution(feedback, resolve(demo_snapshot, "zzyzx"), TO)
    assert (served.resolved, served.callback_token) == (None, None)
    assert served.query_id.startswith("resolve_")

"""An explanation is of what is named or of a search, and names files to the operator alone."""

import json

import pytest

from api.explaining import explained
from graph.errors import WrongUse
from graph.home import Home
from graph.ledger import Ledger
from graph.snapshot import Snapshot


@pytest.fixture
def ledger(demo_home: Home) -> Ledger:
    return Ledger.open(demo_home)


def test_the_kind_follows_from_what_is_given(demo_snapshot: Snapshot, ledger: Ledger) -> None:
    assert explained(demo_snapshot, ledger, "flux-1-pro", None)["kind"] == "artifact"
    assert explained(demo_snapshot, ledger, "flux-1-pro", "dall-e-3")["kind"] == "comparison"
    assert explained(demo_snapshot, ledger, None, query="draw a cat")["kind"] == "search"


def test_nothing_and_both_are_wrong_use(demo_snapshot: Snapshot, ledger: Ledger) -> None:
    with pytest.raises(WrongUse, match="or a query"):
        explained(demo_snapshot, ledger, None, None)
    with pytest.raises(WrongUse, match="or a query"):
        explained(demo_snapshot, ledger, "flux-1-pro", query="draw a cat")


def test_files_are_named_to_the_operator_alone(demo_snapshot: Snapshot, ledger: Ledger) -> None:
    own, told = (explained(demo_snapshot, ledger, "flux-1-pro", for_operator=may) for may in (True, False))
    assert "ubi_events.jsonl" in json.dumps(own, default=str)
    assert ".jsonl" not in json.dumps(told, default=str)

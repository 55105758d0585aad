from __future__ import annotations

import msgspec
import pytest

from graph.errors import UnknownName
from queries.answers.show import show
from tests.queries.rivals import rivals
from tests.queries.tables import artifact, snapshot

SNAPSHOT = rivals()


def test_a_page_holds_what_the_snapshot_holds() -> None:
    page = show(SNAPSHOT, "RoadSeg")
    assert page.artifact.artifact_id == "roadseg"
    assert page.figures == {"stars": 5_000, "downloads": 200_000, "likes": None}
    assert page.updated_at == "2026-10-02"
    assert [one["name"] for one in page.capabilities] == ["semantic segmentation", "video stabilisation"]
    assert [(one.concept_uri, one.artifacts) for one in page.concepts] == [("capability://semantic-segmentation", 2)]
    assert (page.evidence["times_matched"], page.evidence["successes"]) == (30, 18)
    assert (page.edge_count, page.edges[0]["times_matched"]) == (1, 30)
    assert page.alternatives[0].artifact_id == "cityseg"


def test_the_page_of_an_artifact_of_which_nothing_is_known() -> None:
    page = show(snapshot([artifact("a")]), "a")
    assert (page.artifact.rank, page.evidence["times_matched"], page.evidence["strength"]) == (None, 0, None)
    assert (page.capabilities, page.edges, page.alternatives, page.tags) == ([], [], [], [])


def test_the_page_is_plain_json() -> None:
    assert msgspec.json.decode(msgspec.json.encode(show(SNAPSHOT, "cityseg")))["artifact"]["name"] == "CitySeg XL"


def test_an_unknown_name() -> None:
    with pytest.raises(UnknownName):
        show(SNAPSHOT, "nobody")

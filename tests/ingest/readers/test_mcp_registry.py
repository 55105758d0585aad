from __future__ import annotations

import json

import pytest

from ingest.readers.mcp_registry import READER
from tests.ingest.reading import read_bytes
from tests.ingest.samples import SERVERS

META = "io.modelcontextprotocol.registry/official"


@pytest.mark.parametrize(
    "document",
    [SERVERS, {"servers": list(SERVERS)}, {"servers": [{"server": server} for server in SERVERS], "metadata": {}}],
    ids=["list", "old page", "page"],
)
def test_every_server_is_an_artifact(tmp_path, document):
    found = read_bytes(READER, tmp_path, json.dumps(document))
    first, second = found.records["artifacts"]
    assert (first["artifact_id"], first["name"], first["type"]) == ("io.example/kite", "io.example/kite", "mcp")
    assert first["url"] == "https://git.example/kite"
    assert first["extra"]["packages"] == SERVERS[0]["packages"]
    assert second["artifact_id"] == "io.example/owl"
    assert found.lines == {"artifacts": [1, 2]}


def test_dates_and_status_come_from_where_the_registry_puts_them(tmp_path):
    remarks = {
        META: {"publishedAt": "2025-09-01T00:00:00Z", "updatedAt": "2025-10-01T00:00:00Z", "status": "deprecated"}
    }
    old = {"id": "77", "name": "io.example/owl", "version_detail": {"version": "1", "release_date": "2025-05-16"}}
    rows = [{"server": {**SERVERS[0], "title": "Kite"}, "_meta": remarks}, old]
    found = read_bytes(READER, tmp_path, "\n".join(map(json.dumps, rows)))
    first, second = found.records["artifacts"]
    assert (first["name"], first["status"]) == ("Kite", "deprecated")
    assert (first["created_at"], first["revised_at"]) == ("2025-09-01T00:00:00Z", "2025-10-01T00:00:00Z")
    assert (second["created_at"], second["revised_at"]) == ("2025-05-16", "2025-05-16")
    assert second["extra"]["registry_id"] == "77"


@pytest.mark.parametrize(
    ("entry", "code"), [(5, "not-an-object"), ({"server": 5}, "wrong-type"), ({"description": "x"}, "missing-id"),
                        ({"name": 5.5}, "wrong-type"), ({"name": "x", "description": 5}, "wrong-type")]
)  # fmt: skip
def test_a_bad_entry_costs_only_itself(tmp_path, entry, code):
    found = read_bytes(READER, tmp_path, json.dumps({"servers": [entry, SERVERS[0]]}))
    assert found.codes == [(1, code)]
    assert found.lines == {"artifacts": [2]}

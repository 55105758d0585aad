"""What operators ask a server."""

import re
from pathlib import Path

from api.access.keys import create_key
from api.render.snapshots import snapshot_summary
from graph.home import Home
from graph.snapshot import Snapshot
from tests.api.http.serving import Client, Server, serving


def test_snapshots_say_all_times_in_one_form_as_the_command_does(client: Client, server: Server) -> None:
    (found,) = client.get("/v1/snapshots").json["snapshots"]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found[key]) for key in ("now", "published_at"))
    manifest = Snapshot.open(Home(server.home)).manifest
    summary = snapshot_summary(manifest, in_force=True)
    assert found == {key: summary[key] for key in found}


def test_metrics_are_for_this_machine_and_not_for_who_comes_through_a_proxy_on_it(own_home: Path) -> None:
    key, _ = create_key(Home(own_home), "operator", ["admin"], now_us=1)
    with serving(own_home) as server:
        client = server.client()
        assert client.get("/v1/ranks", limit=1).status == 200
        assert 'matchgraph_requests_total{method="GET",route="/v1/ranks",status="200"} 1.0' in (
            client.get("/metrics").text
        )
        forwarded = {"X-Forwarded-For": "203.0.113.7"}
        assert client.get("/metrics", forwarded).json["code"] == "key-needed"
        assert client.get("/metrics", {**forwarded, "X-API-Key": key}).status == 200

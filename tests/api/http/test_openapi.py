"""The server does what its OpenAPI document says, whatever it is sent: schemathesis, with all its checks."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.api.http.serving import Client, Server


def test_the_document_describes_every_address_with_its_problems(client: Client) -> None:
    document = client.get("/openapi.json").json
    assert document["openapi"].startswith("3.1")
    assert {"/v1/search", "/v1/resolve", "/v1/compare", "/api/v1/search", "/api/feedback"} <= set(document["paths"])
    assert "ProblemDocument" in document["components"]["schemas"]
    assert "ServedSearch" in json.dumps(document["paths"]["/v1/search"])


def test_schemathesis_finds_nothing(server: Server) -> None:
    found = subprocess.run(
        [str(Path(sys.executable).with_name("schemathesis")), "run", f"http://127.0.0.1:{server.port}/openapi.json",
         "--checks", "all", "--max-examples", "8", "--seed", "7", "--request-timeout", "30",
         "--phases", "examples,coverage,fuzzing,stateful",
         "--no-color", "--generation-database", "none"],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "tests.api.http.schemathesis_hooks"},
    )  # fmt: skip
    assert found.returncode == 0, found.stdout[-6_000:] + found.stderr[-2_000:]

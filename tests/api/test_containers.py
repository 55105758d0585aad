"""The files for containers name what exists. They are not built here: that needs a container engine."""

import re
from pathlib import Path
from typing import Any

import yaml

from api.settings import PREFIX, Settings
from tests.api.http.serving import Client

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
NO_SETTINGS = {"MATCHGRAPH_HOME", "MATCHGRAPH_NEO4J_PASSWORD"}


def test_the_variables_are_settings() -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields} | NO_SETTINGS
    named = set(re.findall(r"MATCHGRAPH_[A-Z0-9_]+", DOCKERFILE)) | set(COMPOSE["services"]["app"]["environment"])
    assert named <= known


def test_the_image_has_what_it_needs_and_nothing_else() -> None:
    taken = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE)
    assert [name for name in taken if not (ROOT / name).exists()] == []
    built = re.search(r"^packages = \[(.*)\]$", (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert built is not None
    assert set(re.findall(r'"(\w+)"', built[1])) <= set(taken)


def test_the_program_has_no_rights_and_no_port_is_open_to_the_world() -> None:
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE) == ["10001"]
    for service in COMPOSE["services"].values():
        assert service["cap_drop"] == ["ALL"]
        assert all(port.startswith("127.0.0.1:") for port in service["ports"])


def test_the_health_check_asks_what_is_answered(client: Client) -> None:
    path = re.search(r"http://127\.0\.0\.1:8000(/\w+)", DOCKERFILE)
    assert path is not None
    assert client.get(path[1]).status == 200

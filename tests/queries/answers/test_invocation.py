from __future__ import annotations

import json
from typing import Any

import pytest

from queries.answers.invocation import invocation


def how(kind: str = "mcp", capability: dict[str, Any] | None = None, **extra: Any) -> tuple[str | None, str | None]:
    found = invocation({"type": kind, "extra": json.dumps(extra)}, capability)
    return found.snippet, found.source


@pytest.mark.parametrize(
    ("extra", "found"),
    [
        ({"execution": {"command": "run me", "endpoint": "https://a.example"}}, ("run me", "execution.command")),
        ({"execution": {"endpoint": "https://a.example"}, "remotes": []}, ("https://a.example", "execution.endpoint")),
        ({"packages": [{"registryType": "npm", "identifier": "@maker/tool"}]}, ("npx -y @maker/tool", "packages")),
        ({"packages": [{"registry_type": "pypi", "name": "tool"}]}, ("uvx tool", "packages")),
        ({"packages": ["x", {"registryType": "oci", "identifier": "a/b:1"}]}, ("docker run -i --rm a/b:1", "packages")),
        ({"packages": [{"registryType": "other", "identifier": "tool"}]}, (None, None)),
        ({"remotes": [{"url": "https://b.example/mcp"}]}, ("https://b.example/mcp", "remotes")),
        ({"remotes": [{"url": "javascript:alert(1)"}, {"url": 7}, 8]}, (None, None)),
        ({"execution": [], "packages": {}, "remotes": "x"}, (None, None)),
        ({}, (None, None)),
    ],
)
def test_the_first_that_the_source_states_counts(extra: dict[str, Any], found: tuple[str | None, str | None]) -> None:
    assert how(**extra) == found


@pytest.mark.parametrize("name", ["--privileged", "tool; rm -rf x", "$(id)", "a b", "a\nb", "tool|cat", "tøol", ""])
def test_no_identifier_becomes_an_option_or_a_second_command(name: str) -> None:
    assert how(packages=[{"registryType": "npm", "identifier": name}]) == (None, None)


def test_protocol_requirements_and_keys_are_those_stated() -> None:
    extra = json.dumps({"execution": {"protocol": "https", "auth_method": "api_key"}})
    found = invocation({"type": "mcp", "extra": extra}, {"requires": ["a key"]})
    assert (found.protocol, found.auth_method, found.requires) == ("https", "api_key", ["a key"])
    assert invocation({"type": "mcp", "extra": None}, None).protocol == "mcp"
    assert invocation({"type": "model", "extra": "no JSON"}, {"requires": None}).protocol is None

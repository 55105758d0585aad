"""How an artifact is used, as far as its source says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from queries.answers.extra_fields import object_of, objects_of, text_of

Row = Mapping[str, Any]

_RUNNERS: Final = {"npm": "npx -y {}", "pypi": "uvx {}", "oci": "docker run -i --rm {}"}
_PLAIN_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9@][A-Za-z0-9@/._:-]*")
"""What cannot be taken for an option or a second command when it becomes part of one."""


class Invocation(msgspec.Struct, frozen=True, kw_only=True):
    """How to use an artifact, as far as its source says. Nothing of it was tried, and nothing is run."""

    protocol: str | None
    """mcp, http, https, stdio, websocket or grpc; None if the source does not say."""
    snippet: str | None
    """A command or an address; text from the source."""
    requires: list[str]
    auth_method: str | None
    source: str | None
    """From which field of the source it comes."""


def invocation(artifact: Row, capability: Row | None) -> Invocation:
    """Return how the source says that an artifact is used: a manifest's execution block, else a registry's packages
    or remotes, else nothing."""
    extra = object_of(artifact["extra"])
    execution = object_of(extra.get("execution"))
    snippet, source = _snippet(extra, execution)
    requires = (capability["requires"] or []) if capability is not None else []
    protocol = text_of(execution.get("protocol"))
    if protocol is None and artifact["type"] == "mcp":
        protocol = "mcp"
    return Invocation(
        protocol=protocol,
        snippet=snippet,
        requires=list(requires),
        auth_method=text_of(execution.get("auth_method")),
        source=source,
    )


def _snippet(extra: Row, execution: Row) -> tuple[str | None, str | None]:
    for name in ("command", "endpoint", "url"):
        if (found := text_of(execution.get(name))) is not None:
            return found, f"execution.{name}"
    for package in objects_of(extra.get("packages")):
        runner = _RUNNERS.get(str(package.get("registryType") or package.get("registry_type") or ""))
        identifier = text_of(package.get("identifier") or package.get("name"))
        if runner and identifier and _PLAIN_IDENTIFIER.fullmatch(identifier):
            return runner.format(identifier), "packages"
    for remote in objects_of(extra.get("remotes")):
        if (found := text_of(remote.get("url"))) is not None and found.startswith(("https://", "http://")):
            return found, "remotes"
    return None, None

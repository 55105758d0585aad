"""Which matchgraph this is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def code_version() -> str:
    """Return the version of the installed matchgraph; of a bare checkout "not installed"."""
    try:
        return version("matchgraph")
    except PackageNotFoundError:
        return "not installed"

"""Checks of the installation and of a home. Each finding says what was looked at, what was found, what to do."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

import msgspec

from api.settings import Settings, load_settings
from graph.errors import MatchgraphError
from graph.home import Home
from graph.ledger import Ledger
from graph.phrasing import counted
from graph.schemas import LEDGER_TABLES
from graph.snapshot import Snapshot, current_id
from queries.recompute import check_written, written_by_people
from queries.text.encoders.contract import BUILT_IN, full_name, open_encoder

DISTRIBUTION: Final = "matchgraph"
PACKAGES: Final = ("graph", "ingest", "queries", "api")
FACT_TABLES: Final = ("artifacts", "capabilities", "searches", "events", "outcomes")
OLDEST_PYTHON: Final = (3, 11)

Status = Literal["good", "note", "problem"]


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at. `remedy` is empty unless there is something to do."""

    subject: str
    status: Status
    text: str
    remedy: str = ""


class Diagnosis(msgspec.Struct, frozen=True):
    """All findings; `healthy` is false if one of them is a problem."""

    home: str
    healthy: bool
    findings: list[Finding]


def diagnose(home: Home, environment: Mapping[str, str]) -> Diagnosis:
    """Look at the installation and at a home. Reads every file of the current snapshot once."""
    findings = [*installation_findings(), *home_findings(home, environment)]
    healthy = all(finding.status != "problem" for finding in findings)
    return Diagnosis(str(home.path), healthy, findings)


def installation_findings() -> Iterator[Finding]:
    """Look at Python, at the libraries, and for other software that takes the names of our packages."""
    version = platform.python_version()
    if sys.version_info[:2] >= OLDEST_PYTHON:
        yield Finding("Python", "good", version)
    else:
        yield Finding("Python", "problem", f"{version} is too old", "Install Python 3.11 or later.")
    yield from _library_findings()
    yield from name_findings(metadata.packages_distributions(), Path(__file__).resolve().parents[1])


def _library_findings() -> Iterator[Finding]:
    try:
        requirements = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        yield Finding("matchgraph", "note", "runs from a checkout, not installed", "For the script: make setup")
        return
    yield Finding("matchgraph", "good", metadata.version(DISTRIBUTION))
    for requirement in requirements:
        name = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
        if "extra ==" in requirement:
            continue
        try:
            yield Finding(name, "good", metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Finding(name, "problem", f"is missing ({requirement})", f"Run: python -m pip install '{requirement}'")


def name_findings(providers: Mapping[str, list[str]], root: Path) -> Iterator[Finding]:
    """Look for others that provide packages called graph, ingest, queries or api.

    `providers` maps top-level packages to the distributions that install them; `root` is the folder of ours.
    A distribution of the same package name silently replaces ours, or is replaced by it.
    """
    clean = True
    for package in PACKAGES:
        others = sorted(set(providers.get(package, [])) - {DISTRIBUTION})
        if others:
            clean = False
            text = f"{', '.join(others)} also installs a package called {package!r}"
            yield Finding("package names", "problem", text, "Install matchgraph in an environment of its own.")
        place = find_spec(package)
        if place is not None and place.origin and Path(place.origin).resolve().parent.parent != root:
            clean = False
            text = f"{package!r} is imported from {place.origin}, not from {root}"
            yield Finding("package names", "problem", text, "Rename or move that file, or start elsewhere.")
    if clean:
        yield Finding("package names", "good", "graph, ingest, queries and api are ours")


def home_findings(home: Home, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Look at the ledger, the settings and the snapshot of a home; `environment`: of the process."""
    if not home.has_ledger:
        remedy = "Run: matchgraph ingest PATH..., or: matchgraph demo"
        yield Finding("home", "note", f"{home.path} holds no data yet", remedy)
        return
    try:
        ledger = Ledger.open(home)
        yield from _ledger_findings(home, ledger)
        settings, origins = load_settings(home.path, environment)
        given = [name for name, found in origins.items() if found.origin != "default"]
        yield Finding("settings", "good", ", ".join(given) or "the defaults")
        check_written(home)
        yield from _snapshot_findings(home, ledger, settings)
    except MatchgraphError as error:
        yield Finding("home", "problem", str(error))


def _ledger_findings(home: Home, ledger: Ledger) -> Iterator[Finding]:
    counts = ", ".join(f"{ledger.count(name):,} {name}" for name in LEDGER_TABLES if name != "quarantine")
    yield Finding("ledger", "good", counts)
    quarantined = ledger.count("quarantine")
    if quarantined:
        remedy = "See: matchgraph quarantine list"
        yield Finding("quarantine", "note", f"{counted(quarantined, 'row')} could not be read", remedy)
    else:
        yield Finding("quarantine", "good", "empty")
    home.secret()
    yield Finding("pseudonym key", "good", str(home.path / "secret.key"))


def _snapshot_findings(home: Home, ledger: Ledger, settings: Settings) -> Iterator[Finding]:
    if current_id(home) is None:
        yield Finding("snapshot", "note", "there is none yet", "Run: matchgraph recompute")
        return
    snapshot = Snapshot.open(home)
    damages = snapshot.damages()
    for damage in damages:
        remedy = "Run: matchgraph recompute (or: matchgraph snapshots rollback)"
        yield Finding("snapshot", "problem", damage, remedy)
    if not damages:
        text = f"{snapshot.id}: {len(snapshot.manifest.checksums)} files agree with their checksums"
        yield Finding("snapshot", "good", text)
    yield _encoder_finding(snapshot)
    yield _freshness_finding(snapshot, ledger)
    yield from _unheard_findings(home, snapshot, settings)
    orphans = snapshot.manifest.parameters.get("orphan_events")
    if orphans:
        remedy = "Import the log of searches that belongs to them."
        yield Finding("orphan events", "note", f"{orphans:,} events belong to no known search", remedy)


def _freshness_finding(snapshot: Snapshot, ledger: Ledger) -> Finding:
    then, now = snapshot.manifest.ledger_versions, ledger.versions()
    changed = [name for name in FACT_TABLES if then.get(name) != now.get(name)]
    if changed:
        text = f"the ledger has new {', '.join(changed)} since snapshot {snapshot.id}"
        return Finding("freshness", "note", text, "Run: matchgraph recompute")
    return Finding("freshness", "good", "the snapshot holds everything in the ledger")


def _encoder_finding(snapshot: Snapshot) -> Finding:
    name = snapshot.manifest.parameters["encoder"]
    try:
        open_encoder(name)
    except MatchgraphError as error:
        remedy = "Install it for whoever searches, or run: matchgraph recompute"
        return Finding("encoder", "problem", f"the snapshot cannot be searched: {error}", remedy)
    return Finding("encoder", "good", "the built-in one" if name == BUILT_IN else name)


def _unheard_findings(home: Home, snapshot: Snapshot, settings: Settings) -> Iterator[Finding]:
    """Say what people wrote into the home that the snapshot does not know yet."""
    published = datetime.fromisoformat(snapshot.manifest.created_at).timestamp()
    later = [file.name for file in written_by_people(home) if file.exists() and file.stat().st_mtime > published]
    if later:
        text = f"{' and '.join(later)} changed after the snapshot in force was published"
        yield Finding("freshness", "note", text, "Run: matchgraph recompute")
    wanted = {"k_anonymity": settings.k_anonymity, "encoder": full_name(settings.encoder_name)}
    for name, value in wanted.items():
        used = snapshot.manifest.parameters[name]
        if used != value:
            text = f"the snapshot in force was computed with {name} {used}, not {value}"
            yield Finding("settings", "note", text, f"Set {name} for the home, or run: matchgraph recompute")

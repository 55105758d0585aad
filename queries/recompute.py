"""The recompute job: from the facts of the ledger to a published snapshot. A pure function of ledger, time and code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Any, Final

import narwhals as nw
import pyarrow as pa

from graph.home import Home
from graph.ledger import Ledger
from graph.snapshot import Snapshot, publish
from queries import inferred, intents, strength
from queries.catalogue import artifact_table, capability_table
from queries.concepts import concepts
from queries.engine import Engine, open_engine
from queries.fit_confidence import fit_confidence
from queries.inferred import TextMatcher
from queries.match_evidence import match_evidence
from queries.matching import Matcher, text_matcher
from queries.rank import rank_all
from queries.rank_weights import load_weights
from queries.related import related_all
from queries.similarity import capability_pairs
from queries.spelling import catalogue_spelling
from queries.text_index import build_text_index

SIMULATED_MARK: Final = "simulat"
"""An application with this in its name says of itself that its log is simulated."""

Report = Callable[[str], None]


def recompute(
    home: Home,
    *,
    now_us: int,
    engine: str = "duckdb",
    full: bool = False,  # noqa: ARG001  Every run is a full one; there is nothing yet that could be reused.
    report: Report | None = None,
    published_at: datetime | None = None,
) -> Snapshot:
    """Compute every answer as of `now_us` (microseconds since 1970), publish them, return the snapshot.

    Facts dated after `now_us` are left out; undated ones always count. `report` gets a sentence at the start of every
    step. `published_at` (default: the present) goes into the manifest and nowhere else. Raises `NothingThere` for an
    empty home, `WrongUse` for an unknown engine. A failure leaves the snapshot in force as it was.
    """
    say = report or _silent
    ledger = Ledger.open(home)
    with open_engine(engine, ledger.files, home.scratch_path) as opened, _scratch(home) as scratch:
        tables, parameters = compute_tables(opened, now_us, scratch, say)
        say("Publishing the snapshot")
        return publish(
            home,
            tables,
            now_us=now_us,
            parameters=parameters,
            ledger_versions=ledger.versions(),
            code_version=code_version(),
            published_at=published_at or datetime.now(UTC),
            add_files=lambda folder: _copy_index(scratch, folder),
        )


def compute_tables(
    engine: Engine, now_us: int, scratch: Path, report: Report
) -> tuple[dict[str, pa.Table], dict[str, Any]]:
    """Compute the tables of `graph.snapshot_schemas` and the parameters of the manifest.

    The text index is left in the folder `scratch`/text.
    """
    index = scratch / "text"
    report("Bringing descriptions together")
    artifacts, capabilities = artifact_table(engine), capability_table(engine)

    def make_matcher(tables: dict[str, pa.Table]) -> TextMatcher:
        report("Building the text index")
        logged = (tables[name] for name in ("edges", "intents", "text_intents", "judgments"))
        build_text_index(index, artifacts, capabilities, *logged)
        fit_confidence(index)
        return text_matcher(Matcher.open(index))

    spelling = catalogue_spelling(artifacts, capabilities, scratch / "spelling")
    evidence = match_evidence(engine, now_us, artifacts, capabilities, make_matcher, report, spelling)
    tables = {"artifacts": artifacts, "capabilities": capabilities, **evidence.tables}
    report("Comparing capabilities")
    tables["capability_pairs"] = capability_pairs(capabilities)
    tables["concepts"] = concepts(capabilities, tables["capability_pairs"])
    report("Ranking artifacts")
    tables["ranks"], tables["rank_parts"] = rank_all(
        artifacts, capabilities, tables["evidence"], tables["concepts"], now_us
    )
    report("Finding alternatives")
    tables["related"] = related_all(
        artifacts, capabilities, tables["capability_pairs"], tables["edges"], tables["evidence"], evidence.together
    )
    return tables, {**_methods(), **evidence.report, "simulated_applications": simulated_applications(engine)}


def simulated_applications(engine: Engine) -> list[str]:
    """Return the applications whose log is simulated, by their own name, sorted."""
    named = engine.table("searches").select("application").unique()
    found = engine.arrow(
        named.filter(nw.col("application").str.to_lowercase().str.contains(SIMULATED_MARK, literal=True))
    )
    return sorted(found["application"].to_pylist())


def code_version() -> str:
    """Return the version of the installed matchgraph; of a bare checkout "not installed"."""
    try:
        return version("matchgraph")
    except PackageNotFoundError:
        return "not installed"


def _methods() -> dict[str, Any]:
    return {
        "intents": intents.METHOD,
        "strength": strength.METHOD,
        "rank": load_weights().method,
        "inferred_min_confidence": inferred.MIN_CONFIDENCE,
        "inferred_limit": inferred.LIMIT,
    }


def _copy_index(scratch: Path, folder: Path) -> None:
    copytree(scratch / "text", folder / "text")


@contextmanager
def _scratch(home: Home) -> Iterator[Path]:
    """Give a folder inside the home that is gone afterwards."""
    home.scratch_path.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="recompute-", dir=home.scratch_path) as folder:
        yield Path(folder)


def _silent(_sentence: str) -> None:
    """Report nothing."""

"""The recompute job: from the facts of the ledger to a published snapshot. A pure function of ledger, time and code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import TemporaryDirectory
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from filelock import Timeout

from graph.code_version import code_version
from graph.erased import erased_clients
from graph.errors import MatchgraphError
from graph.home import Home
from graph.ledger import Ledger
from graph.snapshot import Snapshot, publish
from queries.alternatives import co_match, concept_review, duplicate_review
from queries.alternatives.concept_review import reviewed
from queries.alternatives.concepts import concept_aliases, concepts
from queries.alternatives.duplicate_review import reviewed_duplicates
from queries.alternatives.duplicates import duplicates, surely_same
from queries.alternatives.related import related_all
from queries.alternatives.review_file import NO_REVIEW, Review, read_review
from queries.counting import inferred, intents
from queries.counting.as_of import AsOf
from queries.counting.catalogue import artifact_table, capability_names, capability_table
from queries.counting.engine import Engine
from queries.counting.engines import open_engine
from queries.counting.inferred import TextMatcher
from queries.counting.kept_counts import KeptCounts
from queries.counting.limits import UNLIMITED, Limits
from queries.counting.simulated import simulated_applications
from queries.counting.withholding import K_ANONYMITY, judged_texts, published_text_intents, withhold_labels
from queries.evidence import head_to_head, strength
from queries.evidence.match_evidence import match_evidence
from queries.evidence.one_thing import heads_in
from queries.ranking.rank import listed_names, rank_all
from queries.ranking.rank_weights import RankWeights, load_weights, types_of_nothing
from queries.retrieval.build_index import build_text_index, withhold_texts
from queries.retrieval.fit_to_log import fit_to_log
from queries.retrieval.judged import judged_needs
from queries.retrieval.matching import text_matches
from queries.retrieval.text_index import OBJECTS
from queries.text.capability_similarity import capability_pairs
from queries.text.encoders.contract import BUILT_IN, full_name, open_encoder
from queries.text.index_files import map_columns
from queries.text.spelling import catalogue_spelling

Report = Callable[[str], None]

_REVIEWS: Final = (concept_review, duplicate_review)


def written_by_people(home: Home) -> list[Path]:
    """Return the files of a home that people write and `recompute` reads, whether they are there or not."""
    return [home.rank_weights_path, *(home.path / each.FILE for each in _REVIEWS)]


def check_written(home: Home) -> None:
    """Raise `BadInput`, as `recompute` does, for what people wrote into a home and cannot be read."""
    _rank_weights(home, None)
    _reviews(home)


def recompute(
    home: Home,
    *,
    now_us: int,
    as_of_us: int | None = None,
    engine: str = "duckdb",
    limits: Limits = UNLIMITED,
    k_anonymity: int = K_ANONYMITY,
    weights: Path | None = None,
    encoder: str = BUILT_IN,
    full: bool = False,
    report: Report | None = None,
    published_at: datetime | None = None,
) -> Snapshot:
    """Compute every answer as of `now_us` (microseconds since 1970), publish them, return the snapshot.

    Facts dated after `now_us` are left out; undated ones always count. `as_of_us` (microseconds since 1970): only what
    was imported by then is read. `limits`: what the engine may take of the machine; they change no answer.
    `k_anonymity`: so many distinct clients must have asked before a query text is shown.
    `weights`: a file with own weights of the rank (default: `rank_weights.toml` of the home, if there is one).
    `encoder`: short name or `module:object` of the encoder of meanings, see `queries.text.encoders.contract`.
    `full`: use nothing that an earlier run has kept; the snapshot is the same. `report` gets a sentence at the start of
    every step. `published_at` (default: the present) goes into the manifest and nowhere else. Raises `NothingThere`
    for an empty home, `WrongUse` for an unknown engine or encoder. A failure leaves the snapshot in force as it was.
    """
    say = report or _silent
    encoder = full_name(encoder)
    open_encoder(encoder)
    erased = erased_clients(home)
    ledger = Ledger.open(home)
    with open_engine(engine, ledger.files, home.scratch_path, limits) as opened, _scratch(home) as scratch:
        reading = opened if as_of_us is None else AsOf(opened, as_of_us)
        keep = engine == "duckdb" and as_of_us is None
        with _counts_folder(home, scratch, erased, keep=keep, full=full) as folder:
            kept = KeptCounts(folder, ledger.files, say, lasting=folder == home.state_path)
            of_rank = _rank_weights(home, weights)
            tables, parameters = compute_tables(
                reading, now_us, scratch, kept, say, k_anonymity, of_rank, encoder, *_reviews(home)
            )
        if as_of_us is not None:
            parameters["as_of_us"] = as_of_us
        say("Publishing the snapshot")
        with _nobody_erased_since(home, erased):
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
    engine: Engine,
    now_us: int,
    scratch: Path,
    kept: KeptCounts,
    report: Report,
    k_anonymity: int = K_ANONYMITY,
    weights: RankWeights | None = None,
    encoder: str = BUILT_IN,
    review: Review = NO_REVIEW,
    duplicate_review: Review = NO_REVIEW,
) -> tuple[dict[str, pa.Table], dict[str, Any]]:
    """Compute the tables of `graph.snapshot_schemas` and the parameters of the manifest.

    The text index is left in the folder `scratch`/text. `kept`: counts of earlier runs. `k_anonymity` as in
    `recompute`; `weights` of the rank, by default the packaged ones; `encoder` as in `recompute`; `review` and
    `duplicate_review`: what people corrected about capabilities and about artifacts.
    """
    report("Bringing descriptions together")
    artifacts, capabilities = artifact_table(engine), capability_table(engine)

    def make_matcher(tables: dict[str, pa.Table]) -> TextMatcher:
        report("Building the text index")
        return _text_matcher(scratch, artifacts, capabilities, tables, encoder)

    report("Comparing capabilities")
    pairs = reviewed(capability_pairs(capabilities), capabilities, review)
    twins = reviewed_duplicates(duplicates(artifacts, capabilities, pairs), artifacts, duplicate_review)
    same = surely_same(twins)

    def listing(evidence: pa.Table) -> dict[str, str]:
        return listed_names(same, artifacts, capabilities, evidence, now_us, weights)

    spelling = catalogue_spelling(artifacts, capabilities, scratch / "spelling")
    with engine.passing():  # what follows needs the room
        evidence = match_evidence(
            engine, now_us, artifacts, capabilities, make_matcher, report, kept, spelling, listing
        )
    tables = {"artifacts": artifacts, "capabilities": capabilities, **evidence.tables}
    tables |= {"capability_pairs": pairs, "duplicates": twins}
    tables |= _published_needs(engine, tables, k_anonymity)
    withhold_texts(scratch / "text", tables["intents"], scratch / "spelling")
    co_match.write_co_match(scratch / co_match.FOLDER, tables["edges"])
    report("Ranking artifacts")
    for kind in types_of_nothing(weights, artifacts.column("type").to_pylist()) if weights else ():
        report(f"The weights name the type {kind!r}, which no artifact has")
    tables |= _concepts(engine, capabilities, pairs)
    tables["ranks"], tables["rank_parts"] = rank_all(
        artifacts, capabilities, tables["evidence"], tables["concepts"], now_us, weights, tables["one_thing"]
    )
    report("Finding alternatives")
    tables["related"] = related_all(
        *(artifacts, capabilities, pairs, tables["edges"], tables["evidence"]),
        intents=tables["intents"],
        together=evidence.together,
        duplicates=twins,
        encode=open_encoder(encoder).encode,
        listed=heads_in(tables["one_thing"]),
    )
    parameters = {**_methods(weights or load_weights()), **evidence.report, "k_anonymity": k_anonymity}
    return tables, {**parameters, "encoder": encoder, "simulated_applications": simulated_applications(engine)}


def _concepts(engine: Engine, capabilities: pa.Table, pairs: pa.Table) -> dict[str, pa.Table]:
    """Return the tables concepts and concept_aliases, by the names that capabilities bear and once bore."""
    names = capability_names(engine)
    found = concepts(capabilities, pairs, names)
    return {"concepts": found, "concept_aliases": concept_aliases(found, names)}


def _published_needs(engine: Engine, tables: dict[str, pa.Table], k_anonymity: int) -> dict[str, pa.Table]:
    """Return the tables intents and text_intents without the texts of too few clients."""
    judged, texts = judged_texts(engine), tables["text_intents"]
    shown = withhold_labels(tables["intents"], texts, judged, k_anonymity)
    return {"intents": shown, "text_intents": published_text_intents(texts, shown, judged)}


def _text_matcher(
    scratch: Path, artifacts: pa.Table, capabilities: pa.Table, tables: dict[str, pa.Table], encoder: str
) -> TextMatcher:
    """Build the index in `scratch`/text from what the catalogue and the log say; return what matches texts with it."""
    index = scratch / "text"
    logged = {name: tables[name] for name in ("edges", "intents", "text_intents", "judgments", "evidence")}
    needs, clients = (pc.sum(tables["choosers"][name]).as_py() or 0 for name in ("needs", "clients"))
    words = scratch / "spelling"
    build_text_index(index, artifacts, capabilities, **logged, encoder=encoder, spelled=words, clients=clients or None)
    judged = judged_needs(tables["judgments"], tables["intents"], map_columns(index / OBJECTS))
    fit_to_log(index, needs / max(clients, 1), judged)
    return partial(text_matches, index)


def _rank_weights(home: Home, path: Path | None) -> RankWeights:
    own = home.rank_weights_path
    return load_weights(path or (own if own.exists() else None))


def _reviews(home: Home) -> list[Review]:
    return [read_review(home.path / each.FILE, each.IDS) for each in _REVIEWS]


def _methods(weights: RankWeights) -> dict[str, Any]:
    return {
        "intents": intents.METHOD,
        "strength": strength.METHOD,
        "head_to_head": head_to_head.METHOD,
        "rank": weights.method,
        "inferred_min_confidence": inferred.MIN_CONFIDENCE,
        "inferred_limit": inferred.LIMIT,
    }


def _copy_index(scratch: Path, folder: Path) -> None:
    copytree(scratch / "text", folder / "text")
    copytree(scratch / co_match.FOLDER, folder / co_match.FOLDER)


@contextmanager
def _counts_folder(home: Home, scratch: Path, erased: frozenset[str], *, keep: bool, full: bool) -> Iterator[Path]:
    """Give the folder of the counts that are kept from run to run.

    A run that must not use them, or comes upon another one at work, gets a folder that is gone afterwards. If somebody
    is erased meanwhile nothing is kept.
    """
    lock = home.lock("state")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        keep = False
    try:
        if full and keep:
            rmtree(home.state_path, ignore_errors=True)
        yield home.state_path if keep else scratch / "counts"
    finally:
        if keep and erased_clients(home) != erased:
            rmtree(home.state_path, ignore_errors=True)
        lock.release()


@contextmanager
def _nobody_erased_since(home: Home, erased: frozenset[str]) -> Iterator[None]:
    """Publish only what holds no rows of clients that were erased meanwhile; an erasure waits until it is published."""
    with home.lock("ledger"):
        if erased_clients(home) != erased:
            raise MatchgraphError("A client was erased while this ran, so nothing was published. Run it again.")
        yield


@contextmanager
def _scratch(home: Home) -> Iterator[Path]:
    """Give a folder inside the home that is gone afterwards."""
    home.scratch_path.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="recompute-", dir=home.scratch_path) as folder:
        yield Path(folder)


def _silent(_sentence: str) -> None:
    """Report nothing."""

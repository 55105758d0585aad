"""`matchgraph recompute`: from the ledger to a new snapshot."""

from __future__ import annotations

import os
from pathlib import Path

import click

from api.cli.clock import clock_us, end_of_today_us, time_option
from api.cli.declaring import command, json_option
from api.cli.output import emit, emit_json, tell
from api.cli.session import Session, pass_session


@command(
    "recompute",
    examples=["recompute", "recompute --now 2026-11-01T00:00:00Z --json", "recompute --as-of 2026-10-01"],
)
@click.option(
    "--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", help="What runs the job (default: duckdb)."
)
@click.option(
    "--memory",
    metavar="SIZE",
    help="What DuckDB may hold before it spills to the home, as 800MB or 4GB (default: 1500MB).",
)
@click.option(
    "--threads", type=click.IntRange(min=1), metavar="N", help="Threads of DuckDB (default: one for each core)."
)
@click.option("--full", is_flag=True, help="Compute everything anew, from the first fact on.")
@time_option("--now", "Compute as of this time; later facts are left out (default: the end of today, UTC).")
@time_option("--as-of", "Read only what was imported by this time; --now is then this time by default.")
@click.option(
    "--k-anonymity",
    type=click.IntRange(min=1),
    metavar="K",
    help="Show a query text only if at least K distinct clients asked (default: the setting k_anonymity, 5).",
)
@click.option(
    "--weights",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Own weights of the rank (TOML; default: rank_weights.toml in the home, if there is one).",
)
@click.option(
    "--encoder",
    metavar="NAME",
    help="What turns texts into vectors: minilm (an extra), or MODULE:OBJECT of an installed package (default: the "
    "setting encoder, else the one that comes with matchgraph).",
)
@json_option()
@pass_session
def recompute(
    session: Session,
    engine: str,
    memory: str | None,
    threads: int | None,
    full: bool,
    now: int | None,
    as_of: int | None,
    k_anonymity: int | None,
    weights: Path | None,
    encoder: str | None,
    as_json: bool,
) -> None:
    """Compute intents, match edges, ranks and alternatives from the ledger and publish them as a snapshot.

    The old snapshot stays in force until the new one is complete. Equal facts and an equal --now give an equal
    snapshot.
    """
    from api.feedback.importing import import_spools
    from api.settings import load_settings
    from queries.counting.limits import Limits
    from queries.recompute import recompute as run_job

    settings, _ = load_settings(session.home.path, os.environ, {"k_anonymity": k_anonymity, "encoder": encoder})
    if imported := import_spools(session.home, now_us=clock_us()):
        tell(f"{imported:,} searches and events that servers had gathered were imported.")

    now_us = next((time for time in (now, as_of) if time is not None), None)
    snapshot = run_job(
        session.home,
        now_us=end_of_today_us() if now_us is None else now_us,
        as_of_us=as_of,
        engine=engine,
        limits=Limits(memory, threads),
        k_anonymity=settings.k_anonymity,
        weights=weights,
        encoder=settings.encoder_name,
        full=full,
        report=tell,
    )
    if as_json:
        from api.render.snapshots import snapshot_summary

        emit_json(snapshot_summary(snapshot.manifest, in_force=True))
        return
    from api.render.snapshots import snapshot_page
    from api.render.text import text_page

    emit(text_page(snapshot_page(snapshot.manifest)))

"""`matchgraph snapshots`: list, compare and go back to earlier sets of answers."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli.declaring import group, json_option, limit_option, plot_option, subcommand
from api.cli.output import emit, emit_json, plain
from api.cli.session import Session, pass_session


@group("snapshots", examples=["snapshots list"])
def snapshots() -> None:
    """List snapshots, see what changed between two, or put an earlier one in force."""


@subcommand(snapshots, "list", examples=["snapshots list --json"])
@json_option()
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """List all snapshots, the newest publication first."""
    from graph.errors import NothingThere
    from graph.snapshot import current_id, list_snapshots

    manifests, in_force = list_snapshots(session.home), current_id(session.home)
    if not manifests:
        raise NothingThere(f"{session.home_path} holds no snapshot yet. Run: matchgraph recompute")
    from api.render.snapshots import snapshot_summary, snapshots_page

    if as_json:
        found = [snapshot_summary(each, in_force=each.snapshot_id == in_force) for each in manifests]
        emit_json({"snapshots": found})
        return
    from api.render.text import text_page

    emit(text_page(snapshots_page(manifests, in_force)))


@subcommand(snapshots, "rollback", examples=["snapshots rollback", "snapshots rollback 20261101-0a1b2c3d4e5f"])
@click.argument("snapshot_id", metavar="[SNAPSHOT]", required=False)
@json_option()
@pass_session
def rollback(session: Session, snapshot_id: str | None, as_json: bool) -> None:
    """Put SNAPSHOT in force again; without it, the one published before the present one."""
    from graph.snapshot import put_in_force

    manifest = put_in_force(session.home, snapshot_id or _published_before(session))
    from api.render.snapshots import rollback_page, snapshot_summary

    if as_json:
        emit_json(snapshot_summary(manifest, in_force=True))
        return
    from api.render.text import text_page

    emit(text_page(rollback_page(manifest)))


@subcommand(
    snapshots, "diff", examples=["snapshots diff", "snapshots diff 20261030-1f2e3d4c5b6a 20261101-0a1b2c3d4e5f"]
)
@click.argument("old", metavar="[OLD]", required=False)
@click.argument("new", metavar="[NEW]", required=False)
@limit_option(20, "changes of each kind")
@plot_option("the changes")
@json_option()
@pass_session
def diff(session: Session, old: str | None, new: str | None, limit: int, plot: Path | None, as_json: bool) -> None:
    """Say which ranks changed from snapshot OLD to NEW, and which part of the rank did it.

    Without NEW: the snapshot in force. Without OLD: the one published before it.
    """
    from graph.snapshot import Snapshot
    from graph.snapshot_diff import diff as find_changes

    earlier = Snapshot.open(session.home, old or _published_before(session))
    answer = find_changes(earlier, Snapshot.open(session.home, new), limit=limit)
    if plot is not None:
        from api.plots.changes import plot_changes

        plot_changes(plain(answer), plot)
    if as_json:
        emit_json(answer)
        return
    from api.render.changes import changes_page
    from api.render.text import text_page

    emit(text_page(changes_page(plain(answer))))


def _published_before(session: Session) -> str:
    """Return the id of the snapshot published before the one in force."""
    from graph.errors import NothingThere
    from graph.snapshot import Snapshot, list_snapshots

    in_force = Snapshot.open(session.home).id
    ids = [manifest.snapshot_id for manifest in list_snapshots(session.home)]
    earlier = ids[ids.index(in_force) + 1 :]
    if not earlier:
        raise NothingThere(f"{session.home_path} holds no snapshot published before {in_force}.")
    return earlier[0]

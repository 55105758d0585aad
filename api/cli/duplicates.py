"""`matchgraph duplicates`: which artifacts are one thing under several names."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli.declaring import group, json_option, limit_option, subcommand
from api.cli.review_lines import give_to_review
from api.cli.session import Session, pass_session


@group("duplicates", examples=["duplicates review --limit 20"])
def duplicates() -> None:
    """See to it that names of one thing, and only they, share an entry in lists."""


@subcommand(duplicates, "review", examples=["duplicates review", "duplicates review --limit 50 --out to_judge.csv"])
@limit_option(20, "pairs")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write the CSV there.")
@json_option()
@pass_session
def review(session: Session, limit: int, out: Path | None, as_json: bool) -> None:
    """List pairs of artifacts that are, or perhaps are, one thing under two names, the least sure first.

    Write "same" or "different" into the column verdict, and put the lines into duplicate_review.csv in the home: the
    next recompute does as they say, and takes it back when they are gone. Pairs that stand there with a verdict are
    not listed again. From a score of 0.8 on, a pair is listed as one thing without a verdict.
    """
    from queries.alternatives.duplicate_review import FILE, IDS, to_review
    from queries.alternatives.review_file import read_review

    snapshot = session.snapshot()
    reviewed = read_review(session.home.path / FILE, IDS)
    rows = to_review(snapshot.table("artifacts"), snapshot.table("duplicates"), reviewed, limit)
    give_to_review(rows, out, as_json, "No two artifacts seem to be the same.")

"""`matchgraph concepts`: which capabilities are the same thing."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli.declaring import group, json_option, limit_option, subcommand
from api.cli.review_lines import give_to_review
from api.cli.session import Session, pass_session


@group("concepts", examples=["concepts review --limit 20"])
def concepts() -> None:
    """See to it that capabilities that are the same thing, and only they, share a concept."""


@subcommand(concepts, "review", examples=["concepts review", "concepts review --limit 50 --out to_judge.csv"])
@limit_option(20, "pairs")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write the CSV there.")
@json_option()
@pass_session
def review(session: Session, limit: int, out: Path | None, as_json: bool) -> None:
    """List pairs of capabilities of which it is uncertain whether they are the same thing.

    Write "same" or "different" into the column verdict, and put the lines into concept_review.csv in the home: the
    next recompute does as they say. Pairs that stand there with a verdict are not listed again.
    """
    from queries.alternatives.concept_review import FILE, IDS, uncertain
    from queries.alternatives.review_file import read_review

    rows = uncertain(session.snapshot().table("capabilities"), read_review(session.home.path / FILE, IDS), limit)
    give_to_review(rows, out, as_json, "No pair is uncertain.")

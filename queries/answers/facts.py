"""What is claimed of an artifact beside its capabilities, by whom, when, and how it is known.

stated    its source says so: licence, price, where it runs, figures of adoption
measured  counted in the match graph: how often it was chosen, and whether it worked
inferred  computed from both: the rank
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from graph.times import iso_date, iso_time
from queries.answers.comparison_shapes import Fact
from queries.answers.shapes import Side, SnapshotTables
from queries.retrieval.hosting import hosting

Row = dict[str, Any]

STATED: Final = ("license", "vendor", "pricing_model", "price", "stars", "downloads", "likes", "updated_at")
MEASURED: Final = ("times_matched", "clients", "success_rate")


def facts(snapshot: SnapshotTables, one: Side) -> list[Fact]:
    """Return what is known of an artifact; what is not known is left out."""
    artifact = snapshot.rows("artifacts", artifact_id=one.artifact_id)[0]
    evidence = snapshot.rows("evidence", artifact_id=one.artifact_id)
    found = [*_stated(artifact), *(_measured(evidence[0], one.simulated) if evidence else ())]
    if one.rank is not None:
        method = snapshot.rows("ranks", artifact_id=one.artifact_id)[0]["method"]
        computed = iso_date(snapshot.now_us)
        found.append(Fact(name="rank", value=one.rank, status="inferred", source=method, date=computed))
    return found


def _stated(artifact: Row) -> Iterator[Fact]:
    source, date = ", ".join(artifact["sources"] or ()) or None, iso_date(artifact["revised_at"])
    values = {name: artifact[name] for name in STATED} | {"hosting": ", ".join(sorted(hosting(artifact))) or None}
    values["updated_at"] = iso_date(artifact["updated_at"])
    for name, value in values.items():
        if value is not None:
            yield Fact(name=name, value=value, status="stated", source=source, date=date)


def _measured(evidence: Row, simulated: bool) -> Iterator[Fact]:
    source = "match graph (simulated log)" if simulated else "match graph"
    for name in MEASURED:
        if evidence[name] is not None:
            last = iso_time(evidence["last_seen"])
            yield Fact(name=name, value=evidence[name], status="measured", source=source, date=last)

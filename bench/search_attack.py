"""How far one client can push an artifact in the search by writing wordings and choosing it for each.

    python -m bench.search_attack DATA

DATA holds the set metatool: 600 requests of as many clients are the log, 300 others are asked. The attacker chooses one
artifact for up to 400 further requests that others are right for, as one client or as several; or gives the operator a
file that judges it relevant to them.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from pathlib import Path

from bench.retrieval import NOW_US
from bench.retrieval_tasks import Row, qrels_of, rows_of, write_clicks
from graph.home import Home
from ingest.load import ingest_paths
from queries.recompute import recompute
from queries.retrieval.matching import Matcher, matcher_of

LOGGED, ASKED = 600, 300
ATTACKS = ((0, 0), (1, 100), (1, 400), (20, 400), (0, 100), (0, 400))
"""(clients, wordings); without clients they are judged"""


def attacked(folder: Path, log: list[Path], clients: int, wordings: list[Row], target: str) -> Matcher:
    """Return the matcher after the attack; `log`: catalogue and log files without it."""
    home = Home(folder / "home")
    attack = _clicks(folder, clients, wordings, target) if clients else _judged(folder, wordings, target)
    ingest_paths(home, [*log, *attack], now_us=NOW_US)
    return matcher_of(recompute(home, now_us=NOW_US))


def _clicks(folder: Path, clients: int, wordings: list[Row], target: str) -> list[Path]:
    file = write_clicks(folder / "attack.jsonl", wordings, {row["id"]: {target: 1.0} for row in wordings})
    events = [{**row, "client_id": f"attacker-{i % clients}"} for i, row in enumerate(rows_of(file))]
    file.write_text("\n".join(map(json.dumps, events)))
    return [file]


def _judged(folder: Path, wordings: list[Row], target: str) -> list[Path]:
    if not wordings:
        return []
    queries, qrels = folder / "queries.jsonl", folder / "qrels.csv"
    queries.write_text("\n".join(json.dumps({"id": row["id"], "text": row["text"]}) for row in wordings))
    qrels.write_text("query_id,artifact_id,grade\n" + "".join(f"{row['id']},{target},1\n" for row in wordings))
    return [queries, qrels]


def main() -> None:
    """Print how often the artifact is found where it is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data / "metatool"
    relevant = qrels_of(data / "qrels.csv.gz")
    queries = [row for row in rows_of(data / "queries.jsonl.gz") if row["set"] == "single"]
    random.Random(1).shuffle(queries)
    target = next(iter(relevant[queries[5]["id"]]))
    asked = [row for row in queries[-ASKED:] if target not in relevant[row["id"]]]
    for clients, count in ATTACKS:
        with tempfile.TemporaryDirectory() as folder:
            log = [data / "artifacts.jsonl", write_clicks(Path(folder) / "log.jsonl", queries[:LOGGED], relevant)]
            matcher = attacked(Path(folder), log, clients, queries[LOGGED : LOGGED + count], target)
            found = [[hit.object_id for hit in matcher.match(row["text"], limit=5)] for row in asked]
        right = sum(hits[:1] != [] and hits[0] in relevant[row["id"]] for hits, row in zip(found, asked, strict=True))
        first, among = sum(hits[:1] == [target] for hits in found), sum(target in hits for hits in found)
        done = f"{clients} clients, {count} wordings" if clients or not count else f"{count} judgments"
        print(f"{done}: first {first}, in five {among}, right {right} of {len(asked)}")


if __name__ == "__main__":
    main()

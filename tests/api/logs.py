"""A small log of several clients, as files: with or without one of them."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from graph.home import Home
from ingest.load import IngestReport, ingest_paths

Row = dict[str, Any]
NOW_US = 1_793_491_200_000_000
"""2026-11-01T00:00:00Z"""
ERASED = "anna"
CATALOGUE: list[Row] = [
    {"id": "cutter", "name": "Cutter", "type": "model", "description": "Cuts people out of pictures.", "stars": 100},
    {"id": "painter", "name": "Painter", "type": "model", "description": "Paints pictures from words.", "stars": 900},
    {"id": "singer", "name": "Singer", "type": "model", "description": "Sings songs from words.", "stars": 90},
]
NEEDS = ("cut out people", "paint a picture", "sing a song", "pictures of people")


def search(number: int, client: str | None, text: str, **more: Any) -> Row:
    row = {
        "query_id": f"q{number}",
        "client_id": client,
        "timestamp": f"2026-10-{1 + number % 28:02}T10:00:00Z",
        "user_query": text,
        "query_response_hit_ids": ["painter", "cutter", "singer"],
    }
    return {key: value for key, value in {**row, **more}.items() if value is not None}


def click(number: int, client: str | None, chosen: str, **more: Any) -> Row:
    row = {
        "action_name": "click",
        "query_id": f"q{number}",
        "client_id": client,
        "timestamp": f"2026-10-{1 + number % 28:02}T10:01:00Z",
        "event_attributes": {"object": {"object_id": chosen}},
    }
    return {key: value for key, value in {**row, **more}.items() if value is not None}


def random_log(seed: int, clients: tuple[str, ...] = (ERASED, "ben", "cleo", "dan")) -> dict[str, list[Row]]:
    """Return searches, clicks (some without a client) and outcomes; `whose` says to whom each row belongs."""
    chance = random.Random(seed)
    log: dict[str, list[Row]] = {"ubi_queries": [], "ubi_events": [], "outcomes": []}
    for number in range(40):
        client = chance.choice(clients)
        session = {"session_id": f"{client}-{number % 3}"}
        log["ubi_queries"].append({"whose": client, **search(number, client, chance.choice(NEEDS), **session)})
        chosen = chance.choice(("painter", "cutter", "singer"))
        named, more = (client, session) if chance.random() < 0.7 else (None, {})
        log["ubi_events"].append({"whose": client, **click(number, named, chosen, **more)})
        if chance.random() < 0.5:
            verdict = chance.choice(("success", "failure"))
            log["outcomes"].append(
                {"whose": client, **session, "outcome": verdict, "judge": "tests", "kind": "callback"}
            )
    return log


def without(log: dict[str, list[Row]], client: str) -> dict[str, list[Row]]:
    return {name: [row for row in rows if row["whose"] != client] for name, rows in log.items()}


def write_log(folder: Path, log: dict[str, list[Row]]) -> list[Path]:
    """Write one file for each kind of rows, and the catalogue; rows of no client have no `whose`."""
    folder.mkdir(parents=True)
    paths = []
    for name, rows in {"artifacts": CATALOGUE, **log}.items():
        path = folder / f"{name}.jsonl"
        lines = [json.dumps({key: value for key, value in row.items() if key != "whose"}) for row in rows]
        path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        paths.append(path)
    return paths


def import_log(home: Home, folder: Path, log: dict[str, list[Row]], *, now_us: int = NOW_US) -> IngestReport:
    return ingest_paths(home, write_log(folder, log), now_us=now_us)


def home_with_secret(path: Path) -> Home:
    """An empty home whose pseudonyms are the same in every test."""
    path.mkdir(parents=True)
    (path / "secret.key").write_text("5a" * 32)
    return Home(path)

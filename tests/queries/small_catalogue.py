"""A catalogue of a handful of artifacts, small enough to know every answer, as snapshot tables."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from graph.home import Home
from graph.keys import stable_key
from graph.snapshot import Snapshot, publish
from graph.snapshot_schemas import ARTIFACT_TABLE, CAPABILITY_TABLE, EDGES, INTENTS, SNAPSHOT_TABLES
from graph.text import normalise_query
from queries.retrieval.build_index import build_text_index
from queries.retrieval.past_pulls import Choices

ARTIFACT_ROWS: list[dict[str, Any]] = [
    {"artifact_id": "pixelUp", "name": "PixelUp", "type": "model", "license": "MIT", "pricing_model": "free",
     "description": "Enlarges photographs and keeps edges sharp", "tags": ["image"]},
    {"artifact_id": "papertalk", "name": "PaperTalk", "type": "mcp", "license": "Apache-2.0",
     "pricing_model": "paid", "description": "Server for documents", "tags": ["documents"]},
    {"artifact_id": "sumly", "name": "Sumly", "type": "api", "license": None, "pricing_model": "paid",
     "description": "Condenses long reports", "tags": ["text"],
     "extra": '{"hint": "quarterly figures", "hosting": "SaaS", "link": "https://example.org/never"}'},
    {"artifact_id": "bildsuche", "name": "画像検索", "type": "mcp", "license": "MIT", "pricing_model": "free",
     "description": "必应搜索 поиск картинок", "tags": []},
]  # fmt: skip
CAPABILITY_ROWS: list[dict[str, Any]] = [
    {"capability_id": "papertalk/read_pdf", "artifact_id": "papertalk", "name": "read_pdf",
     "description": "Extracts the text of a PDF file", "input_types": ["pdf"], "output_types": ["text"],
     "parameters": ["page_range"]},
    {"capability_id": "papertalk/summarise", "artifact_id": "papertalk", "name": "summariseDocument",
     "description": "Shortens a report to its main points", "unique": "cites paragraphs",
     "intents": ["shorten a contract"]},
]  # fmt: skip


def table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist([{name: row.get(name) for name in schema.names} for row in rows], schema=schema)


def artifacts(rows: list[dict[str, Any]] = ARTIFACT_ROWS) -> pa.Table:
    return table(rows, ARTIFACT_TABLE)


def capabilities(rows: list[dict[str, Any]] = CAPABILITY_ROWS) -> pa.Table:
    return table(rows, CAPABILITY_TABLE)


def edge(text: str, artifact_id: str, capability_id: str | None = None, **more: Any) -> dict[str, Any]:
    """One observed edge of one client, by the text of its intent."""
    key = stable_key(normalise_query(text))
    counts = {"times_matched": 1, "clicks": 1, "clients": 1, "impressions": 1, "successes": 0, "failures": 0}
    row = {"intent_key": key, "intent_id": f"int_{key:016x}", "artifact_id": artifact_id, "text": text}
    return {**row, "capability_id": capability_id, "kind": "observed", "catalogued": True, **counts, **more}


def choices(*pulls: dict[int, float]) -> Choices:
    """What past needs lead to: by need, how strongly to each document."""
    rows = [(need, *pair) for need, found in enumerate(pulls) for pair in sorted(found.items())]
    needs, documents, strengths = (np.array([row[place] for row in rows]) for place in range(3))
    return Choices(needs.astype(np.int64), documents.astype(np.int64), strengths.astype(np.float64))


def edges_and_intents(rows: list[dict[str, Any]]) -> tuple[pa.Table, pa.Table]:
    intents = {row["intent_key"]: {**row, "label": row["text"], "texts": 1, "searches": 1} for row in rows}
    return table(rows, EDGES), table([intents[key] for key in sorted(intents)], INTENTS)


def index_folder(folder: Path, edges: list[dict[str, Any]] = []) -> Path:  # noqa: B006 - read only
    build_text_index(folder, artifacts(), capabilities(), *edges_and_intents(edges))
    return folder


def snapshot_of(folder: Path, edges: list[dict[str, Any]] = [], **tables: pa.Table) -> Snapshot:  # noqa: B006
    """Publish the catalogue with some edges in a new home."""
    observed, intents = edges_and_intents(edges)
    given = {"artifacts": artifacts(), "capabilities": capabilities(), "edges": observed, "intents": intents, **tables}
    full = {name: given.get(name, schema.empty_table()) for name, schema in SNAPSHOT_TABLES.items()}

    def add_index(staging: Path) -> None:
        build_text_index(staging / "text", full["artifacts"], full["capabilities"], full["edges"], full["intents"])

    return publish(
        Home(folder),
        full,
        now_us=0,
        parameters={},
        ledger_versions={},
        code_version="test",
        published_at=datetime(2026, 1, 1, tzinfo=UTC),
        add_files=add_index,
    )

"""Documents are read column by column; here they are spelled out row by row."""

import json
import random
from typing import Any

import numpy as np
import pyarrow as pa

from graph.snapshot_schemas import ARTIFACT_TABLE, CAPABILITY_TABLE
from queries.retrieval.facets import artifact_facets, capability_facets
from queries.retrieval.index_documents import documents, in_order, meanings
from queries.text.tokens import indexable
from queries.text.word_columns import Runs, Said
from tests.queries.small_catalogue import table

WORDS = ["find", "getUserInfo", "roads", "C++", "画像検索", "café", "", "3D", "Photo"]


class Numbers:
    """Numbers words as they come, and reads them back."""

    def __init__(self) -> None:
        self.words: dict[str, int] = {}

    def of(self, said: Said) -> Runs:
        own = np.array([self.words.setdefault(word, len(self.words)) for word in said.words], np.int64)
        return Runs(own[said.numbers], said.counts)

    def read(self, texts: list[Runs], row: int) -> list[str]:
        spelled = list(self.words)
        starts = [int(runs.counts[:row].sum()) for runs in texts]
        held = [runs.numbers[start : start + runs.counts[row]] for runs, start in zip(texts, starts, strict=True)]
        return sorted(spelled[number] for numbers in held for number in numbers.tolist())


def invented() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    chance = random.Random(5)

    def text() -> str | None:
        return chance.choice([None, " ".join(chance.choices(WORDS, k=5)), "the end. " * 60])

    def texts() -> list[str | None] | None:
        return chance.choice([None, [], chance.choices(WORDS[:6], k=2)])

    def extra() -> str | None:
        said = {"hint": text(), "type": "no", "all": [1, "https://no.example", "yes"]}
        return chance.choice([None, json.dumps(said)])

    artifacts = [
        {"artifact_id": f"a{i}", "name": f"name {i}", "description": text(), "vendor": text(), "tags": texts(),
         "type": chance.choice([None, "api"]), "extra": extra()}
        for i in chance.sample(range(9), 9)
    ]  # fmt: skip
    capabilities = [
        {"artifact_id": f"a{i % 10}", "capability_id": f"a{i % 10}/{i}", "name": text(), "description": text(),
         "unique": text(), "extra": extra(),
         **{name: texts() for name in ("tags", "intents", "best_for", "parameters", "input_types", "requires")}}
        for i in chance.sample(range(30), 30)
    ]  # fmt: skip
    return artifacts, capabilities


def plain(*texts: str | None) -> list[str]:
    return [word for text in texts if text for word in indexable(text).split()]


def extra_texts(row: dict[str, Any]) -> list[str | None]:
    said = json.loads(row["extra"]) if row["extra"] else None
    return [said["hint"], "yes"] if said else []


def by_hand(artifacts: list[dict[str, Any]], capabilities: list[dict[str, Any]]) -> list[list[list[str]]]:
    found = []
    owners = {row["artifact_id"]: row for row in artifacts}
    for row in sorted(artifacts, key=lambda row: row["artifact_id"]):
        head = plain(row["name"], *(row["tags"] or ()))
        main = [*head, *head, *plain(row["description"])]
        found.append([main, plain(row["vendor"], *extra_texts(row)), list(artifact_facets(row))])
    for row in sorted(capabilities, key=lambda row: (row["artifact_id"], row["capability_id"])):
        owner = owners.get(row["artifact_id"])
        head = plain(row["name"], *(row["tags"] or ()))
        says = plain(row["description"], row["unique"], *(row["intents"] or ()), *(row["best_for"] or ()))
        lists = [text for name in ("parameters", "input_types", "output_types", "requires") for text in row[name] or ()]
        around = plain((owner["description"] or "")[:400], *(owner["tags"] or ())) if owner else []
        main = [*head, *head, *(plain(owner["name"]) if owner else []), *says]
        facets = [*(artifact_facets(owner) if owner else ()), *capability_facets(row)]
        found.append([main, [*plain(*lists, *extra_texts(row)), *around], facets])
    return found


def test_columns_say_what_the_rows_say() -> None:
    rows = invented()
    tables = in_order(table(rows[0], ARTIFACT_TABLE), table(rows[1], CAPABILITY_TABLE))
    filled = [each.to_pylist() for each in tables]
    words, labels = Numbers(), Numbers()
    found = []
    for part in documents(*tables, words.of, labels.of):
        for row in range(len(part.artifact_ids)):
            found.append([words.read(part.main, row), words.read(part.detail, row), labels.read(part.facets, row)])
    expected = [[sorted(texts) for texts in each] for each in by_hand(*filled)]
    assert found == expected


def test_meanings_are_sentences() -> None:
    artifacts = table([{"artifact_id": "a", "name": "A", "description": "", "tags": ["x", None, ""]}], ARTIFACT_TABLE)
    long = {"artifact_id": "a", "capability_id": "a/b", "name": None, "description": "é" * 3_000, "intents": ["y"]}
    assert list(meanings(artifacts, table([long], CAPABILITY_TABLE))) == ["A. x", "é" * 2_000]
    nothing = table([{"artifact_id": "a"}], ARTIFACT_TABLE)
    assert list(meanings(nothing, table([], CAPABILITY_TABLE))) == [""]


def test_tables_in_order_are_taken_as_they_are() -> None:
    artifacts = pa.table({"artifact_id": ["a", "b"]})
    capabilities = pa.table({"artifact_id": ["a", "a", "b"], "capability_id": ["2", "1", "0"]})
    same, ordered = in_order(artifacts, capabilities)
    assert same is artifacts
    assert ordered["capability_id"].to_pylist() == ["1", "2", "0"]

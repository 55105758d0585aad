"""Which stated comparisons are found in descriptions, beside exact names of the catalogue.

    python -m bench.comparisons DATA

The labels (`bench/judgments/comparisons.csv`: artifact id and the key of a product that its description sets it
beside, empty where there is none) were made by reading, by us: 100 descriptions with a comparing word, of the folders
awesome-selfhosted, oss-alternatives, public-apis and mcp-registry-seed of DATA. Precision and recall are of pairs.
Yardstick: every name of the same catalogue that such a description contains, as whole words in the same case.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import defaultdict
from pathlib import Path

import pyarrow as pa

from bench.retrieval_tasks import rows_of
from queries.alternatives.references import reference_key, references

LABELS = Path(__file__).parent / "judgments" / "comparisons.csv"
FOLDERS = ("awesome-selfhosted", "oss-alternatives", "public-apis", "mcp-registry-seed")
FIELDS = ("artifact_id", "name", "description", "extra")
Pairs = set[tuple[str, str]]


def labels() -> dict[str, set[str]]:
    """Return for every description that was read the keys of the products in it."""
    found: dict[str, set[str]] = defaultdict(set)
    with LABELS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["artifact_id"]].update({row["product"]} - {""})
    return found


def catalogue(folder: Path) -> pa.Table:
    """Return names and descriptions as the columns that `references` reads."""
    rows = rows_of(next(folder.glob("artifacts.jsonl*")))
    columns = [[row["id"] for row in rows], [row["name"] for row in rows], [row.get("description") for row in rows]]
    return pa.table([*columns, pa.nulls(len(rows), pa.string())], names=FIELDS)


def exact_names(table: pa.Table, read: set[str]) -> Pairs:
    """Return the names of other artifacts that the descriptions contain."""
    names = {name for name in table["name"].to_pylist() if len(name) > 3}
    found: Pairs = set()
    for artifact_id, own, text in zip(*(table[name].to_pylist() for name in FIELDS[:3]), strict=True):
        if artifact_id in read:
            held = {name for name in names - {own} if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text or "")}
            found |= {(artifact_id, reference_key(name)) for name in held}
    return found


def main() -> None:
    """Print precision and recall of ours and of the yardstick."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    right = {(artifact_id, product) for artifact_id, found in labels().items() for product in found}
    read = set(labels())
    ours: Pairs = set()
    simple: Pairs = set()
    for folder in FOLDERS:
        table = catalogue(data / folder)
        ours |= {(each.artifact_id, each.key) for each in references(table) if each.artifact_id in read}
        simple |= exact_names(table, read)
    print(f"{len(read)} descriptions, {len(right)} comparisons")
    for name, found in (("exact names", simple), ("matchgraph", ours)):
        hits = len(found & right)
        precision, recall = hits / max(1, len(found)), hits / len(right)
        print(f"{name:12s} {len(found):4d} found | precision {precision:.3f} | recall {recall:.3f}")
    for artifact_id, product in sorted(ours ^ right):
        print("  found, not there:" if (artifact_id, product) in ours else "  missed:", artifact_id, product)


if __name__ == "__main__":
    main()

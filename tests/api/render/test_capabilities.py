"""Capabilities with who says so; of a shared one, what each of the two says."""

from api.render.capabilities import capability_item, pair_item

CAPABILITY = {
    "capability_id": "cutter/masking", "name": "Masking", "description": "Cuts out people.", "unique": "Hair too.",
    "vs_alternatives": None, "source": ["a.jsonl", "b.jsonl"], "date": "2026-11-01",
}  # fmt: skip
BARE = {"capability_id": "painter/masking"}


def test_a_claim_comes_with_its_source_and_none_that_nobody_made() -> None:
    item = capability_item(CAPABILITY)
    assert (item.title, item.text) == ("Masking", "Cuts out people.")
    assert dict(item.facts) == {"Unique": "Hair too.", "Source": "a.jsonl, b.jsonl, 2026-11-01"}
    assert capability_item(BARE).title == "painter/masking"


def test_a_pair_has_one_title_where_both_are_called_the_same() -> None:
    same = pair_item({"a": CAPABILITY, "b": {**BARE, "name": "masking"}, "similarity": 0.456}, "Cutter", "Painter")
    assert (same.title, same.text) == ("Masking", "Similarity 0.46")
    assert ("Cutter, unique", "Hair too.") in same.facts
    other = pair_item({"a": CAPABILITY, "b": {**BARE, "name": "Mattes"}, "similarity": None}, "Cutter", "Painter")
    assert other.title == "Masking / Mattes"
    assert dict(other.facts)["Painter"] == "not known"

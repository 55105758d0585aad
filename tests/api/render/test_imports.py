"""What an import brought, file by file."""

from api.render.imports import import_page
from tests.api.render.reading import lines


def test_import_counts_add_up_and_remarks_are_told() -> None:
    note = {"code": "x", "text": "Positions start at 0.", "count": 3}
    report = {
        "files": [
            {
                "path": "a.jsonl",
                "format": "ubi-events",
                "accepted": 5,
                "duplicates": 1,
                "quarantined": 2,
                "notes": [note],
            },
            {
                "path": "b.bin",
                "format": None,
                "accepted": 0,
                "duplicates": 0,
                "quarantined": 0,
                "error": "b.bin is empty.",
            },
        ],
        "accepted": 5,
        "duplicates": 1,
        "quarantined": 2,
    }
    shown = lines(import_page(report))
    assert "a.jsonl ubi-events 5 1 2" in shown
    assert "b.bin not recognised 0 0 0" in shown
    assert "All 5 1 2" in shown
    assert "- a.jsonl: Positions start at 0. (3 times)" in shown
    assert "- b.bin: b.bin is empty." in shown
    assert any("matchgraph quarantine list" in line for line in shown)


def test_folders_without_files_are_said_to_have_none() -> None:
    report = {"files": [], "accepted": 0, "duplicates": 0, "quarantined": 0}
    assert lines(import_page(report))[-1] == "There was no file to import."

"""What erasing a client did: said in full, the proof's failure aloud, the client never named."""

from typing import Any

from api.render.erasure import erasure_page
from tests.api.render.reading import lines

REMOVAL = {
    "rows": {"searches": 1_200, "events": 3}, "files_deleted": 2, "files_in_progress": 0, "begun_before": False,
    "finished_before": False,
}  # fmt: skip
PROOF: dict[str, Any] = {"rows_on_disk": 0, "tables_compared": 15, "tables_different": []}
ANSWER: dict[str, Any] = {
    "found": True, "removal": REMOVAL, "snapshots_deleted": ["s1"], "snapshot_id": "s2", "proof": PROOF,
}  # fmt: skip


def shown(**changes: Any) -> str:
    return " ".join(lines(erasure_page({**ANSWER, **changes}), 200))


def test_rows_files_and_snapshots_are_counted() -> None:
    text = shown()
    assert "searches 1,200" in text
    assert "2 data files deleted from disk." in text
    assert "1 snapshot computed with the client's rows deleted: s1." in text
    assert "Snapshot s2 is in force, computed without the client." in text
    assert "Proved: no row is left in any data file, and all 15 tables equal" in text


def test_what_was_not_done_is_said() -> None:
    assert "No proof was made. Ask for it with --prove." in shown(proof=None)
    assert "Run: matchgraph recompute" in shown(snapshot_id=None, snapshots_deleted=[])
    assert "The proof FAILED: 1 row left on disk; tables that differ: none." in shown(
        proof={**PROOF, "rows_on_disk": 1}
    )
    assert "tables that differ: edges." in shown(proof={**PROOF, "tables_different": ["edges"]})
    assert "erase again in a day" in shown(removal={**REMOVAL, "files_in_progress": 1})


def test_who_is_not_there_is_not_erased() -> None:
    assert shown(found=False) == "There is no row of this client. Nothing was changed."
    assert "It was erased before." in shown(found=False, removal={**REMOVAL, "finished_before": True})

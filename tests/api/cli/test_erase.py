"""`matchgraph erase` at the keyboard."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.cli import run
from api.render.erasure import erasure_page
from api.render.text import text_page
from graph.erasing import client_key
from graph.home import Home
from graph.keys import key_text
from graph.ledger import Ledger
from tests.api.logs import ERASED


def test_a_client_is_erased_by_id_with_proof(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["recompute", "--now", "2026-11-01", "--json"]) == 0
    old = json.loads(capsys.readouterr().out)["snapshot_id"]
    assert run(["erase", "--client", ERASED, "--now", "2026-11-01"]) == 0
    out, err = capsys.readouterr()
    text = " ".join(out.split())
    assert f"1 snapshot computed with the client's rows deleted: {old}." in text
    assert "Proved: no row is left in any data file, and all" in text
    assert ERASED not in out + err
    assert run(["erase", "--client", ERASED]) == 1
    assert "no row of this client. It was erased before." in capsys.readouterr().out


def test_a_client_is_erased_by_pseudonym(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    rows = Ledger.open(home).count("searches")
    key = key_text(client_key(home, ERASED))
    assert run(["erase", "--client-key", f"hashed-client:{key}", "--no-recompute", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["removal"]["rows"]["searches"] == rows - Ledger.open(home).count("searches") > 0
    assert (answer["snapshot_id"], answer["proof"]) == (None, None)


def test_an_unknown_client_is_a_no(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["erase", "--client", "nobody"]) == 1
    assert capsys.readouterr().out == "There is no row of this client. Nothing was changed.\n"
    assert run(["erase", "--client", "nobody", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["found"] is False


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "Name one client"),
        (["--client", "a", "--client-key", "0" * 16], "Name one client"),
        (["--client", ""], "is empty"),
        (["--client-key", "anna"], "16 hexadecimal digits"),
        (["--client", "a", "--prove", "--no-recompute"], "needs the new snapshot"),
    ],
)
def test_wrong_use_is_told_apart(
    home: Home, capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str
) -> None:
    assert run(["erase", *arguments]) == 2
    assert reason in " ".join(capsys.readouterr().err.split())


def test_an_empty_home_is_said_to_be_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["erase", "--client", "a", "--home", str(tmp_path / "none")]) == 4
    assert "holds no data yet" in capsys.readouterr().err


def test_a_failed_proof_is_said_loudly() -> None:
    removal = {"rows": {"events": 1}, "files_deleted": 1, "files_in_progress": 1, "begun_before": True}
    proof = {"rows_on_disk": 2, "tables_compared": 12, "tables_different": ["ranks"]}
    answer = {"found": True, "removal": removal, "snapshot_id": "s", "snapshots_deleted": [], "proof": proof}
    text = " ".join(text_page(erasure_page(answer), 200).split())
    assert "The proof FAILED: 2 rows left on disk; tables that differ: ranks." in text
    assert "1 file of imports that run or were interrupted may still hold rows" in text
    assert "An interrupted erasure of this client was taken up and finished." in text

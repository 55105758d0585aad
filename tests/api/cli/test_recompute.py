"""`matchgraph recompute` at the keyboard: what of a home's settings it goes by."""

from __future__ import annotations

import json

import pytest

from api.cli import run
from api.settings import FILE_NAME
from graph.home import Home
from graph.snapshot import Snapshot
from queries.text.encoders.contract import BUILT_IN, full_name


def parameters(home: Home) -> tuple[int, str]:
    found = Snapshot.open(home).manifest.parameters
    return found["k_anonymity"], found["encoder"]


def test_settings_of_the_home_hold_until_a_flag_says_otherwise(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(["recompute"]) == 0
    assert parameters(home) == (5, BUILT_IN)
    (home.path / FILE_NAME).write_text('k_anonymity = 3\nencoder = "minilm"\n')
    assert run(["recompute"]) == 0
    assert parameters(home) == (3, full_name("minilm"))
    monkeypatch.setenv("MATCHGRAPH_K_ANONYMITY", "2")
    assert run(["recompute", "--encoder", BUILT_IN]) == 0
    assert parameters(home) == (2, BUILT_IN)


@pytest.mark.parametrize(
    ("line", "reason"), [("k_anonymity = 0", "k_anonymity (file"), ('encoder = "nowhere:at_all"', "no encoder")]
)
def test_a_wrong_setting_leaves_the_snapshot_in_force(
    home: Home, capsys: pytest.CaptureFixture[str], line: str, reason: str
) -> None:
    assert run(["recompute", "--json"]) == 0
    before = json.loads(capsys.readouterr().out)["snapshot_id"]
    (home.path / FILE_NAME).write_text(f"{line}\n")
    assert run(["recompute"]) == 2
    assert reason in capsys.readouterr().err
    assert Snapshot.open(home).id == before

"""The home's folders and its secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import DamagedHome, NothingThere, OtherLayout, WrongUse
from graph.home import LAYOUT, Home
from graph.ledger import Ledger
from graph.snapshot import Snapshot


def test_the_secret_is_made_once_and_only_for_its_owner(tmp_path: Path) -> None:
    home = Home(tmp_path / "new")
    secret = home.secret(create=True)
    assert len(secret) == 32
    assert home.secret() == secret
    assert (home.path / "secret.key").stat().st_mode & 0o077 == 0


def test_a_lost_secret_is_said_and_never_replaced(tmp_path: Path) -> None:
    with pytest.raises(DamagedHome, match="backup"):
        Home(tmp_path).secret()
    (tmp_path / "secret.key").write_text("abcd")
    with pytest.raises(DamagedHome, match="2 bytes"):
        Home(tmp_path).secret(create=True)


def test_a_key_lost_from_a_home_with_data_is_not_made_anew(tmp_path: Path) -> None:
    (tmp_path / "ledger" / "sources" / "_delta_log").mkdir(parents=True)
    with pytest.raises(DamagedHome, match="backup"):
        Home(tmp_path).secret(create=True)


def test_looking_at_an_empty_home_creates_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "none")
    with pytest.raises(NothingThere, match="matchgraph ingest"):
        Ledger.open(home)
    assert not home.path.exists()


@pytest.mark.parametrize("name", ["a [b]", "what?", "a*", "100%25"])
def test_paths_that_the_delta_library_misreads_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(WrongUse, match="another folder"):
        Home(tmp_path / name).create()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("layout", ["0", LAYOUT + "0", None])
def test_a_home_of_another_layout_is_neither_read_nor_written(tmp_path: Path, layout: str | None) -> None:
    home = Home(tmp_path)
    (tmp_path / "ledger" / "sources" / "_delta_log").mkdir(parents=True)
    if layout is not None:
        (tmp_path / "layout").write_text(layout)
    before = sorted(tmp_path.rglob("*"))
    for attempt in (home.create, lambda: Ledger.open(home), lambda: Snapshot.open(home)):
        with pytest.raises(OtherLayout, match="new home"):
            attempt()
    assert sorted(tmp_path.rglob("*")) == before


def test_a_new_home_says_its_layout(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.create()
    home.create()
    assert (tmp_path / "layout").read_text() == LAYOUT
    home.require_layout()

"""Every example of README, CONTRIBUTING and docs/ runs: `python` blocks as code, `console` blocks as commands.

The examples of one page share names, a working folder with `fixtures/` in it, and a home of their own that holds the
demo's data: the state in which `make demo` leaves a checkout.
"""

from __future__ import annotations

import doctest
import shutil
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.example import Example
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser

from api.cli.session import DEFAULT_HOME
from tests.docs.console import matches, run_block, steps

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def _run_console(example: Example) -> str | None:
    return run_block(str(example.parsed)) or None


SYBIL = Sybil(
    parsers=[
        PythonCodeBlockParser(doctest_optionflags=doctest.ELLIPSIS),
        CodeBlockParser(language="console", evaluator=_run_console),
    ]
)


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `matchgraph demo` leaves behind, made once; pages work on copies."""
    home = tmp_path_factory.mktemp("demo") / "home"
    assert run_block(f"$ matchgraph demo --home {home}") == ""
    return home


@pytest.fixture
def checkout(demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder of a reader after `make demo`."""
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    shutil.copytree(demo_home, tmp_path / DEFAULT_HOME)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MATCHGRAPH_HOME", raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=[page.relative_to(ROOT).as_posix() for page in PAGES])
def test_the_examples_run(page: Path, checkout: Path):
    for example in SYBIL.parse(page).examples():
        example.evaluate()


def test_a_wrong_output_is_found(checkout: Path):
    assert run_block("$ matchgraph rank --limit 1\nRank, 0 to 1\n...") != ""
    assert run_block("$ matchgraph rank --limit 1\nRank, 0 to 100\n...") == ""


def test_a_command_that_fails_is_found_unless_its_exit_code_is_asked_for(checkout: Path):
    assert "exit code 2" in run_block("$ matchgraph show nobody")
    assert run_block("$ matchgraph show nobody\nError: ...\n$ echo $?\n2") == ""
    assert "should print" in run_block("$ matchgraph show nobody\n$ echo $?\n0")


def test_dots_stand_for_anything_and_nothing_else_does():
    assert matches("a ... d\n...\nz", "a b c d\nx\ny\nz\n")
    assert not matches("a d", "a b c d\n")


def test_a_block_is_cut_into_commands():
    first, second = steps("$ matchgraph rank \\\n  --limit 1\none\n\n$ cat 'my file'\n")
    assert first.words == ["matchgraph", "rank", "--limit", "1"]
    assert first.expected == "one"
    assert second.words == ["cat", "my file"]
    assert second.expected == ""

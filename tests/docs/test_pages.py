"""What the pages say about the program agrees with it: generated parts, codes, formats, masks, links, make targets."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.masking import MASKS
from ingest.registry import MODULES
from tests.docs.generated import COLUMNS, DOCS, GENERATORS, command_paths, names_in, renewed
from tests.docs.test_examples import PAGES, ROOT

FORMATS = DOCS / "formats.md"
CODE = re.compile(r"[a-z]+(?:-[a-z0-9]+)+")
NAMED_BY_CODE = {"Rejection", "Note", "NoteCount", "BadField", "BadJson", "BadYaml", "StreamBroken", "refused"}

pages = pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])


@pages
def test_generated_parts_are_up_to_date(page: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", COLUMNS)
    text = page.read_text(encoding="utf-8")
    assert text == renewed(text), "run: python -m tests.docs.generated"


def test_every_generated_part_stands_in_a_page():
    assert {name for page in PAGES for name in names_in(page.read_text(encoding="utf-8"))} == set(GENERATORS)


def test_old_generated_parts_are_replaced():
    text = "before\n<!-- generated: weights -->\nold\n<!-- end of weights -->\nafter\n"
    assert names_in(text) == ["weights"]
    assert "old" not in renewed(text)
    assert "| model | 0." in renewed(text)
    assert renewed(renewed(text)) == renewed(text)


def test_every_command_has_an_example_that_runs():
    texts = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    blocks = "\n".join(re.findall(r"```console\n(.*?)```", texts, flags=re.DOTALL))
    blocks += "$ matchgraph demo\n"  # what it leaves is the state in which the examples run
    names = [" ".join(path) for path in command_paths()]
    assert [name for name in names if not re.search(rf"^\$ matchgraph {name}\b", blocks, flags=re.MULTILINE)] == []


def test_every_code_of_a_rejection_or_note_is_explained():
    text = FORMATS.read_text(encoding="utf-8")
    codes = {code for path in sorted((ROOT / "ingest").rglob("*.py")) for code in _codes(path)}
    assert {"invalid-json", "missing-id", "positions-from-zero", "truncated-gzip", "missing-field"} <= codes
    assert sorted(code for code in codes if f"`{code}`" not in text) == []


def _codes(path: Path) -> Iterator[str]:
    """Yield the codes in a module: those of the calls that make rejections and notes, and of (code, reason, remedy)."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        parts: list[ast.expr] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NAMED_BY_CODE:
            parts = node.args[:2]
        elif isinstance(node, ast.Tuple) and len(node.elts) == 3:
            parts = node.elts[:1]
        for part in parts:
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and CODE.fullmatch(part.value):
                yield part.value


def test_every_format_has_its_section():
    headings = re.findall(r"^## .*`([a-z-]+)`.*$", FORMATS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert sorted(headings) == sorted(MODULES)


def test_every_mask_is_explained():
    text = (DOCS / "privacy.md").read_text(encoding="utf-8")
    assert [mask for mask in MASKS if f"`{mask}`" not in text] == []


@pages
def test_links_lead_somewhere(page: Path):
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in link:
            target, _, anchor = link.partition("#")
            place = page.parent / target if target else page
            assert place.exists(), link
            assert not anchor or anchor in _anchors(place), link


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pages
def test_make_targets_exist(page: Path):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    text = page.read_text(encoding="utf-8")
    shell = "\n".join(re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL))
    assert {*re.findall(r"^make ([a-z]+)", shell, flags=re.MULTILINE), *re.findall(r"`make ([a-z]+)`", text)} <= targets


def test_every_page_is_listed_in_the_index():
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    assert [page.name for page in PAGES if page.parent == DOCS and f"({page.name})" not in index] == ["index.md"]

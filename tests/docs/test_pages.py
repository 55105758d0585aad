"""What the pages say about the program agrees with it: help, columns, codes, formats, links, make targets."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pytest

from graph.masking import MASKS
from graph.schemas import LEDGER_TABLES
from graph.snapshot_schemas import SNAPSHOT_TABLES
from ingest.registry import MODULES
from queries.rank_weights import PARTS, load_weights
from tests.docs.help_pages import COLUMNS, PAGE, command_paths, with_help_pages
from tests.docs.test_examples import PAGES, ROOT

ARCHITECTURE = ROOT / "docs" / "architecture.md"
FORMATS = ROOT / "docs" / "formats.md"
CODE = re.compile(r"[a-z]+(?:-[a-z0-9]+)+")
NAMED_BY_CODE = {"Rejection", "Note", "NoteCount", "BadField", "BadJson", "BadYaml", "StreamBroken", "refused"}


def test_the_help_pages_are_those_of_the_program(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", COLUMNS)
    text = PAGE.read_text(encoding="utf-8")
    assert text == with_help_pages(text), "run: python -m tests.docs.help_pages"


@pytest.mark.parametrize("path", command_paths(), ids=" ".join)
def test_every_command_has_an_example_that_runs(path: tuple[str, ...]):
    blocks = re.findall(r"```console\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    command = re.compile(rf"^\$ matchgraph {re.escape(' '.join(path))}\b", re.MULTILINE)
    assert any(command.search(block) for block in blocks)


@pytest.mark.parametrize("schemas", [LEDGER_TABLES, SNAPSHOT_TABLES], ids=["ledger", "snapshot"])
def test_the_columns_of_every_table_are_named(schemas: Mapping[str, pa.Schema]):
    rows = [re.findall(r"`([^`]+)`", line) for line in ARCHITECTURE.read_text("utf-8").splitlines() if line[:3] == "| `"]
    for table, schema in schemas.items():
        assert [table, *schema.names] in rows, f"the columns of {table} are not those of the schema"


def test_every_code_of_a_rejection_or_note_is_explained():
    text = FORMATS.read_text(encoding="utf-8")
    codes = {code for path in sorted((ROOT / "ingest").glob("*.py")) for code in _codes(path)}
    assert len(codes) > 40
    assert sorted(code for code in codes if f"`{code}`" not in text) == []


def _codes(path: Path) -> Iterator[str]:
    """Yield the codes in a module: first texts of the calls that make rejections and notes, and of (code, reason, remedy)."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NAMED_BY_CODE:
            parts = node.args[:2]
        elif isinstance(node, ast.Tuple) and len(node.elts) == 3:
            parts = node.elts[:1]
        else:
            continue
        for part in parts:
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and CODE.fullmatch(part.value):
                yield part.value


def test_every_format_has_its_section():
    headings = re.findall(r"^## .*`([a-z-]+)`.*$", FORMATS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert sorted(headings) == sorted(MODULES)


def test_every_mask_is_explained():
    text = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    assert all(f"`{mask}`" in text for mask in MASKS)


def test_the_weights_of_every_type_are_those_of_the_file():
    text = (ROOT / "docs" / "rank.md").read_text(encoding="utf-8")
    weights = load_weights()
    for kind, own in [("all others", weights.default), *weights.by_type.items()]:
        shares = [f"{own.weights[part]:.2f}" for part in PARTS]
        figures = [f"{own.adoption[name]:,.0f}" for name in ("stars", "downloads", "likes")]
        row = [kind, *shares, *figures, f"{own.half_life_days:,.0f}"]
        assert f"| {' | '.join(row)} |" in text


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_links_lead_somewhere(page: Path):
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in link and not link.startswith("#"):
            target, _, anchor = link.partition("#")
            assert (page.parent / target).exists(), link
            assert not anchor or anchor in _anchors(page.parent / target), link


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_make_targets_exist(page: Path):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", page.read_text(encoding="utf-8"), flags=re.MULTILINE)) <= targets


def test_every_page_is_listed_in_the_index():
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    assert [page.name for page in PAGES if page.parent.name == "docs" and page.name not in index] == ["index.md"]

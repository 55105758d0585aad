"""Which artifacts are one thing under two names, and which are variants of one family?

same      one package; one address (repository or page) and a name in common; or one name, and more that speaks for it:
          one vendor, capabilities that are mostly the same, or a description in the same words
perhaps   same, but less sure than `SURE`: one address and names with nothing in common, one name of two owners (a fork,
          a copy, another maker's product), or unlike types
variant   one owner and type, and names that differ only in sizes, versions and builds ("flan-t5-small", "flan-t5-xl")

An address that many artifacts give is that of a collection and says nothing of any of them. What is surely the same is
listed as one thing (`queries.ranking.one_place`, `queries.answers.one_thing`); each name keeps its row.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, Final
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.compute as pc

from graph.snapshot_schemas import DUPLICATES
from queries.alternatives.alternative_signals import concept_signal
from queries.alternatives.purposes import Catalogue
from queries.alternatives.references import reference_key
from queries.text.similarity import tfidf
from queries.text.stemmed_texts import stemmed

SAME_ADDRESS, SAME_PACKAGE, SAME_NAME, PERHAPS, VARIANT = 1.0, 0.95, 0.85, 0.6, 0.9
"""How sure each finding is."""
SURE: Final = 0.8
"""From here on two names that are the same are listed as one thing."""
MAX_BEARERS: Final = 3
"""So many artifacts with one address, package or name may be one thing; more are a collection."""
MAX_FAMILY: Final = 50
SAME_TEXT: Final = 0.9
SAME_CAPABILITIES: Final = 0.6
MIN_NAME: Final = 4
MIN_WORD: Final = 3
"""Letters of a word that two names must have in common, for one address to make them one thing."""

_APART: Final = ("api", "benchmark", "dataset", "mcp", "model", "prompt", "skill", "template", "workflow")
"""Types of what is made for a program or of one; all others are programs, whatever a list calls them."""
_REPOSITORY_HOSTS: Final = ("github.com", "gitlab.com", "codeberg.org", "bitbucket.org")
_BRANCHES: Final = ("tree", "blob", "src", "main", "master")
_SIZE = re.compile(
    r"v?\d+(?:\.\d+)*[bmk]?|\d+x\d+[bm]|v\d\w*|nano|micro|tiny|mini|small|medium|base|big|large|huge|giant|x+l|xs|"
    r"u?n?cased|fp16|fp32|bf16|int[48]|q\d\w*|[48]bit|gguf|ggml|gptq|awq|onnx|quantized|distilled|latest|beta|alpha|preview|rc\d*"
)
_PARTS = re.compile(r"[-_\s/]+")

Row = dict[str, Any]
Found = tuple[str, float, str]
"""(kind, score, reason)."""


def duplicates(artifacts: pa.Table, capabilities: pa.Table, pairs: pa.Table) -> pa.Table:
    """Return the pairs as a `DUPLICATES` table, each in both directions, ordered by the two ids. Snapshot tables in."""
    catalogue = Catalogue.of(artifacts, capabilities)
    found: dict[tuple[int, int], Found] = {}
    for pair, finding in (*_variants(catalogue), *_one_name(catalogue, pairs), *_one_place(catalogue)):
        doubted = _doubted(catalogue, pair, finding)
        found[pair] = max(found.get(pair, doubted), doubted, key=lambda each: (each[0] == "same", each[1], each[2]))
    rows = [_row(catalogue, *ends, finding) for pair, finding in found.items() for ends in (pair, pair[::-1])]
    rows.sort(key=lambda row: (row["artifact_id"], row["other_id"]))
    return pa.Table.from_pylist(rows, schema=DUPLICATES)


def surely_same(duplicates: pa.Table) -> list[tuple[str, str]]:
    """Return the pairs of a `DUPLICATES` table that are listed as one thing, each once, in alphabetical order."""
    sure = pc.and_(pc.equal(duplicates["kind"], "same"), pc.greater_equal(duplicates["score"], SURE))
    columns = duplicates.filter(sure).select(["artifact_id", "other_id"]).to_pydict()
    return [(a, b) for a, b in zip(*columns.values(), strict=True) if a < b]


def address(url: str | None) -> str | None:
    """Return what an address names, whatever its spelling: host and path, of a repository's page the repository.

    >>> address("https://www.GitHub.com/Acme/Tool.git"), address("http://acme.org/tool/?ref=x")
    ('github.com/acme/tool', 'acme.org/tool')
    """
    try:
        parts = urlsplit((url or "").strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    path = [part for part in parts.path.lower().rstrip("/").removesuffix(".git").split("/") if part]
    if host in _REPOSITORY_HOSTS:
        # A folder within a repository is a thing of its own: one repository may hold many servers.
        path = path[:2] + [part for part in path[2:] if part not in _BRANCHES]
        return "/".join([host, *path]) if len(path) > 1 else None
    return "/".join([host, *path]) if host else None


def family(name: str) -> tuple[str, str]:
    """Return owner and the name without sizes, versions and builds; nothing where nothing else is left.

    >>> family("google/flan-t5-xl"), family("flan-t5-small"), family("2.0")
    (('google', 'flan t5'), ('', 'flan t5'), ('', ''))
    """
    owner, _, last = name.rpartition("/")
    words = [word for word in _PARTS.split(last.lower()) if word]
    return owner.lower(), " ".join(word for word in words if not _SIZE.fullmatch(word))


def _one_place(catalogue: Catalogue) -> Iterator[tuple[tuple[int, int], Found]]:
    addresses, packages = defaultdict(set), defaultdict(set)
    told_apart = _words_of_names(catalogue)
    for place, row in enumerate(catalogue.artifacts):
        extra = json.loads(row["extra"]) if row["extra"] else {}
        for url in (row["url"], extra.get("source_url"), extra.get("repository")):
            if isinstance(url, str) and (known := address(url)):
                addresses[known].add(place)
        for package in extra.get("packages") or ():
            if isinstance(package, dict) and package.get("name"):
                packages[f"{package.get('registry') or ''} {package['name']}".strip()].add(place)
    for bearers, score, what in ((packages, SAME_PACKAGE, "package"), (addresses, SAME_ADDRESS, "address")):
        for shared, places in sorted(bearers.items()):
            if len(places) <= MAX_BEARERS:
                for a, b in combinations(sorted(places), 2):
                    sure = what == "package" or _agree(told_apart[a], told_apart[b])
                    yield (a, b), ("same", score if sure else PERHAPS, f"both give the {what} {shared}")


def _words_of_names(catalogue: Catalogue) -> list[list[str]]:
    """Return for each artifact the words of its name that few bear: "server" tells nothing of a server."""
    words = [
        [word for word in _PARTS.split(catalogue.name(place).rsplit("/", 1)[-1].lower()) if word]
        for place in range(len(catalogue))
    ]
    bearers = Counter(word for each in words for word in set(each))
    return [[reference_key(word) for word in each if bearers[word] <= MAX_BEARERS] for each in words]


def _agree(left: Sequence[str], right: Sequence[str]) -> bool:
    """Say whether a word of the one name is part of the other."""
    names = "".join(left), "".join(right)
    pairs = ((left, names[1]), (right, names[0]))
    return any(len(word) >= MIN_WORD and word in name for words, name in pairs for word in words)


def _doubted(catalogue: Catalogue, pair: tuple[int, int], finding: Found) -> Found:
    """A product and the server made for it may have one name, vendor and address, and are two things."""
    kinds = {_kind(catalogue.artifacts[place]["type"]) for place in pair}
    kind, score, reason = finding
    return (kind, min(score, PERHAPS), f"{reason}, but are of unlike types") if len(kinds) > 1 else finding


def _kind(type_: str | None) -> str:
    """Return what a type says of what a thing is: one list's product is the next one's app."""
    words = _PARTS.split((type_ or "").lower().replace("finetune", "model"))
    return next((word for word in words if word in _APART), "program")


def _one_name(catalogue: Catalogue, pairs: pa.Table) -> Iterator[tuple[tuple[int, int], Found]]:
    bearers = defaultdict(list)
    for place, row in enumerate(catalogue.artifacts):
        if len(key := reference_key((row["name"] or "").rsplit("/", 1)[-1])) >= MIN_NAME:
            bearers[key].append(place)
    shared = {key: places for key, places in bearers.items() if 1 < len(places) <= MAX_BEARERS}
    if not shared:
        return
    words = tfidf(stemmed([row["description"] for row in catalogue.artifacts]).lists())
    concepts = concept_signal(catalogue, pairs)
    for places in shared.values():
        for a, b in combinations(places, 2):
            vendors = {catalogue.artifacts[each]["vendor"] for each in (a, b)}
            likeness = float((words[a] @ words[b].T).sum())
            owned = {_owner(catalogue.artifacts[each]) for each in (a, b)} - {""}
            score, whose = (PERHAPS, " of two owners") if len(owned) > 1 else (SAME_NAME, "")
            if len(vendors) == 1 and None not in vendors:
                yield (a, b), ("same", SAME_NAME, "the same name and vendor")
            elif concepts[a, b] >= SAME_CAPABILITIES:
                yield (a, b), ("same", score, f"the same name{whose} and mostly the same capabilities")
            elif likeness >= SAME_TEXT:
                yield (a, b), ("same", score, f"the same name{whose}, described alike (similarity {likeness:.2f})")


def _owner(row: Row) -> str:
    """Return who an artifact says it belongs to: its vendor, else what stands before its name."""
    return reference_key(row["vendor"] or family(row["name"] or "")[0])


def _variants(catalogue: Catalogue) -> Iterator[tuple[tuple[int, int], Found]]:
    families = defaultdict(list)
    for place, row in enumerate(catalogue.artifacts):
        owner, stem = family(row["name"] or "")
        if len(stem) > 1:
            families[owner or (row["vendor"] or "").lower(), row["type"], stem].append(place)
    for (_, _, stem), places in sorted(families.items(), key=str):
        if 1 < len(places) <= MAX_FAMILY:
            for a, b in combinations(places, 2):
                if reference_key(catalogue.name(a)) != reference_key(catalogue.name(b)):
                    yield (a, b), ("variant", VARIANT, f"variants of {stem}: names differ in size or version only")


def _row(catalogue: Catalogue, a: int, b: int, finding: Found) -> Row:
    kind, score, reason = finding
    said = "perhaps_same" if kind == "same" and score < SURE else kind
    reasons = json.dumps([{"kind": said, "text": reason, "weight": 1.0}], ensure_ascii=False)
    ends = {"artifact_id": catalogue.id(a), "other_id": catalogue.id(b)}
    return {**ends, "kind": kind, "score": score, "reasons": reasons}

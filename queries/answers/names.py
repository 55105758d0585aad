"""From what a person types to an artifact: by id, by name, by either regardless of case and signs. Never a guess."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from graph.errors import UnknownName, WrongUse
from graph.text import clean_name, normalise_query, slug
from queries.answers.one_thing import listed_as
from queries.answers.shapes import SnapshotTables

_CANDIDATES: Final = 5
_MAX_TYPED: Final = 300
"""Nobody types a longer name; looking for its like would take long."""


def resolve_artifact(snapshot: SnapshotTables, name: str) -> str:
    """Return the id of the artifact called `name`.

    Tried in this order: the exact id, the exact name, id or name in any case, id or name by letters and digits only
    ("flux 1 pro"). Where several fit and are one thing, it is the one under which that is listed. Raises `UnknownName`
    with the nearest names if nothing fits, and `WrongUse` naming the ids if several artifacts fit equally.
    """
    if snapshot.rows("artifacts", artifact_id=name):
        return name
    table = snapshot.table("artifacts")
    known = list(zip(table.column("artifact_id").to_pylist(), table.column("name").to_pylist(), strict=True))
    typed = clean_name(name)
    for fits in (_is_name, _is_in_any_case, _is_by_letters) if typed else ():
        found = sorted(key for key, own in known if fits(typed, key, own or ""))
        if len(found) == 1:
            return str(found[0])
        things = {listed_as(snapshot, one) for one in found}
        if len(things) == 1:
            return things.pop()
        if found:
            raise WrongUse(f"Several artifacts are called {name!r}: {', '.join(found[:20])}. Give one of these ids.")
    raise UnknownName("artifact", name, nearest_names(typed, [own or key for key, own in known]))


def resolve_concept(snapshot: SnapshotTables, uri: str) -> str:
    """Return the URI of the concept meant by a URI, an alias, or what follows `capability://` in either.

    Raises `UnknownName` if there is none.
    """
    full = uri if uri.startswith("capability:") else f"capability://{uri}"
    if snapshot.rows("concepts", concept_uri=full):
        return full
    aliases = snapshot.rows("concept_aliases", alias_uri=full)
    if not aliases:
        raise UnknownName("concept", uri)
    return str(aliases[0]["concept_uri"])


def _is_name(typed: str, _: str, name: str) -> bool:
    return typed == name


def _is_in_any_case(typed: str, artifact_id: str, name: str) -> bool:
    return typed.casefold() in (artifact_id.casefold(), name.casefold())


def _is_by_letters(typed: str, artifact_id: str, name: str) -> bool:
    last_part = artifact_id.replace(":", "/").rsplit("/", 1)[-1]
    return slug(typed) != "" and slug(typed) in (slug(artifact_id), slug(last_part), slug(name))


def nearest_names(typed: str, names: Iterable[str], limit: int = _CANDIDATES) -> list[str]:
    """Return the names most like what was typed, best first: those that contain its words, then similar spellings."""
    by_norm: dict[str, str] = {}
    for name in sorted(names):
        by_norm.setdefault(normalise_query(name), name)
    wanted = normalise_query(typed[:_MAX_TYPED])
    words = set(wanted.split())
    containing = [norm for norm in by_norm if words and words <= set(norm.split())]
    containing += [norm for norm in by_norm if len(wanted) > 2 and wanted in norm and norm not in containing]
    found = sorted(containing, key=lambda norm: (len(norm), norm))[:limit]
    found += [norm for norm in get_close_matches(wanted, list(by_norm), limit, 0.5) if norm not in found]
    return [by_norm[norm] for norm in found[:limit]]

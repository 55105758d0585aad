"""The templates: autoescaped, with the phrases that all renderings share, and addresses made in one place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from api.render.blocks import Block
from api.render.comparison import REASON_TITLES, capability_count, claims, head_to_head, one_thing
from api.render.descriptions import described, in_short, opening
from api.render.html import html_blocks
from api.render.numbers import NO_VALUE, chance, count, percent, rounded
from api.render.parts import printed_parts
from api.render.phrases import (
    SIMULATED_NOTE,
    matched_phrase,
    need_phrase,
    other_names_phrase,
    part_title,
    place_phrase,
    pricing_phrase,
    strength_phrase,
    type_title,
)
from api.render.ranking import certainty, listed_places
from api.render.related import kind_title
from api.render.wrapping import shortened
from graph.phrasing import counted

Answer = Mapping[str, Any]


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the environment of all templates, made once."""
    made = Environment(
        loader=PackageLoader("api.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        artifact_path=artifact_path,
        as_html=as_html,
        capability_count=capability_count,
        chance=chance,
        compare_path=lambda pair: compare_path(*pair),
        certainty=certainty,
        claims=claims,
        count=count,
        counted=counted,
        described=described,
        graph_path=lambda artifact_id: f"/graph/{quote(artifact_id)}",
        is_address=is_address,
        matched_phrase=matched_phrase,
        head_to_head=head_to_head,
        in_short=in_short,
        kind_title=kind_title,
        listed_places=listed_places,
        need_phrase=need_phrase,
        one_thing=one_thing,
        opening=opening,
        other_names_phrase=other_names_phrase,
        part_title=part_title,
        parts_side_by_side=parts_side_by_side,
        percent=percent,
        place_phrase=place_phrase,
        pricing_phrase=pricing_phrase,
        printed_parts=printed_parts,
        rounded=rounded,
        shortened=shortened,
        search_path=lambda text: f"/search?{urlencode({'q': text})}",
        strength=strength,
        type_title=type_title,
    )
    made.globals.update(static_path=static_path, SIMULATED_NOTE=SIMULATED_NOTE, REASON_TITLES=REASON_TITLES)
    return made


@lru_cache(maxsize=8)
def static_path(name: str) -> str:
    """Return the address of a file with a mark of its content, so that browsers may keep it."""
    return f"/static/{name}?{sha256(static_file(name)).hexdigest()[:10]}"


@lru_cache(maxsize=8)
def static_file(name: str) -> bytes:
    """Return the content of a file that pages need."""
    return files("api.pages").joinpath("static", name).read_bytes()


def artifact_path(artifact_id: str) -> str:
    """Return the address of an artifact's page."""
    return f"/artifacts/{quote(artifact_id)}"


BETWEEN: Final = "-vs-"


def compare_path(a: str, b: str) -> str:
    """Return the address of a comparison: one that cannot be read as another pair, whatever the ids hold."""
    if len(list(splits(f"{a}{BETWEEN}{b}"))) == 1:
        return f"/compare/{quote(a)}{BETWEEN}{quote(b)}"
    return f"/compare?{urlencode({'a': a, 'b': b})}"


def splits(pair: str) -> Iterator[tuple[str, str]]:
    """Yield each way to read the two sides from an address; ids may hold the words between them themselves.

    >>> list(splits("a-vs-b-vs-c"))
    [('a', 'b-vs-c'), ('a-vs-b', 'c')]
    """
    place = pair.find(BETWEEN)
    while place >= 0:
        yield pair[:place], pair[place + len(BETWEEN) :]
        place = pair.find(BETWEEN, place + 1)


def is_address(text: str | None) -> bool:
    """Say whether a text from data may become a link."""
    try:
        return urlsplit(text or "").scheme in ("http", "https")
    except ValueError:
        return False


def as_html(blocks: Iterable[Block]) -> Markup:
    """Return blocks as a fragment of a page; their texts are escaped there."""
    return Markup(html_blocks(list(blocks)))  # noqa: S704


def strength(row: Answer, prefix: str = "") -> str:
    """Write the strength of an edge, or of one side of a shared need, with its interval."""
    return strength_phrase(*(row[f"{prefix}strength{end}"] for end in ("", "_low", "_high")))


def parts_side_by_side(sides: tuple[Answer, Answer]) -> list[tuple[Answer, Answer]]:
    """Return each part of two ranks; one that a side lacks is not known there."""
    by_name = [{part["name"]: part for part in side["parts"]} for side in sides]
    names = dict.fromkeys(name for each in by_name for name in each)
    unknown = {"value": None, "weight": 0.0}
    return [(by_name[0].get(n, {**unknown, "name": n}), by_name[1].get(n, {**unknown, "name": n})) for n in names]


def json_ld(data: Mapping[str, Any]) -> Markup:
    """Return linked data for a script element: no text in it can end the element."""
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704


def artifact_data(side: Answer, base: str) -> dict[str, Any]:
    """Describe an artifact in the words of schema.org. A rank is no user rating, so none is claimed."""
    known = {
        "@type": "Dataset" if side["type"] == "dataset" else "SoftwareApplication",
        "@id": base + artifact_path(side["artifact_id"]),
        "name": side["name"],
        "description": side["description"],
        "url": side["url"] if is_address(side["url"]) else None,
        "license": side["license"],
        "applicationCategory": type_title(side["type"]) if side["type"] != "dataset" else None,
    }
    return {name: value for name, value in known.items() if value is not None and value != NO_VALUE}


def list_data(sides: Sequence[Answer], base: str) -> dict[str, Any]:
    """Describe a list of artifacts in order."""
    entries = [
        {"@type": "ListItem", "position": place, "url": base + artifact_path(side["artifact_id"]), "name": side["name"]}
        for place, side in enumerate(sides, start=1)
    ]
    return {"@type": "ItemList", "itemListElement": entries}

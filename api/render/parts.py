"""How a rank is made up: value, range, weight and points of every part, for one artifact or for several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from api.render.blocks import Column, Table
from api.render.numbers import NO_VALUE, add_up, interval, rounded
from api.render.phrases import Answer, part_title

HOW_TO_READ: Final = (
    "Value (0 to 100) × weight = points; the points add up to the rank. A part that is not known (—) is left out: its "
    "weight goes to the others and the interval is wider."
)


def parts_table(sides: Mapping[str, Answer], caption: str) -> Table:
    """Return the table of the parts of one or several ranks. `sides`: letter for the column titles, and artifact."""
    columns = [Column("Part")]
    for letter in sides:
        titles = (f"{letter} {title}".strip() for title in ("value", "range", "weight", "points"))
        columns += [Column(title if letter else title.capitalize(), numeric=True) for title in titles]
    names = list(dict.fromkeys(part["name"] for side in sides.values() for part in side["parts"]))
    cells = [_cells(side, names) for side in sides.values()]
    rows = tuple(
        (title, *(cell for side in cells for cell in side[place]))
        for place, title in enumerate([*map(part_title, names), "Rank"])
    )
    return Table(caption, tuple(columns), rows, total=True)


def printed_parts(side: Answer) -> dict[str, tuple[str, str]]:
    """Return for each part its weight and its points as they are printed, so that they add up to the printed sums."""
    names = [part["name"] for part in side["parts"]]
    return {name: (weight, points) for name, (_, _, weight, points) in zip(names, _cells(side, names), strict=False)}


def _cells(side: Answer, names: Sequence[str]) -> list[tuple[str, str, str, str]]:
    """Return value, range, weight and points of each part, then of their sum. Weights and points add up."""
    parts = {part["name"]: part for part in side["parts"]}
    found = [parts.get(name, {}) for name in names]
    weights, all_weights = add_up([_of_known(part, "weight", 100) for part in found])
    points, rank = add_up([_of_known(part, "contribution") for part in found])
    rows = [
        (rounded(_of_known(part, "value", 100)), _range(part), _percent(weight), point)
        for part, weight, point in zip(found, weights, points, strict=True)
    ]
    if side["rank"] is None:
        return [*rows, ("", "", "", NO_VALUE)]
    return [*rows, ("", interval(side["low"], side["high"], 0), _percent(all_weights), rank)]


def _of_known(part: Answer, name: str, scale: float = 1) -> float | None:
    """Return a number of a part, None if the part is not known: its weight of zero is no figure to show."""
    return None if part.get("value") is None else scale * float(part[name])


def _range(part: Answer) -> str:
    low, high = part.get("low"), part.get("high")
    return NO_VALUE if low is None or high is None else interval(100 * low, 100 * high, 0)


def _percent(number: str) -> str:
    return number if number == NO_VALUE else f"{number} %"

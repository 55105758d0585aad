"""What an artifact must be to be an answer: one record for searches, resolutions and alternatives, from every door."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import msgspec

from graph.errors import WrongUse
from queries.retrieval.facets import facet
from queries.retrieval.hosting import hosting_word

_MAX_NAMED: Final = 20


class Constraints(msgspec.Struct, frozen=True, kw_only=True):
    """All that is given must hold; of several inputs or outputs any."""

    type: str | None = None
    license: str | None = None
    price: str | None = None
    """A pricing model: free, freemium, ..."""
    hosting: str | None = None
    """Where it runs, as far as its source says: self-hosted, cloud, or another word that sources use."""
    tags: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()

    def facets(self) -> list[tuple[str, Sequence[str]]]:
        """Return facets with allowed values, one of which must hold, for all that is given."""
        place = None if self.hosting is None else hosting_word(self.hosting)
        single = {"type": self.type, "license": self.license, "price": self.price, "hosting": place}
        several = {"input": self.inputs, "output": self.outputs}
        return [
            *((name, [value]) for name, value in single.items() if value is not None),
            *(("tag", [tag]) for tag in self.tags),
            *((name, values) for name, values in several.items() if values),
        ]

    def met_by(self, facets: Iterable[str]) -> bool:
        """Say whether a thing with these facets (`queries.retrieval.facets`) is what is wanted."""
        held = set(facets)
        return all(any(facet(name, value) in held for value in values) for name, values in self.facets())


ANYTHING: Final = Constraints()


def check_known(
    wanted: Constraints, holds: Callable[[str, str], bool], known: Callable[[str], Mapping[str, int]]
) -> None:
    """Raise `WrongUse` for a value that nothing has.

    `holds` says whether anything has a facet with a value; `known`: facet → its values with how many have each, asked
    only for the message.
    """
    for name, values in wanted.facets():
        for value in values:
            if not holds(name, value):
                there = known(name)
                common = sorted(there, key=lambda each: (-there[each], each))[:_MAX_NAMED]
                raise WrongUse(f"Nothing here has the {name} {value!r}. Known: {', '.join(sorted(common)) or 'none'}.")

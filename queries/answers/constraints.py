"""What an artifact must be to be an answer: one record for searches and resolutions, from every door."""

from __future__ import annotations

from typing import Final

import msgspec


class Constraints(msgspec.Struct, frozen=True, kw_only=True):
    """All that is given must hold; of several tags, inputs or outputs any."""

    type: str | None = None
    license: str | None = None
    price: str | None = None
    """A pricing model: free, freemium, ..."""
    tags: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()

    def facets(self) -> dict[str, list[str]]:
        """Return facet of the text index → values, for what is given."""
        single = {"type": self.type, "license": self.license, "price": self.price}
        several = {"tag": self.tags, "input": self.inputs, "output": self.outputs}
        found = {name: [value] for name, value in single.items() if value is not None}
        return {**found, **{name: list(values) for name, values in several.items() if values}}


ANYTHING: Final = Constraints()

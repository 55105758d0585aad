"""What an artifact must be, as programs and agents say it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from queries.answers.constraints import Constraints

Words = Annotated[list[Annotated[str, Field(min_length=1, max_length=100)]], Field(max_length=20)]


class Constrained(BaseModel):
    """What an artifact must be, for searches, resolutions and alternatives alike."""

    model_config = ConfigDict(extra="forbid")

    type: Annotated[str | None, Field(max_length=100, description="Type of artifact, for example model or mcp.")] = None
    license: Annotated[str | None, Field(max_length=200)] = None
    price: Annotated[str | None, Field(max_length=50, description="Pricing model: free, freemium, ...")] = None
    hosting: Annotated[str | None, Field(max_length=50, description="Where it runs: self-hosted, cloud, ...")] = None
    tags: Annotated[Words, Field(description="All of these tags.")] = []
    inputs: Annotated[Words, Field(description="Takes any of these.")] = []
    outputs: Annotated[Words, Field(description="Gives any of these.")] = []

    def constraints(self) -> Constraints:
        """Return what the artifacts must be."""
        several = {name: tuple(getattr(self, name)) for name in ("tags", "inputs", "outputs")}
        return Constraints(type=self.type, license=self.license, price=self.price, hosting=self.hosting, **several)

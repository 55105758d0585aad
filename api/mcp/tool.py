"""What a tool of the MCP server is, and what it gets to answer a call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from api.feedback.recording import Feedback
from api.feedback.serving import Audience
from api.http.live_snapshot import LiveSnapshot
from api.render.blocks import Page
from graph.home import Home
from graph.projections.neo4j_server import Neo4jAddress
from graph.projections.query_budget import Budget
from graph.snapshot import Snapshot

Name = Annotated[str, Field(min_length=1, max_length=300, description="Id or name of an artifact.")]


@dataclass(frozen=True)
class Desk:
    """Where answers come from, and who asks; one for each call."""

    home: Home
    live: LiveSnapshot
    feedback: Feedback
    client_id: str
    in_thread: Callable[..., Awaitable[Any]]
    """Does work beside the event loop: called with a function and its arguments."""
    query: Callable[[Callable[[Budget], Any]], Awaitable[Any]]
    """Runs an analyst's query, given as a function of its budget; raises `Problem` where the agent may not."""
    neo4j: Neo4jAddress | None = None
    """The server that Cypher is sent to, if there is one."""
    address: str = ""
    """Where the agent is, if that is known."""
    for_operator: bool = True
    """Whether the agent may see what is the operator's alone: on his own machine, or with a key of the scope admin."""

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot in use; raises `NothingThere` or `DamagedHome`."""
        return self.live.get()

    @property
    def audience(self) -> Audience:
        """The agent that asks."""
        return Audience(self.client_id, "agent", datetime.now(UTC), self.address)


class Input(BaseModel):
    """What goes into a tool."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class Tool:
    """One tool."""

    name: str
    description: str
    input: type[BaseModel]
    output: type[msgspec.Struct]
    run: Callable[[Desk, Any], Awaitable[msgspec.Struct]]
    page: Callable[[Any], Page] | None = None
    """How the answer is written for reading; None: as JSON."""
    read_only: bool = True
    there: Callable[[Desk], bool] = lambda _: True
    """Whether it is listed."""

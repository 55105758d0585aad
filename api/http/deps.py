"""What routes need, as named types.

The dependencies are coroutines though they wait for nothing: FastAPI would send plain functions through a thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request

from api.access.keys import ApiKey
from api.http.problems import Problem
from api.http.state import ServerState
from graph.snapshot import Snapshot

Result = TypeVar("Result")


@dataclass(frozen=True)
class Caller:
    """Who asks, as far as that is known."""

    key: ApiKey | None
    address: str
    client_id: str
    """Stable pseudonym: of the key and the client that it names, else of the address alone: everything else about
    itself a client can make up at will."""
    bot: bool
    """Whether it says of itself to be a crawler, or leaves answers unseen."""

    @property
    def own_address(self) -> str:
        """The asker's own address; empty for a key, whose application may ask for many people from one address."""
        return self.address if self.key is None else ""

    def allows(self, scope: str) -> bool:
        """Say whether the caller has shown a key with this scope."""
        return self.key is not None and self.key.allows(scope)


def require_scope(caller: Caller, scope: str) -> None:
    """Raise `Problem` unless the caller has shown a key with the scope."""
    if caller.key is None:
        detail = f"Send it as Authorization: Bearer KEY. Scope: {scope}."
        raise Problem("key-needed", detail, headers={"WWW-Authenticate": "Bearer"})
    if not caller.allows(scope):
        raise Problem("scope-missing", f"It lacks the scope {scope}.")


async def server_state(request: Request) -> ServerState:
    """Return what the server keeps between requests."""
    state: ServerState = request.app.state.server
    return state


async def caller_of(request: Request) -> Caller:
    """Return the caller, as the gate found it."""
    caller: Caller = request.scope["caller"]
    return caller


async def snapshot_of(request: Request) -> Snapshot:
    """Return the snapshot that this request is answered from."""
    return (await server_state(request)).live.get()


StateDep = Annotated[ServerState, Depends(server_state)]
CallerDep = Annotated[Caller, Depends(caller_of)]
SnapshotDep = Annotated[Snapshot, Depends(snapshot_of)]


async def in_thread(state: ServerState, work: Callable[..., Result], *arguments: Any, **named: Any) -> Result:
    """Do what takes a while beside the event loop, within the time of a request; raises `Problem` (timed-out)."""
    return await state.threads.run(work, *arguments, **named)

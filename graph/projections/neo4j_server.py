"""A connection to a Neo4j server, with errors that say what to do. Needs the extra `neo4j`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graph.errors import ServerTrouble, WrongUse

if TYPE_CHECKING:
    import neo4j

OLDEST: Final = (5, 23)
"""The first version that knows `CALL (n) { … }`; 5.26 is the one with long-term support."""
SCHEMES: Final = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
_PATIENCE_SECONDS: Final = 15.0


@dataclass(frozen=True)
class Neo4jAddress:
    """Where a server is and how it lets one in."""

    uri: str
    """`bolt://host:port` for one server, `neo4j://host:port` for a cluster with routing; `+s` for TLS."""
    user: str = "neo4j"
    password: str = ""
    """Empty: no authentication."""
    database: str | None = None
    """None: the server's default."""


@contextmanager
def neo4j_driver(address: Neo4jAddress) -> Iterator[neo4j.Driver]:
    """Open a driver whose server answers, lets us in and is new enough; errors become `ServerTrouble`.

    Raises `WrongUse` if the driver is not installed or the address is none.
    """
    try:
        import neo4j
        from neo4j import exceptions
    except ImportError as error:
        raise WrongUse("The Neo4j driver is not installed. Run: pip install 'matchgraph[neo4j]'") from error
    if address.uri.partition("://")[0] not in SCHEMES:
        raise WrongUse(f"{address.uri!r} is not an address of Neo4j, such as bolt://localhost:7687.")
    auth = (address.user, address.password) if address.password else None
    try:
        driver = neo4j.GraphDatabase.driver(
            address.uri,
            auth=auth,
            connection_timeout=_PATIENCE_SECONDS,
            max_transaction_retry_time=_PATIENCE_SECONDS,
            notifications_min_severity="OFF",
        )
    except (exceptions.ConfigurationError, ValueError) as error:
        raise WrongUse(f"{address.uri!r} is not an address of Neo4j, such as bolt://localhost:7687. {error}") from error
    with driver:
        try:
            _check_version(driver.get_server_info().agent)
            yield driver
        except exceptions.ConfigurationError as error:  # the driver asks what older servers cannot do
            raise _too_old(f"at {address.uri} too old") from error
        except exceptions.AuthError as error:
            raise ServerTrouble(
                f"Neo4j at {address.uri} does not accept the user {address.user!r} with this password. "
                "Give --user and MATCHGRAPH_NEO4J_PASSWORD."
            ) from error
        except (exceptions.ServiceUnavailable, exceptions.SessionExpired, OSError) as error:
            raise ServerTrouble(
                f"No Neo4j server answers at {address.uri}, or the connection was lost. Start it, or correct the "
                f"address; then run the same command again. ({error})"
            ) from error
        except exceptions.Neo4jError as error:
            raise ServerTrouble(f"Neo4j at {address.uri} refused: {error.message or error}") from error


def _check_version(agent: str) -> None:
    version = agent.removeprefix("Neo4j/").split(".")
    try:
        found = tuple(int("".join(c for c in part if c.isdigit())) for part in version[:2])
    except ValueError:
        found = ()
    if found < OLDEST:
        raise _too_old(agent)


def _too_old(found: str) -> ServerTrouble:
    wanted = ".".join(map(str, OLDEST))
    return ServerTrouble(f"The server is {found}; Neo4j {wanted} or newer is needed, best 5.26 (long-term support).")

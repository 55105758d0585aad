"""Settings of servers and job: from flags, then the environment, then `settings.toml` in the home, then the defaults.

An environment variable is called after its setting: MATCHGRAPH_RATE_LIMIT for `rate_limit`. Lists are written with
commas there.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from graph.errors import BadInput, WrongUse
from graph.projections.neo4j_server import SCHEMES, Neo4jAddress
from queries.counting.withholding import K_ANONYMITY
from queries.text.encoders.contract import BUILT_IN

FILE_NAME: Final = "settings.toml"
PREFIX: Final = "MATCHGRAPH_"

Seconds = Annotated[float, Field(gt=0, le=86_400)]
Count = Annotated[int, Field(ge=0)]


class Settings(BaseModel):
    """What can be set, with defaults that are safe on the open internet."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field("127.0.0.1", description="Address to listen at; 0.0.0.0 for all.")
    port: int = Field(8000, ge=0, le=65_535, description="Port to listen at; 0 takes a free one.")
    public_url: str | None = Field(
        None, pattern=r"^https?://[^\s/?#]+$", description="Address under which the world sees the server."
    )
    trusted_proxies: tuple[str, ...] = Field((), description="Addresses of proxies whose X-Forwarded-For counts.")
    cors_origins: tuple[str, ...] = Field((), description="Web origins that may read answers; none by default.")
    read_needs_key: bool = Field(False, description="Whether reading needs an API key with the scope read.")
    rate_limit: Count = Field(60, description="Requests a minute for an address without a key; 0: no limit.")
    rate_limit_keyed: Count = Field(300, description="Requests a minute for an API key; 0: no limit.")
    max_body_bytes: int = Field(1 << 20, ge=1, description="Largest body of a request.")
    max_connections: int = Field(512, ge=1, description="Connections at once; further ones get a 503.")
    request_seconds: Seconds = Field(10, description="Time for an answer.")
    queue_seconds: Seconds = Field(2, description="Longest wait for an answer's turn; else a 503 says when to ask.")
    receive_seconds: Seconds = Field(10, description="Time for a client to send a request.")
    search_threads: int = Field(4, ge=1, le=64, description="Requests that are worked on at once.")
    search_processes: int = Field(2, ge=0, le=64, description="Processes that search; 0: the server's own threads do.")
    queries_need_key: bool = Field(True, description="Whether SQL, SPARQL and Cypher need an API key (read).")
    query_processes: int = Field(2, ge=1, le=64, description="Queries that run at once, each in a process of its own.")
    query_seconds: Seconds = Field(5, description="Time that a query may take.")
    query_rows: int = Field(10_000, ge=1, description="Rows that a query may return.")
    query_memory_mb: int = Field(512, ge=64, description="Memory that a query may use, in MB.")
    neo4j_uri: str | None = Field(
        None, pattern=rf"^({'|'.join(map(re.escape, SCHEMES))})://\S+$", description="Neo4j server for Cypher, if any."
    )
    neo4j_user: str = Field("neo4j", description="User of the Neo4j server; one that may only read is best.")
    neo4j_password: SecretStr = Field(SecretStr(""), description="Password of that user; never shown.")
    neo4j_database: str | None = Field(None, description="Database on the Neo4j server; its own default if not set.")
    token_hours: Annotated[float, Field(gt=0, le=8_784)] = Field(72, description="Life of a callback token.")
    import_seconds: Seconds = Field(30, description="Time between imports of feedback into the ledger.")
    k_anonymity: int = Field(K_ANONYMITY, ge=1, description="Recompute shows texts that so many clients asked.")
    encoder: str | None = Field(None, description="What turns texts into vectors at recompute, if not the built-in.")
    log_requests: bool = Field(False, description="Whether each request gets a line on stderr.")

    @property
    def encoder_name(self) -> str:
        """The encoder as `queries.recompute.recompute` takes it."""
        return self.encoder or BUILT_IN

    @property
    def neo4j(self) -> Neo4jAddress | None:
        """The Neo4j server that Cypher is sent to; None: Cypher cannot be asked."""
        if self.neo4j_uri is None:
            return None
        password = self.neo4j_password.get_secret_value()
        return Neo4jAddress(self.neo4j_uri, self.neo4j_user, password, self.neo4j_database)


class Origin(BaseModel):
    """A setting's value and where it comes from."""

    value: Any
    origin: str
    """`flag`, `environment NAME`, `file PATH` or `default`."""


def load_settings(
    home_path: Path, environment: Mapping[str, str], flags: Mapping[str, Any] | None = None
) -> tuple[Settings, dict[str, Origin]]:
    """Return the settings in force and the origin of each. Raises `WrongUse` or `BadInput` naming the place."""
    given = {name: (value, "flag") for name, value in (flags or {}).items() if value is not None}
    for name in Settings.model_fields:
        variable = PREFIX + name.upper()
        if variable in environment:
            given.setdefault(name, (_from_text(name, environment[variable]), f"environment {variable}"))
    file = home_path / FILE_NAME
    for name, value in _of_file(file).items():
        given.setdefault(name, (value, f"file {file}"))
    settings = _checked({name: value for name, (value, _) in given.items()}, given)
    return settings, {
        name: Origin(value=value, origin=given[name][1] if name in given else "default")
        for name, value in settings.model_dump(mode="json").items()
    }


def _from_text(name: str, text: str) -> Any:
    """Return a list for settings that are lists; pydantic reads all others from text."""
    if isinstance(Settings.model_fields[name].default, tuple):
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def _of_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise BadInput(f"{path} cannot be read ({error}). It must be TOML: a line `name = value` a setting.") from error


def _checked(values: Mapping[str, Any], given: Mapping[str, tuple[Any, str]]) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        faults = []
        for fault in error.errors():
            name = str(fault["loc"][0]) if fault["loc"] else "settings"
            faults.append(f"{name} ({given[name][1] if name in given else 'settings'}): {fault['msg']}")
        raise WrongUse("; ".join(faults) + ". See: matchgraph config show --origin") from error

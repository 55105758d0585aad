"""A Neo4j server of a measurement's own, from its jars: Java's command for it, and the server while it runs."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import neo4j
from neo4j import exceptions

ADMIN: Final = "org.neo4j.cli.AdminTool"
"""The program `neo4j-admin`."""

_SERVER: Final = "org.neo4j.server.CommunityEntryPoint"
_OPENED: Final = ("java.nio", "java.lang", "java.io", "sun.nio.ch", "java.util.concurrent")
_PATIENCE_SECONDS: Final = 600
_CONFIGURED: Final = """server.bolt.listen_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
dbms.security.auth_enabled=false
dbms.usage_report.enabled=false
server.memory.pagecache.size={page_cache}
"""


def java_with(jars: Path) -> list[str]:
    """Return the beginning of a command that runs one of Neo4j's programs; options and its class come after it."""
    opened = (f"--add-opens=java.base/{part}=ALL-UNNAMED" for part in _OPENED)
    return ["java", *opened, "-cp", f"{jars.absolute()}/*"]


@contextmanager
def started(java: list[str], home: Path, page_cache: str = "1g") -> Iterator[tuple[neo4j.Driver, int]]:
    """Give a driver to a server on the database in `home`, and its process id; it is stopped at the end.

    It listens at a free port of loopback and asks for no password. `java`: as `java_with`, with options.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for name in ("conf", "logs"):
        (home / name).mkdir(parents=True, exist_ok=True)
    (home / "conf" / "neo4j.conf").write_text(_CONFIGURED.format(port=port, page_cache=page_cache), "utf-8")
    program = [_SERVER, f"--home-dir={home}", f"--config-dir={home}/conf", "--console-mode"]
    with (home / "logs" / "server.log").open("wb") as log:
        server = subprocess.Popen([*java, *program], stdout=log, stderr=log)
    try:
        with neo4j.GraphDatabase.driver(f"bolt://127.0.0.1:{port}", notifications_min_severity="OFF") as driver:
            _wait_for(driver)
            yield driver, server.pid
    finally:
        server.terminate()
        server.wait(_PATIENCE_SECONDS)


def _wait_for(driver: neo4j.Driver) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            driver.execute_query("RETURN 1")
            return
        except (exceptions.ServiceUnavailable, exceptions.TransientError):
            if time.monotonic() > end:
                raise
            time.sleep(0.5)

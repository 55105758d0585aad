"""The first load by Neo4j's importer: files, importer, a server on the result, and the exports that go on from it."""

from __future__ import annotations

import os
import resource
import shlex
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import neo4j
from neo4j import exceptions

from bench.costs import cpu_of, say, timed
from graph.projections.neo4j_export import export_to_neo4j
from graph.projections.neo4j_files import write_neo4j_files
from graph.projections.neo4j_import import run_importer
from graph.snapshot import Snapshot

_ADMIN: Final = "org.neo4j.cli.AdminTool"
_SERVER: Final = "org.neo4j.server.CommunityEntryPoint"
_OPENED: Final = ("java.nio", "java.lang", "java.io", "sun.nio.ch", "java.util.concurrent")
_PATIENCE_SECONDS: Final = 600
_CONFIGURED: Final = """server.bolt.listen_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
dbms.security.auth_enabled=false
dbms.usage_report.enabled=false
server.memory.pagecache.size=1g
"""


@contextmanager
def loaded_by_importer(snapshot: Snapshot, jars: Path, workplace: Path | None) -> Iterator[neo4j.Driver]:
    """Load a database of its own, and twice again from the server that is started on it, which may be asked then.

    Prints what each step costs, and the whole first load: files, importer and the export that makes constraints,
    indexes and what files cannot say. The start of the server is told apart: it is not work for the graph. `workplace`:
    where files and database lie meanwhile, 3 kB for each element.
    """
    with TemporaryDirectory(dir=workplace) as folder:
        files, home = Path(folder) / "files", Path(folder) / "neo4j"
        (home / "conf").mkdir(parents=True)
        (home / "conf" / "neo4j.conf").touch()
        java = [
            "java",
            *(f"--add-opens=java.base/{part}=ALL-UNNAMED" for part in _OPENED),
            "-cp",
            f"{jars.absolute()}/*",
        ]
        steps = {"files": timed(lambda: write_neo4j_files(snapshot, files))[0]}
        steps["importer"], told = _timed_child(
            lambda: run_importer(files, shlex.join(["env", f"NEO4J_HOME={home}", *java, "-Xmx1g", _ADMIN]))
        )
        began = time.perf_counter()
        with _started(java, home) as (driver, pid):
            started = {"seconds": round(time.perf_counter() - began, 3), "cpu": round(cpu_of(pid), 3)}
            steps["export"], done = timed(lambda: export_to_neo4j(snapshot, driver), pid)
            second, again = timed(lambda: export_to_neo4j(snapshot, driver), pid)
            for name, step in {**steps, "start of the server, not counted": started}.items():
                say(what=f"neo4j by its importer: {name}", **step)
            used = {name: round(sum(step[name] for step in steps.values()), 3) for name in ("seconds", "cpu")}
            share = round(second["cpu"] / used["cpu"], 4)
            ways = {"way": done.way, "second_way": again.way, "second_share": share}
            say(what="neo4j by its importer", **ways, **speed(_imported(told), used))
            yield driver


def _imported(told: str) -> int:
    """Return the nodes and relationships of which the importer tells at its end."""
    numbers = told.partition("Imported:")[2]
    return sum(int(numbers.split(f" {what}")[0].split()[-1]) for what in ("nodes", "rel"))


def speed(elements: int, used: dict[str, float]) -> dict[str, float]:
    """Return the figures of a load: by the clock, and by the CPU time of all that took part."""
    return {
        "elements": elements,
        **used,
        "elements_a_second": round(elements / used["seconds"]),
        "elements_a_two_cpu_seconds": round(2 * elements / used["cpu"]),
    }


def _timed_child(run: Callable[[], Any]) -> tuple[dict[str, float], Any]:
    """As `timed`, for work in a program that has ended when `run` returns."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    used, result = timed(run)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": used["seconds"], "cpu": round(used["cpu"] + cpu, 3)}, result


@contextmanager
def _started(java: list[str], home: Path) -> Iterator[tuple[neo4j.Driver, int]]:
    """A server on a database, at a free port of loopback, without a password; it is stopped at the end."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (home / "conf" / "neo4j.conf").write_text(_CONFIGURED.format(port=port))
    (home / "logs").mkdir(exist_ok=True)
    folders = [f"--home-dir={home}", f"--config-dir={home}/conf", "--console-mode"]
    with (home / "logs" / "server.log").open("wb") as log:
        server = subprocess.Popen([*java, "-Xmx3g", _SERVER, *folders], stdout=log, stderr=log, env=os.environ)
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

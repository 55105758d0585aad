"""The first load by Neo4j's importer: files, importer, a server on the result, and the exports that go on from it."""

from __future__ import annotations

import resource
import shlex
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import neo4j

from bench.costs import cpu_of, say, timed
from bench.neo4j_server import ADMIN, java_with, started
from graph.projections.neo4j_export import export_to_neo4j
from graph.projections.neo4j_files import write_neo4j_files
from graph.projections.neo4j_import import run_importer
from graph.snapshot import Snapshot


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
        java = java_with(jars)
        steps = {"files": timed(lambda: write_neo4j_files(snapshot, files))[0]}
        steps["importer"], told = _timed_child(
            lambda: run_importer(files, shlex.join(["env", f"NEO4J_HOME={home}", *java, "-Xmx1g", ADMIN]))
        )
        began = time.perf_counter()
        with started([*java, "-Xmx3g"], home) as (driver, pid):
            waited = {"seconds": round(time.perf_counter() - began, 3), "cpu": round(cpu_of(pid), 3)}
            steps["export"], done = timed(lambda: export_to_neo4j(snapshot, driver), pid)
            second, again = timed(lambda: export_to_neo4j(snapshot, driver), pid)
            for name, step in {**steps, "start of the server, not counted": waited}.items():
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

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import neo4j
import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

from api.demo import DemoAnswers, run_demo
from graph.home import Home
from graph.projections.neo4j_export import export_to_neo4j
from graph.projections.neo4j_server import Neo4jAddress, neo4j_driver
from graph.projections.query_budget import Budget
from graph.projections.ready_processes import ready_processes
from graph.snapshot import Snapshot
from tests.missing import missing

NEO4J_FILES: Final = frozenset(
    f"tests/{name}.py"
    for name in (
        "api/cli/test_neo4j",
        "api/cli/test_queries",
        "api/http/test_cypher",
        "api/mcp/test_server",
        "graph/projections/test_neo4j",
        "graph/saved_queries/test_running",
    )
)
"""Files with tests of the one Neo4j server, which they fill and empty."""

SPARK_FOLDER: Final = "tests/queries/counting/engines/"
"""Its tests share a session: starting one takes longer than any of them."""

NEO4J: Final = "neo4j"
"""What the tests of the one Neo4j server are handed out as."""

LONGEST: Final = (
    SPARK_FOLDER,
    "tests/api/test_real_data.py",
    NEO4J,
    "tests/docs/test_examples.py",
    "tests/api/test_erasure.py",
    "tests/queries/counting/test_kept_counts.py",
    "tests/graph/projections/test_neo4j_files.py",
    "tests/queries/answers/test_ledger_rows.py",
    "tests/graph/projections/test_rdf_export.py",
    "tests/api/http/test_openapi.py",
)
"""What takes a minute or more, handed out first: the last to begin would keep one processor idle."""

settings.register_profile("busy machine", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy machine")  # what takes long there is not wrong
settings.register_profile("thorough", settings.default, max_examples=2_000)
"""For those who have time: pytest --hypothesis-profile=thorough."""


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Where tests run in several processes, those of one file run in one, and so do all files that share a server."""
    return ByFileAndServer(config, log)


class ByFileAndServer(LoadScopeScheduling):
    """Hands out whole files, those of one server together."""

    def _split_scope(self, nodeid: str) -> str:
        return handed_out_as(nodeid)


def handed_out_as(nodeid: str) -> str:
    """Return the name of what a test is handed out with."""
    file = nodeid.partition("::")[0]
    if file.startswith(SPARK_FOLDER):
        return SPARK_FOLDER
    return NEO4J if file in NEO4J_FILES else file


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest first where several processes run; refuse tests of Neo4j's server that others could run beside.

    The scheduler keeps this order: by itself it would begin with the files of the most tests.
    """
    if "PYTEST_XDIST_WORKER" in os.environ:
        places = {name: place for place, name in enumerate(LONGEST)}
        items.sort(key=lambda item: places.get(handed_out_as(item.nodeid), len(LONGEST)))
    files = {item.nodeid.partition("::")[0] for item in items if "neo4j_address" in getattr(item, "fixturenames", ())}
    if not files <= NEO4J_FILES:
        raise pytest.UsageError(f"Name these in NEO4J_FILES of tests/conftest.py: {sorted(files - NEO4J_FILES)}")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoAnswers:
    """The demo, run once for all tests that want a home with data."""
    return run_demo(Home(tmp_path_factory.mktemp("demo") / "home"))


@pytest.fixture(scope="session")
def demo_home(demo: DemoAnswers) -> Home:
    """A home with the bundled example data and a snapshot. Tests must leave it as it is."""
    return Home(Path(demo.home))


@pytest.fixture(scope="session")
def demo_snapshot(demo_home: Home) -> Snapshot:
    """The snapshot of the bundled example data."""
    return Snapshot.open(demo_home)


@pytest.fixture(scope="session")
def quick() -> Iterator[Budget]:
    """Queries run as on a server, in processes that need not start."""
    processes = ready_processes()
    yield Budget(processes=processes)
    if processes is not None:
        processes.close()


@pytest.fixture(scope="session")
def neo4j_address() -> Neo4jAddress:
    """The real Neo4j server of the tests. `.ci/run` starts it; there its absence is a failure, elsewhere a skip."""
    uri = os.environ.get("MATCHGRAPH_TEST_NEO4J")
    if uri is None:
        missing("No Neo4j server: run .ci/neo4j/server start, set MATCHGRAPH_TEST_NEO4J=bolt://127.0.0.1:27687")
    return Neo4jAddress(uri, "neo4j", "matchgraph-tests")


@pytest.fixture(scope="session")
def neo4j_server(neo4j_address: Neo4jAddress) -> Iterator[neo4j.Driver]:
    """A driver to the server, whatever that holds."""
    with neo4j_driver(neo4j_address) as driver:
        yield driver


@pytest.fixture
def empty_neo4j(neo4j_server: neo4j.Driver) -> neo4j.Driver:
    """A driver to the server, its database empty."""
    with neo4j_server.session() as session:
        # Edges first: a single node may have more of them than fit into one transaction.
        session.run("MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 5000 ROWS").consume()
        session.run("MATCH (n) CALL (n) { DELETE n } IN TRANSACTIONS OF 5000 ROWS").consume()
    return neo4j_server


@pytest.fixture
def demo_neo4j(neo4j_server: neo4j.Driver, demo_snapshot: Snapshot) -> neo4j.Driver:
    """A driver to the server, which holds the demo's snapshot. Nothing is written where it does already."""
    export_to_neo4j(demo_snapshot, neo4j_server)
    return neo4j_server

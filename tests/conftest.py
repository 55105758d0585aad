from pathlib import Path

import pytest

from api.demo import DemoAnswers, run_demo
from graph.home import Home
from graph.snapshot import Snapshot


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

from pathlib import Path

import pytest

from api.demo import DemoAnswers, run_demo
from graph.home import Home


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoAnswers:
    """The demo, run once for all tests of the front doors."""
    return run_demo(Home(tmp_path_factory.mktemp("demo") / "home"))


@pytest.fixture(scope="session")
def demo_home(demo: DemoAnswers) -> Home:
    """A home with the bundled example data and a snapshot. Tests must leave it as it is."""
    return Home(Path(demo.home))

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from graph.home import Home
from tests.api.http.serving import Client, Server, serving


@pytest.fixture(scope="session")
def server(demo_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a copy of the demo's home, for tests that leave the ledger's answers as they are."""
    home = tmp_path_factory.mktemp("served") / "home"
    copytree(demo_home.path, home)
    with serving(home) as running:
        yield running


@pytest.fixture
def client(server: Server) -> Client:
    return server.client()


@pytest.fixture
def own_home(demo_home: Home, tmp_path: Path) -> Path:
    """A copy of the demo's home for one test alone."""
    copytree(demo_home.path, tmp_path / "home")
    return tmp_path / "home"

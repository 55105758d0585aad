import json
from pathlib import Path
from typing import Any

import pytest

from api.cli import run
from graph.home import Home
from tests.api.logs import home_with_secret, import_log, random_log


class Caller:
    """Calls commands on one home."""

    def __init__(self, home: Home, capsys: pytest.CaptureFixture[str]) -> None:
        self._home = home
        self._capsys = capsys
        self.said = ""

    def text(self, *arguments: str, code: int = 0) -> str:
        """Return what a command prints on stdout; what it says on stderr is kept in `said`."""
        found, printed = self.any_code(*arguments)
        assert found == code
        return printed

    def any_code(self, *arguments: str) -> tuple[int, str]:
        """Return the exit code and what a command prints."""
        code = run([*arguments, "--home", str(self._home.path)])
        caught = self._capsys.readouterr()
        self.said = caught.err
        return code, caught.out

    def json(self, *arguments: str, code: int = 0) -> Any:
        """Return the JSON that a command prints."""
        return json.loads(self.text(*arguments, "--json", code=code))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with a small log, to which commands without `--home` belong."""
    made = home_with_secret(tmp_path / "home")
    import_log(made, tmp_path / "log", random_log(1))
    monkeypatch.setenv("MATCHGRAPH_HOME", str(made.path))
    monkeypatch.setenv("COLUMNS", "100")
    return made


@pytest.fixture
def call(demo_home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Caller:
    monkeypatch.setenv("COLUMNS", "100")
    return Caller(demo_home, capsys)

import tomllib
from pathlib import Path

from graph.code_version import code_version


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((Path(__file__).resolve().parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    assert code_version() == project["version"]

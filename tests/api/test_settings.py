"""Settings: what wins over what, where each comes from, and what is said of a wrong one."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from api.cli.app import app
from api.settings import FILE_NAME, Settings, load_settings
from graph.errors import BadInput, WrongUse


def write(home: Path, text: str) -> Path:
    (home / FILE_NAME).write_text(text)
    return home


def test_flags_win_over_the_environment_that_over_the_file_that_over_the_defaults(tmp_path: Path) -> None:
    home = write(tmp_path, "port = 1\nrate_limit = 1\ntoken_hours = 1\n")
    environment = {"MATCHGRAPH_PORT": "2", "MATCHGRAPH_RATE_LIMIT": "2", "OTHER": "x"}
    settings, origins = load_settings(home, environment, {"port": 3, "host": None})
    assert (settings.port, settings.rate_limit, settings.token_hours, settings.host) == (3, 2, 1, "127.0.0.1")
    told = {name: origins[name].origin for name in ("port", "rate_limit", "token_hours", "host")}
    assert told == {
        "port": "flag",
        "rate_limit": "environment MATCHGRAPH_RATE_LIMIT",
        "token_hours": f"file {home / FILE_NAME}",
        "host": "default",
    }
    assert set(origins) == set(Settings.model_fields)


def test_lists_are_written_with_commas_in_the_environment(tmp_path: Path) -> None:
    settings, _ = load_settings(tmp_path, {"MATCHGRAPH_TRUSTED_PROXIES": "10.0.0.1, 10.0.0.2,"})
    assert settings.trusted_proxies == ("10.0.0.1", "10.0.0.2")
    settings, _ = load_settings(write(tmp_path, 'trusted_proxies = ["10.0.0.3"]'), {})
    assert settings.trusted_proxies == ("10.0.0.3",)


@pytest.mark.parametrize(
    ("environment", "file", "said"),
    [
        ({"MATCHGRAPH_PORT": "many"}, "", r"port \(environment MATCHGRAPH_PORT\)"),
        ({}, "port = 70000", r"port \(file .*settings\.toml\)"),
        ({}, "prot = 80", r"prot \(file .*settings\.toml\)"),
        ({"MATCHGRAPH_PUBLIC_URL": "javascript:alert(1)"}, "", "public_url"),
    ],
)
def test_a_wrong_setting_is_named_with_its_place(
    tmp_path: Path, environment: dict[str, str], file: str, said: str
) -> None:
    with pytest.raises(WrongUse, match=said):
        load_settings(write(tmp_path, file), environment)


def test_a_file_that_is_no_toml_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="must be TOML"):
        load_settings(write(tmp_path, "port: 80"), {})


def test_config_show_says_where_each_value_comes_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATCHGRAPH_SEARCH_THREADS", "7")
    command = ["config", "show", "--origin", "--json", "--home", str(write(tmp_path, "port = 9"))]
    told = json.loads(CliRunner().invoke(app, command, standalone_mode=False).stdout)
    assert told["search_threads"] == {"value": 7, "origin": "environment MATCHGRAPH_SEARCH_THREADS"}
    assert told["port"] == {"value": 9, "origin": f"file {tmp_path / FILE_NAME}"}
    assert told["query_seconds"]["origin"] == "default"

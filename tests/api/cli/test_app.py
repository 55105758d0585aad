"""The contract of the command line as a whole: help, examples, options, exit codes, and what a start costs."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import api.cli
from api.cli import run
from api.cli.app import COMMANDS, app
from graph.errors import BadInput, DamagedHome, NothingThere, UnknownName

HEAVY = ("duckdb", "pyarrow", "tantivy", "numpy", "scipy", "deltalake", "narwhals", "pydantic")
HOME = Path(__file__).resolve().parents[3]


def walk(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=name)
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            assert found is not None
            yield from walk(found, f"{name} {child}")


ALL = dict(walk(app, "matchgraph"))
LEAVES = {name: command for name, command in ALL.items() if not isinstance(command, click.Group)}
SERVERS = {"matchgraph serve", "matchgraph mcp"}  # they print nothing of their own: they answer others


def help_text(name: str) -> str:
    return ALL[name].get_help(click.Context(ALL[name], info_name=name))


def examples(name: str) -> list[str]:
    return [line.strip() for line in (ALL[name].epilog or "").splitlines() if line.strip().startswith("matchgraph ")]


def test_the_commands_of_the_contract_are_there() -> None:
    expected = (
        "demo ingest quarantine recompute search alternatives compare rank show edges explain snapshots erase "
        "evaluate serve mcp keys verify config doctor sql cypher sparql export queries backup concepts duplicates"
    )
    assert set(COMMANDS) == set(expected.split())
    assert {"matchgraph quarantine list", "matchgraph quarantine replay"} <= set(LEAVES)
    assert {f"matchgraph snapshots {verb}" for verb in ("list", "diff", "rollback")} <= set(LEAVES)


@pytest.mark.parametrize("name", ALL)
def test_every_help_says_what_it_does_and_ends_in_an_example(name: str) -> None:
    text = help_text(name)
    assert "Example" in text
    assert examples(name)
    assert "--home DIR" in text
    assert (ALL[name].help or "").strip()
    assert all(option.help for option in ALL[name].params if isinstance(option, click.Option))


@pytest.mark.parametrize("name", LEAVES)
def test_every_example_is_accepted_by_its_command(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rows.jsonl").write_text("")
    for example in examples(name):
        words = shlex.split(example.split(" > ")[0])
        assert words[: len(name.split())] == name.split()
        LEAVES[name].make_context(name, words[len(name.split()) :])


@pytest.mark.parametrize("name", sorted(LEAVES.keys() - SERVERS))
def test_whatever_prints_can_print_json(name: str) -> None:
    assert any("--json" in parameter.opts for parameter in LEAVES[name].params)


def test_help_loads_no_heavy_library() -> None:
    program = (
        "import sys; from api.cli import run; code = run(['--help']); "
        f"print(code, [name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=HOME, capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "0 []"
    assert all(name in done.stdout for name in COMMANDS)


def test_help_takes_less_than_four_tenths_of_a_cpu_second() -> None:
    program = (
        "import time; from api.cli import run; run(['--help']); import sys; print(time.process_time(), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=HOME, capture_output=True, text=True, check=True)
    assert float(done.stderr) < 0.4


@pytest.mark.parametrize(
    "arguments",
    [
        ["rank", "--home", "{home}"],
        ["--home", "{home}", "rank"],
        ["--home", "elsewhere", "rank", "--home", "{home}"],
        ["snapshots", "--home", "{home}", "list"],
    ],
)
def test_home_is_taken_before_and_after_the_command(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "the-home"
    assert run([word.format(home=home) for word in arguments]) == 4
    assert str(home) in capsys.readouterr().err


def test_home_from_the_environment_gives_way_to_the_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MATCHGRAPH_HOME", str(tmp_path / "named"))
    assert run(["rank"]) == 4
    assert str(tmp_path / "named") in capsys.readouterr().err
    assert run(["--home", str(tmp_path / "option"), "rank"]) == 4
    assert str(tmp_path / "option") in capsys.readouterr().err


def test_an_empty_home_creates_nothing(tmp_path: Path) -> None:
    for command in (
        "rank",
        "edges",
        "show x",
        "compare a b",
        "explain x",
        "snapshots list",
        "quarantine list",
        "recompute",
    ):
        assert run([*command.split(), "--home", str(tmp_path / "home")]) == 4, command
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "nonsense",
        "rank --limit 0",
        "rank --limit many",
        "recompute --now yesterday",
        "recompute --engine abacus",
        "compare onlyone",
        "search",
        "search x --batch y",
        "alternatives --batch x",
        "ingest",
        "compare a b --format pdf",
    ],
)
def test_wrong_use_is_exit_code_two(wrong: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*wrong.split(), "--home", str(tmp_path)]) == 2
    caught = capsys.readouterr()
    assert caught.out == ""
    assert "Error" in caught.err


def test_a_near_miss_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compair", "a", "b"]) == 2
    assert "Did you mean 'compare'?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (UnknownName("artifact", "fluxx", ["FLUX.1 Pro"]), 2, "Did you mean: FLUX.1 Pro?"),
        (BadInput("file.jsonl: line 3"), 3, "file.jsonl: line 3"),
        (DamagedHome("gone"), 3, "gone"),
        (NothingThere("empty"), 4, "empty"),
        (ZeroDivisionError("odd\x1b[31m"), 1, "ZeroDivisionError: odd[31m (run again with --debug"),
        (KeyboardInterrupt(), 130, "Interrupted."),
        (BrokenPipeError(), 0, ""),
    ],
)
def test_errors_become_one_line_and_an_exit_code(
    error: BaseException, code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(app, "invoke", fail)
    monkeypatch.setattr(api.cli, "_reader_left", lambda: 0)  # the real one closes pytest's own stdout
    assert run(["rank"]) == code
    caught = capsys.readouterr()
    assert caught.out == ""
    assert said in caught.err
    assert "Traceback" not in caught.err
    assert "\x1b" not in caught.err


def test_debug_shows_the_traceback(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("odd")

    monkeypatch.setattr("api.cli.doctor.emit", fail)
    assert run(["--debug", "doctor"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_reader_that_leaves_early_is_no_error() -> None:
    program = f"{shlex.quote(sys.executable)} -m api --help | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", program], cwd=HOME, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert done.stdout == "0\n"


def test_the_script_ends_with_the_exit_code_and_says_nothing_else(tmp_path: Path) -> None:
    environment = {**os.environ, "MATCHGRAPH_HOME": str(tmp_path), "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "api"]
    done = subprocess.run(
        [*command, "snapshots", "list"], cwd=HOME, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 4
    assert done.stderr.count("\n") == 1
    done = subprocess.run([*command, "doctor", "--json"], cwd=HOME, env=environment, capture_output=True, check=True)
    assert json.loads(done.stdout)["healthy"] is True
    assert done.stderr == b""

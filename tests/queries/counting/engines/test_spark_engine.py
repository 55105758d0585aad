"""What is particular to Spark: starting, stopping, what is missing, running inside another program's session."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest

from graph.errors import WrongUse
from queries.counting.engines import open_engine
from queries.counting.inferred import match_texts
from queries.retrieval.matching import text_matches
from tests.queries.small_catalogue import index_folder
from tests.queries.test_recompute import ROWS_WITH_SOURCE, home_with


def no_files(_table: str) -> list[str]:
    return []


def recompute_command(home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, for only there no session is running yet."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SPARK", "PYSPARK"))}
    return subprocess.run(
        [sys.executable, "-m", "api", "--home", str(home), "recompute", "--engine", "spark"],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("home")
    return home_with(path, ROWS_WITH_SOURCE).path


def test_without_java_it_says_what_to_install(home: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    done = recompute_command(home, JAVA_HOME=str(tmp_path))
    assert done.returncode == 2
    assert f"none in JAVA_HOME ({tmp_path}). Install Java 17" in done.stderr
    done = recompute_command(home, PATH=str(tmp_path), JAVA_HOME="")
    assert done.returncode == 2
    assert "none on the path" in done.stderr


def test_a_java_that_does_not_start_is_wrong_use(home: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho this Java is too old >&2\nexit 1\n")
    java.chmod(0o755)
    done = recompute_command(home, JAVA_HOME=str(tmp_path))
    assert done.returncode == 2
    assert "this Java is too old" in done.stderr
    assert "Install Java 17" in done.stderr
    assert list((home / "scratch").iterdir()) == []


def test_a_connect_address_is_refused(home: Path) -> None:
    pytest.importorskip("pyspark")
    done = recompute_command(home, MATCHGRAPH_SPARK_MASTER="sc://somewhere:15002")
    assert done.returncode == 2
    assert "Spark Connect" in done.stderr


def test_without_pyspark_it_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "queries.counting.engines.spark_engine", raising=False)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    with pytest.raises(WrongUse, match=r"matchgraph\[spark\]"), open_engine("spark", no_files, tmp_path):
        pass


def test_a_running_session_is_used_and_left_as_it_was(spark: None, tmp_path: Path) -> None:
    from pyspark.sql import SparkSession

    program = SparkSession.active()
    zone = "Asia/Kathmandu"
    program.conf.set("spark.sql.session.timeZone", zone)
    with open_engine("spark", no_files, tmp_path) as engine:
        assert engine.arrow(engine.register("given", pa.table({"a": [1]})))["a"].to_pylist() == [1]
    assert SparkSession.active() is program
    assert program.conf.get("spark.sql.session.timeZone") == zone
    assert program.range(3).count() == 3


def test_standard_settings_of_spark_are_respected(spark: None) -> None:
    """`conftest` gives one through the variable that Spark itself reads."""
    from pyspark.sql import SparkSession

    assert SparkSession.active().conf.get("spark.sql.codegen.wholeStage") == "false"


def test_the_frames_mean_the_same_wherever_the_session_comes_from(spark: None, tmp_path: Path) -> None:
    from queries.counting.engines.spark_engine import SparkEngine

    with SparkEngine(no_files, tmp_path) as engine:
        settings = engine._session.conf
        assert settings.get("spark.sql.session.timeZone") == "UTC"
        assert settings.get("spark.sql.ansi.enabled") == "true"
        assert int(settings.get("spark.sql.shuffle.partitions") or 0) < 200


@pytest.mark.usefixtures("spark")
def test_executors_match_bare_queries_as_one_process_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("queries.counting.engines.spark_engine.PART_ROWS", 2)
    said = ["shorten a report", "enlarge photographs", "nothing like it", "summarise documents", "read a pdf"]
    texts = pa.table({"text_key": [5, 3, 8, 1, 2], "text": said})
    here, match = os.getpid(), partial(match_texts, matcher=partial(text_matches, index_folder(tmp_path)))

    def only_here(table: pa.Table) -> pa.Table:
        if os.getpid() != here:
            raise ImportError("no matchgraph there")
        return table

    with open_engine("spark", no_files, tmp_path / "scratch") as engine:
        processes = engine.in_parts(texts, lambda table: pa.table({"process": [os.getpid()] * table.num_rows}))
        found = engine.in_parts(texts, match)
        with pytest.warns(UserWarning, match="Executors cannot match texts"):
            assert engine.in_parts(texts, only_here).equals(texts)
    assert here not in processes["process"].to_pylist()
    assert processes.num_rows == len(said)
    assert found.num_rows > 0
    assert found.sort_by("text_key").equals(match(texts))

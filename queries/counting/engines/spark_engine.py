"""Spark, for logs that are too large for one machine. `docs/engines.md` says how to run it on a cluster.

Everything enters and leaves through Parquet files and Arrow, and pandas is not needed. Python runs on the executors for
one thing: what `in_parts` is given (bare queries and their matcher), where they have matchgraph.
Kept frames lie as Parquet in the scratch folder, not in the memory of executors: losing one of those loses nothing, and
plans stay short. On a cluster the home must therefore be on storage that every executor sees under the same path.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from types import TracebackType
from typing import Final, Self
from warnings import warn

import narwhals as nw
import pyarrow as pa
import pyarrow.parquet as pq
from py4j.protocol import Py4JJavaError  # type: ignore[import-untyped]
from pyspark.errors import PySparkException, PySparkRuntimeError
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructType

from graph.errors import WrongUse
from graph.schemas import LEDGER_TABLES, PARTITION_COLUMN
from queries.counting.engine import Change, Frame

MASTER_VARIABLE: Final = "MATCHGRAPH_SPARK_MASTER"
"""Environment variable that names the cluster: `local[4]`, `spark://host:7077`, `yarn`, `k8s://...`."""

DEFAULT_MASTER: Final = "local[2]"

JAVA_REMEDY: Final = "Install Java 17 or 21 and set JAVA_HOME, or leave out --engine spark: DuckDB needs no Java."

PART_ROWS: Final = 5_000
"""Rows that Python on an executor is given at a time: bare queries for five to ten seconds."""

_PYTHON: Final = "PYSPARK_PYTHON"
"""Environment variable that names the Python of the executors."""

_SUBMITTED: Final = "PYSPARK_GATEWAY_PORT"
"""Set by spark-submit for the program that it runs."""

Setting = bool | float | int | str | None
"""What Spark takes as the value of a setting."""

_LEAST_PARTITIONS: Final = 4
_GLOB: Final = re.compile(r"([\\*?{}\[\]])")

_QUIET: Final = """\
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = stderr
logger.shell.name = org.apache.spark.api.python.PythonGatewayServer
logger.shell.level = error
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = Spark %p %c{1}: %m%n%ex
"""
"""Log4j settings: only errors are shown, from the first second on."""

_SAME_EVERYWHERE: Final = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # overflows and bad casts fail, as they do in DuckDB
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",  # event_date is text
}


class SparkEngine:
    """Runs frames on Spark. Use it as a context manager: it deletes its files and stops the session it started.

    Inside a program that has a session already (a notebook, a job of one's own) it works beside that one, on the same
    cluster, and leaves it running. `master` (default: the variable `MASTER_VARIABLE`, else what spark-submit was told,
    else `DEFAULT_MASTER`) counts only where a session is started. Raises `WrongUse` if Java is missing or too old.
    """

    name = "spark"
    searches_at_once = sys.maxsize

    def __init__(self, files: Callable[[str], list[str]], scratch: Path, *, master: str | None = None) -> None:
        self._files = files
        scratch.mkdir(parents=True, exist_ok=True)
        self._folder = Path(mkdtemp(prefix="spark-", dir=scratch)).absolute()
        self._numbers = count(1)
        self._started: SparkSession | None = None
        try:
            running = _running()
            if running is None:
                running = self._started = _start(master or _master(), self._folder)
            self._session = running.newSession()
            _configure(self._session)
        except BaseException:
            self._close()
            raise

    def table(self, name: str, files: Sequence[str] | None = None) -> Frame:
        """Return a ledger table, or some files of it, as it lies in its Parquet files, in the columns of its schema."""
        files = self._files(name) if files is None else files
        if not files:
            return self.register(f"empty_{name}", LEDGER_TABLES[name].empty_table())
        return self._read(list(files), from_arrow_schema(LEDGER_TABLES[name]), PARTITION_COLUMN.get(name))

    def register(self, name: str, table: pa.Table) -> Frame:
        """Bring an Arrow table into Spark, through a Parquet file."""
        folder = self._new_folder(name)
        folder.mkdir()
        pq.write_table(table, folder / "part-0.parquet")
        return self._read([str(folder)], from_arrow_schema(table.schema))

    def materialise(self, name: str, frame: Frame) -> Frame:
        """Compute a frame into Parquet files of the scratch folder."""
        native: DataFrame = frame.to_native()
        folder = str(self._new_folder(name))
        native.write.parquet(_location(folder))
        return self._read([folder], native.schema)

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Delete, at the end of the block, the folders that were written in it."""
        before = set(self._folder.iterdir())
        yield
        for folder in set(self._folder.iterdir()) - before:
            shutil.rmtree(folder, ignore_errors=True)

    def arrow(self, frame: Frame) -> pa.Table:
        """Compute a frame into the memory of this process."""
        native: DataFrame = frame.to_native()
        return native.toArrow()

    def save(self, frame: Frame, path: Path) -> None:
        """Compute a frame into a folder of Parquet files."""
        native: DataFrame = frame.to_native()
        native.write.parquet(_location(str(path)))

    def in_parts(self, table: pa.Table, change: Change) -> pa.Table:
        """Change the rows of an Arrow table on the executors, `PART_ROWS` at a time; fewer rows in this process.

        So are all, with a warning, where the executors cannot: where they have another Python, or no matchgraph.
        """
        if table.num_rows <= PART_ROWS:
            return change(table)
        parts = [_packed(table.slice(start, PART_ROWS)) for start in range(0, table.num_rows, PART_ROWS)]
        try:
            found = self._session.sparkContext.parallelize(parts, len(parts)).map(partial(_changed, change)).collect()
        except (PySparkException, Py4JJavaError):
            warn("Executors cannot match texts, so this process does; Spark says why above.", stacklevel=2)
            return change(table)
        return pa.concat_tables(map(_unpacked, found))

    def load(self, paths: Sequence[Path]) -> Frame:
        """Return the rows of folders that were saved."""
        return _frame(self._session.read.parquet(*(_GLOB.sub(r"\\\1", _location(str(path))) for path in paths)))

    def _read(self, paths: list[str], schema: StructType, partition: str | None = None) -> Frame:
        reader = self._session.read.schema(schema)
        if partition is not None:
            reader = reader.option("basePath", _location(paths[0].split(f"/{partition}=", maxsplit=1)[0]))
        return _frame(reader.parquet(*(_GLOB.sub(r"\\\1", _location(path)) for path in paths)))

    def _new_folder(self, name: str) -> Path:
        """Return a folder that nothing was written to: a frame may be kept under the name of one that it reads."""
        return self._folder / f"{next(self._numbers)}-{name}"

    def _close(self) -> None:
        if self._started is not None:
            self._started.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._close()


def _running() -> SparkSession | None:
    try:
        return SparkSession.active()
    except PySparkRuntimeError:
        return None


def _master() -> str | None:
    named = os.environ.get(MASTER_VARIABLE)
    return named or (None if _SUBMITTED in os.environ else DEFAULT_MASTER)


def _start(master: str | None, folder: Path) -> SparkSession:
    """Start a session; without a master it runs where spark-submit said."""
    if master is not None and master.startswith("sc://"):
        raise WrongUse(
            f"{master} is a Spark Connect address, which is not supported. Name the cluster itself in "
            f"{MASTER_VARIABLE} (spark://..., yarn, k8s://...) or run matchgraph through spark-submit."
        )
    if _SUBMITTED not in os.environ:
        _require_java()
    builder = SparkSession.builder.appName("matchgraph").config(map=_settings(master, folder))
    if master is not None:
        builder = builder.master(master)
        if master.startswith("local"):
            os.environ.setdefault(_PYTHON, sys.executable)  # else it would be the "python3" of the path
    try:
        return builder.getOrCreate()
    except PySparkRuntimeError as error:
        if error.getCondition() != "JAVA_GATEWAY_EXITED":
            raise
        raise WrongUse(f"Spark's Java process did not start; its own message stands above. {JAVA_REMEDY}") from error


def _settings(master: str | None, folder: Path) -> dict[str, Setting]:
    log_settings = folder / "log4j2.properties"
    log_settings.write_text(_QUIET, "utf-8")
    settings: dict[str, Setting] = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.defaultJavaOptions": f'-Dlog4j2.configurationFile="{log_settings.as_uri()}"',
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
    }
    if master is not None and master.startswith("local"):
        # On a cluster, these belong to the machines of the cluster.
        settings |= {"spark.local.dir": str(folder / "spill"), "spark.driver.host": "localhost"}
    return settings


def _configure(session: SparkSession) -> None:
    """Set what the same frames need to mean the same as on other engines, and small shuffles on a small machine."""
    for name, value in _SAME_EVERYWHERE.items():
        session.conf.set(name, value)
    context = session.sparkContext
    stated = context.getConf().get("spark.sql.shuffle.partitions")
    if stated is None and (context.master or "").startswith("local"):
        session.conf.set("spark.sql.shuffle.partitions", str(max(_LEAST_PARTITIONS, 2 * context.defaultParallelism)))


def _require_java() -> None:
    home = os.environ.get("JAVA_HOME")
    java = Path(home) / "bin" / "java" if home else "java"
    if shutil.which(java) is None:
        where = f"in JAVA_HOME ({home})" if home else "on the path"
        raise WrongUse(f"The Spark engine needs Java, and there is none {where}. {JAVA_REMEDY}")


def _location(path: str) -> str:
    """Return the address of a file for Spark, which takes bare paths for those of the cluster's own file system."""
    return path if "://" in path else f"file://{Path(path).absolute()}"


def _packed(table: pa.Table) -> bytes:
    """Return a table as bytes: pickled, a part of it would bring along the whole."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return bytes(sink.getvalue())


def _unpacked(packed: bytes) -> pa.Table:
    return pa.ipc.open_stream(packed).read_all()


def _changed(change: Change, packed: bytes) -> bytes:
    return _packed(change(_unpacked(packed)))


def _frame(native: DataFrame) -> Frame:
    return nw.from_native(native)

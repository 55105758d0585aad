"""Exports on a disk that is full: the reason is said, and nothing half-written is left."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from graph.home import Home

LARGEST_BYTES = 8 << 10


def no_room() -> None:
    """Let no file of this process grow beyond a few blocks, as on a disk with no more room."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_BYTES, LARGEST_BYTES))


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("rdf", "graph.nt"),
        ("rdf", "graph.ttl"),
        ("rdf", "graph.jsonld"),
        ("graphml", "graph.graphml"),
        ("parquet", "out"),
    ],
)
def test_a_full_disk_is_said_and_leaves_no_half_of_a_file(
    form: str, name: str, demo_home: Home, tmp_path: Path
) -> None:
    before = tmp_path / name
    if form != "parquet":
        before.write_text("what was there")
    done = subprocess.run(
        [sys.executable, "-m", "api", "--home", str(demo_home.path), "export", form, str(before)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=no_room,
    )
    assert done.returncode == 1
    assert "cannot be written (file too large). Make room" in done.stderr
    if form == "parquet":
        whole = before.glob("*")  # each of them complete; none begins with a dot
        assert all(file.suffix == ".parquet" and file.read_bytes().endswith(b"PAR1") for file in whole)
    else:
        assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [(name, "what was there")]

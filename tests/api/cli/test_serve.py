"""`matchgraph serve` as a process of its own, as people start it; other tests fork theirs."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest

from graph.home import Home
from tests.api.http.serving import Client


@pytest.mark.parametrize(("how", "code"), [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGINT, 130)])
def test_a_server_answers_until_it_is_told_to_end(
    demo_home: Home, tmp_path: Path, how: signal.Signals, code: int
) -> None:
    own = copytree(demo_home.path, tmp_path / "home")  # what is asked becomes part of a home
    command = [sys.executable, "-m", "api", "serve", "--home", str(own), "--port", "0", "--workers", "1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        found = re.search(r"Serving .* at http://127\.0\.0\.1:(\d+) ", process.stderr.readline())
        assert found is not None
        assert Client(int(found[1])).get("/v1/search", q="cut people out of photos").status == 200
        process.send_signal(how)
        assert process.wait(60) == code

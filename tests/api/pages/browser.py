"""A real browser, spoken to by WebDriver (W3C) over HTTP."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.missing import missing

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
AXE = "axe-core@4.10.3"
FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-dev-shm-usage",
]  # fmt: skip


class Browser:
    """One window."""

    def __init__(self, port: int, flags: list[str]) -> None:
        self._port = port
        options = {"binary": CHROMIUM, "args": FLAGS + flags}
        wanted = {"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options}}}
        self._session = f"/session/{self._send('POST', '/session', wanted)['sessionId']}"

    def open(self, address: str) -> None:
        self._send("POST", f"{self._session}/url", {"url": address})

    def run(self, script: str, *arguments: Any) -> Any:
        return self._send("POST", f"{self._session}/execute/sync", {"script": script, "args": list(arguments)})

    def run_async(self, script: str) -> Any:
        return self._send("POST", f"{self._session}/execute/async", {"script": script, "args": []})

    def resize(self, width: int, height: int) -> None:
        self._send("POST", f"{self._session}/window/rect", {"width": width, "height": height})

    def screenshot(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self._send("GET", f"{self._session}/screenshot")))

    def close(self) -> None:
        self._send("DELETE", self._session)

    def _send(self, method: str, path: str, told: Any = None) -> Any:
        with closing(HTTPConnection("127.0.0.1", self._port, timeout=120)) as connection:
            body = None if told is None else json.dumps(told)
            connection.request(method, path, body, {"Content-Type": "application/json"})
            value = json.loads(connection.getresponse().read())["value"]
        assert not (isinstance(value, dict) and "error" in value), value
        return value


@contextmanager
def driver() -> Iterator[int]:
    """Start chromedriver; yields its port."""
    if CHROMIUM is None or DRIVER is None:
        missing("It needs Chromium and ChromeDriver (Debian: chromium, chromium-driver)")
    process = subprocess.Popen([DRIVER, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if found := re.search(r"on port (\d+)\.", line):
                yield int(found[1])
                break
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def axe_source() -> str:
    """Return axe-core, fetched once from the npm registry into a cache folder outside the repository."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "matchgraph-tests"
    script = cache / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        if shutil.which("npm") is None:
            missing("It needs npm to fetch axe-core")
        cache.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(cache), AXE]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    return script.read_text("utf-8")

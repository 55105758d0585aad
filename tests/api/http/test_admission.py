import asyncio
import socket
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from api.http.admission import Admission
from api.http.problems import Problem
from api.http.workers import Workers
from tests.api.http.serving import serving


def test_the_wait_is_what_is_before_one_shared_among_the_places() -> None:
    admission = Admission(1.0)
    admission.check(1_000, 1)  # nothing is known yet
    for _ in range(100):
        admission.took(4.0, pieces=20)
    admission.check(9, 2)
    with pytest.raises(Problem) as refused:
        admission.check(20, 2)
    assert refused.value.code == "overloaded"
    assert refused.value.headers == {"Retry-After": "2"}
    admission.check(0, 2)  # whoever is next never waits too long


def test_threads_refuse_work_that_would_wait_too_long_and_take_it_again_later() -> None:
    async def test() -> None:
        workers, go = Workers(1, 60, "test", Admission(1e-9)), threading.Event()
        assert await workers.run(go.is_set) is False
        first = asyncio.create_task(workers.run(go.wait))
        await asyncio.sleep(0)
        with pytest.raises(Problem, match="wait"):
            await workers.run(go.is_set)
        go.set()
        assert await first is True
        assert await workers.run(go.is_set) is True
        workers.close()

    asyncio.run(test())


def test_a_server_that_has_too_much_to_do_says_so_and_goes_on(own_home: Path) -> None:
    with serving(own_home, queue_seconds=1e-6, search_threads=1, max_connections=40) as server, ExitStack() as stack:
        client = server.client()
        assert client.get("/v1/search", q="a chart").status == 200  # now it knows how long a search takes
        many = [
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=60)) for _ in range(40)
        ]
        refused = client.get("/v1/search", q="a chart")  # a connection too many
        assert (refused.status, refused.json["code"], refused.headers["retry-after"]) == (503, "overloaded", "1")
        assert client.get("/livez").status == 200
        for each in many[20:]:
            each.close()
        while client.get("/v1/search", q="a chart").status == 503:  # until it has seen that they are closed
            time.sleep(0.1)
        for number, each in enumerate(many[:20]):
            each.sendall(f"GET /v1/search?q=chart%20{number} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answers = [read(each) for each in many[:20]]
        busy = [answer for answer in answers if answer.startswith(b"HTTP/1.1 503 ")]
        assert 0 < len(busy) < 20
        assert all(b"would wait" in answer and b"\r\nretry-after: " in answer for answer in busy)
        assert sum(answer.startswith(b"HTTP/1.1 200 ") for answer in answers) == 20 - len(busy)
        assert client.get("/v1/search", q="a chart").status == 200


def read(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65_536), b""))

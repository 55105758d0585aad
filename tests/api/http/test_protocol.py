"""What goes out in one write, and what cannot wait."""

import json
import socket

import h11
import pytest

from api.http.protocol import OneWrite
from tests.api.http.serving import Server


def test_the_head_of_an_answer_goes_out_with_its_body() -> None:
    connection = OneWrite(h11.SERVER)
    connection.receive_data(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
    assert [type(connection.next_event()) for _ in range(2)] == [h11.Request, h11.EndOfMessage]
    headers = [("content-length", "2")]
    assert connection.send(h11.Response(status_code=200, headers=headers)) == b""
    assert connection.send(h11.Data(data=b"ab")) == b"HTTP/1.1 200 \r\ncontent-length: 2\r\n\r\nab"
    assert connection.send(h11.EndOfMessage()) == b""


def test_a_head_whose_body_may_come_later_goes_out_at_once() -> None:
    connection = OneWrite(h11.SERVER)
    connection.receive_data(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
    assert [type(connection.next_event()) for _ in range(2)] == [h11.Request, h11.EndOfMessage]
    sent = connection.send(h11.Response(status_code=200, headers=[]))
    assert sent is not None
    assert sent.startswith(b"HTTP/1.1 200")


def test_a_head_without_a_body_goes_out_with_the_end() -> None:
    connection = OneWrite(h11.SERVER)
    connection.receive_data(b"HEAD / HTTP/1.1\r\nHost: here\r\n\r\n")
    assert [type(connection.next_event()) for _ in range(2)] == [h11.Request, h11.EndOfMessage]
    assert connection.send(h11.Response(status_code=200, headers=[("content-length", "2")])) == b""
    assert connection.send(h11.EndOfMessage()) == b"HTTP/1.1 200 \r\ncontent-length: 2\r\n\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        b"rubbish\r\n\r\n",
        b"GET /livez HTTP/1.1\r\n\r\n",  # no Host
        b"POST /v1/resolve HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"GET /livez HTTP/1.1\r\nHost: x\r\nLarge: " + b"a" * 70_000,
    ],
)
def test_what_is_no_http_gets_a_problem_too(server: Server, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as raw:
        raw.sendall(sent)
        head, _, body = b"".join(iter(lambda: raw.recv(4096), b"")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"content-type: application/problem+json" in head
    assert b"content-security-policy: " in head
    assert json.loads(body)["code"] == "bad-request"

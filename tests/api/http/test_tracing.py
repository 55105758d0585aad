"""Spans of requests and searches, collected in memory by OpenTelemetry's own exporter, and sent to a collector."""

import asyncio
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from api.http.tracing import NO_TRACING, provider_of
from api.server.app import create_app
from api.settings import Settings
from graph.home import Home
from tests.api.http.serving import serving

TRACE = "0af7651916cd43dd8448eb211c80319c"
NEED = b"q=segment+street+scenes"


def spans(home: Path, *requests: tuple[str, bytes], **settings: Any) -> list[ReadableSpan]:
    """Send GET requests with a trace of their own to an application; return the spans."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    app = create_app(Home(home), Settings.model_validate(settings), lambda: 1_793_491_200_000_000, provider)

    async def run() -> None:
        async with app.router.lifespan_context(app):
            for path, query in requests:
                scope = {"type": "http", "method": "GET", "path": path, "query_string": query, "http_version": "1.1",
                         "headers": [(b"traceparent", f"00-{TRACE}-b7ad6b7169203331-01".encode())],
                         "client": ("203.0.113.7", 1), "server": ("x", 80), "scheme": "http"}  # fmt: skip
                await app(scope, receive, send)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        del message

    asyncio.run(run())
    return list(exporter.get_finished_spans())


def test_a_request_has_a_span_and_a_computed_search_one_within_it(own_home: Path) -> None:
    search, first, again = spans(own_home, ("/v1/search", NEED), ("/v1/search", NEED))
    assert (search.name, first.name, again.name) == ("search", "GET /v1/search", "GET /v1/search")
    assert search.parent is not None
    assert search.parent.span_id == first.context.span_id
    assert first.kind == SpanKind.SERVER
    assert first.attributes is not None
    assert search.attributes is not None
    assert first.attributes["http.response.status_code"] == 200
    assert search.attributes["matchgraph.hits"] == 10
    said = " ".join(str(span.to_json()) for span in (search, first))
    assert "street" not in said
    assert "203.0.113.7" not in said


def test_what_fails_in_the_server_is_an_error_and_what_fails_in_the_request_is_none(own_home: Path) -> None:
    (wrong,) = spans(own_home, ("/v1/search", b"limit=0"))
    (own_home / "snapshots" / "CURRENT").unlink()
    (empty,) = spans(own_home, ("/v1/ranks", b""))
    assert wrong.status.status_code == StatusCode.UNSET
    assert empty.status.status_code == StatusCode.ERROR


@pytest.mark.parametrize(("proxies", "continued"), [((), False), (("127.0.0.1",), True)])
def test_a_trace_is_continued_behind_a_trusted_proxy_alone(
    own_home: Path, proxies: tuple[str, ...], continued: bool
) -> None:
    (span,) = spans(own_home, ("/livez", b""), trusted_proxies=proxies)
    assert (f"{span.context.trace_id:032x}" == TRACE) == continued


@pytest.fixture
def collector() -> Iterator[tuple[str, list[str]]]:
    """The address of a collector, and the paths that were posted to."""
    posted: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            posted.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listening.server_port}", posted
    listening.shutdown()
    listening.server_close()


def test_a_server_sends_its_spans_to_the_collector_that_the_environment_names(
    own_home: Path, collector: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, posted = collector
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
    with serving(own_home) as server:
        assert server.client().get("/v1/search", q="segment street scenes").status == 200
    assert posted == ["/v1/traces"]


def test_without_a_collector_there_is_no_tracing() -> None:
    assert provider_of({}) is NO_TRACING
    assert provider_of({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_SDK_DISABLED": "true"}) is NO_TRACING

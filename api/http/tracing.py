"""Spans for an operator's own tracing (OpenTelemetry): one for each request and one for each search that is computed.

Off unless the environment names a collector (OTEL_EXPORTER_OTLP_ENDPOINT); then the extra `telemetry` must be
installed. The other OTEL_ variables hold as OpenTelemetry describes them. Spans hold patterns of routes and numbers,
no addresses and no query texts; FastAPI's own spans would, and stay off.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Final

from fastapi.telemetry import TelemetryConfig
from opentelemetry.context import Context
from opentelemetry.propagate import extract
from opentelemetry.trace import (
    INVALID_SPAN,
    NoOpTracer,
    NoOpTracerProvider,
    Span,
    SpanKind,
    StatusCode,
    Tracer,
    TracerProvider,
)
from starlette.datastructures import Headers

from graph.errors import WrongUse

ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
SCOPE: Final = "matchgraph"
NO_TRACING: Final = NoOpTracerProvider()
FASTAPI_OWN: Final[TelemetryConfig] = {"tracing": False, "metrics": False, "logs": False}


def provider_of(environment: Mapping[str, str]) -> TracerProvider:
    """Return what makes spans as the environment asks for; raises `WrongUse` if that is not installed."""
    if not any(environment.get(name) for name in ENDPOINTS) or environment.get("OTEL_SDK_DISABLED") == "true":
        return NO_TRACING
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource
        from opentelemetry.sdk.trace import TracerProvider as Provider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise WrongUse("Tracing is asked for but not installed. Run: pip install 'matchgraph[telemetry]'") from error
    named = {} if environment.get("OTEL_SERVICE_NAME") else {SERVICE_NAME: SCOPE}
    provider = Provider(resource=Resource.create(named))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


def close(provider: TracerProvider) -> None:
    """Send the spans that still wait. At the end of a process it is too late: a signal may end it at once."""
    shutdown = getattr(provider, "shutdown", None)  # of the SDK's provider; the interface has none
    if shutdown is not None:
        shutdown()


def is_traced(tracer: Tracer) -> bool:
    """Say whether a tracer makes spans."""
    return not isinstance(tracer, NoOpTracer)


def span_of(
    tracer: Tracer, name: str, parent: Context | None = None, kind: SpanKind = SpanKind.INTERNAL
) -> AbstractContextManager[Span]:
    """Begin a span that errors leave as it is. Without tracing that costs nothing."""
    if not is_traced(tracer):
        return _NO_SPAN
    return tracer.start_as_current_span(name, parent, kind, record_exception=False, set_status_on_exception=False)


_NO_SPAN: Final = nullcontext(INVALID_SPAN)


def parent_of(headers: Headers, trusted: bool) -> Context:
    """Return the trace that a request continues: that of a trusted proxy, else a new one, whatever a client says."""
    return extract(headers) if trusted else Context()


def describe(span: Span, method: str, route: str, status: int, request_id: str) -> None:
    """Give a request's span its name and attributes (OpenTelemetry's conventions for HTTP)."""
    span.update_name(f"{method} {route}")
    span.set_attributes(
        {
            "http.request.method": method,
            "http.route": route,
            "http.response.status_code": status,
            "matchgraph.request_id": request_id,
        }
    )
    if status >= 500:
        span.set_status(StatusCode.ERROR)

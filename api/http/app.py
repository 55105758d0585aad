"""The application: joins the routers and owns what lives as long as the server."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from opentelemetry.trace import TracerProvider
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware

from api.access.keys import KeyRing
from api.access.rate_limit import RateLimiter
from api.access.recent_requests import RecentRequests
from api.feedback.derived_keys import CLIENTS, derived_key
from api.feedback.importing import import_closed, import_sealed, import_spools
from api.feedback.recording import Feedback
from api.http.admission import Admission
from api.http.answers import GZIP_FROM_BYTES, GZIP_LEVEL, shape_schemas
from api.http.gate import Gate
from api.http.live_snapshot import LiveSnapshot
from api.http.metrics import Metrics
from api.http.problems import handle_problems, problem_schemas
from api.http.quick_search import QuickSearch
from api.http.recent_answers import RecentAnswers
from api.http.routes import (
    artifacts,
    catalogue,
    compatible,
    events,
    evidence,
    passports,
    queries,
    search,
    service,
    sparql,
)
from api.http.search_processes import SearchProcesses
from api.http.state import ServerState
from api.http.tracing import FASTAPI_OWN, NO_TRACING, SCOPE, close
from api.http.workers import Workers
from api.mcp.over_http import PATH as MCP_PATH
from api.mcp.over_http import McpDoor
from api.pages.problems import problem_page
from api.pages.routes import router as pages
from api.settings import Settings
from graph.home import Home
from graph.projections.ready_processes import ready_processes

VERSION: Final = "1"
DESCRIPTION: Final = (
    "Which AI artifact really serves which need, with the evidence. Answers come from one immutable snapshot; search "
    "answers carry callback tokens with which their outcome is reported. Errors are problem documents (RFC 9457)."
)
_LOG = logging.getLogger("matchgraph")


def create_app(
    home: Home, settings: Settings, clock_us: Callable[[], int], tracing: TracerProvider = NO_TRACING
) -> FastAPI:
    """Return the application on a home. `clock_us` dates imports of feedback. Nothing is opened before it starts."""
    app = FastAPI(
        title="matchgraph", version=VERSION, description=DESCRIPTION, docs_url=None, redoc_url=None,
        lifespan=_lifespan(home, settings, clock_us, tracing), telemetry=FASTAPI_OWN,
        generate_unique_id_function=lambda route: route.name,
    )  # fmt: skip
    for module in (search, artifacts, passports, catalogue, evidence, queries, sparql, events, service):
        app.include_router(module.router)
    app.include_router(compatible.router)
    app.include_router(passports.well_known)
    app.include_router(service.health)
    app.include_router(pages)
    app.state.mcp = McpDoor(app)
    app.mount(MCP_PATH, app.state.mcp)
    handle_problems(app, problem_page)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    app.add_middleware(GZipMiddleware, minimum_size=GZIP_FROM_BYTES, compresslevel=GZIP_LEVEL)
    app.add_middleware(QuickSearch, server=app)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=list(settings.cors_origins), allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "X-API-Key"],
            expose_headers=["ETag", "Link", "RateLimit-Limit", "RateLimit-Remaining", "Retry-After", "X-Request-ID"],
        )  # fmt: skip
    app.add_middleware(Gate, server=app)
    return app


def _lifespan(home: Home, settings: Settings, clock_us: Callable[[], int], tracing: TracerProvider) -> Any:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        import_spools(home, now_us=clock_us())  # what a server that died had gathered
        state = app.state.server = _open(home, settings, tracing)
        gc.freeze()  # what a server begins with stays; looking through it again and again cost a quarter of its time
        state.processes.attach()
        state.live.start()
        stop = threading.Event()
        importer = threading.Thread(target=_import_on, args=(state, clock_us, stop), name="importer", daemon=True)
        importer.start()
        try:
            yield
        finally:
            await app.state.mcp.close()
            stop.set()
            importer.join()
            state.live.stop()
            state.threads.close()
            state.processes.close()
            state.query_places.close()
            if state.query_processes is not None:
                state.query_processes.close()
            import_closed(home, state.feedback.spool, now_us=clock_us())
            close(tracing)

    return lifespan


def _open(home: Home, settings: Settings, tracing: TracerProvider) -> ServerState:
    feedback = Feedback(home, settings.token_hours)
    processes = SearchProcesses(settings.search_processes, Admission(settings.queue_seconds))
    seconds = settings.request_seconds
    return ServerState(
        home=home,
        settings=settings,
        live=LiveSnapshot(home, processes.prepare),
        keys=KeyRing(home),
        limiter=RateLimiter(),
        metrics=Metrics(),
        pseudonym_key=derived_key(home.secret(), CLIENTS),
        feedback=feedback,
        recent=RecentRequests(),
        answers=RecentAnswers(),
        tracer=tracing.get_tracer(SCOPE),
        threads=Workers(settings.search_threads, seconds, "answer", Admission(settings.queue_seconds)),
        processes=processes,
        query_places=Workers(settings.query_processes, seconds, "query", Admission(seconds)),
        query_processes=ready_processes(),
    )


def _import_on(state: ServerState, clock_us: Callable[[], int], stop: threading.Event) -> None:
    """Bring feedback into the ledger from time to time. A failure leaves it in the spool for the next turn."""
    while not stop.wait(state.settings.import_seconds):
        try:
            import_sealed(state.home, state.feedback.spool, now_us=clock_us())
        except Exception:
            _LOG.exception("feedback could not be imported; it stays in the spool and is tried again")


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        found = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            openapi_version="3.1.0",
        )
        schemas = found.setdefault("components", {}).setdefault("schemas", {})
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        schemas.update(shape_schemas(), **problem_schemas())
        found["components"]["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer"},
            "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
        }
        found["security"] = [{}, {"bearer": []}, {"header": []}]
        app.openapi_schema = found
    return app.openapi_schema

"""The application: all doors to a home, joined."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from opentelemetry.trace import TracerProvider
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware

from api.http.answers import GZIP_FROM_BYTES, GZIP_LEVEL, JSON, shape_schemas
from api.http.gate import Gate
from api.http.problems import documented, handle_problems, problem_schemas
from api.http.quick_search import QuickSearch
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
from api.http.tracing import FASTAPI_OWN, NO_TRACING
from api.mcp.over_http import PATH as MCP_PATH
from api.mcp.over_http import McpDoor
from api.pages.problems import problem_page
from api.pages.routes import router as pages
from api.server.lifespan import lifespan
from api.settings import Settings
from graph.home import Home

VERSION: Final = "1"
DESCRIPTION: Final = (
    "Which AI artifact really serves which need, with the evidence. Answers come from one immutable snapshot; search "
    "answers carry callback tokens with which their outcome is reported. Errors are problem documents (RFC 9457)."
)


def create_app(
    home: Home, settings: Settings, clock_us: Callable[[], int], tracing: TracerProvider = NO_TRACING
) -> FastAPI:
    """Return the application on a home. `clock_us` dates imports of feedback. Nothing is opened before it starts."""
    app = FastAPI(
        title="matchgraph", version=VERSION, description=DESCRIPTION, docs_url=None, redoc_url=None,
        lifespan=lifespan(home, settings, clock_us, tracing), telemetry=FASTAPI_OWN,
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


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        found = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            openapi_version="3.1.0",
        )
        _document_media_types(found["paths"])
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


def _document_media_types(paths: dict[str, Any]) -> None:
    """Say of every operation that takes JSON that it takes nothing else."""
    problem = {str(status): told for status, told in documented("unsupported-media-type").items() if status == 415}
    for operation in (each for operations in paths.values() for each in operations.values()):
        if JSON in operation.get("requestBody", {}).get("content", {}):
            operation["responses"].update(problem)

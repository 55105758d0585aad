"""What a server keeps between requests."""

from __future__ import annotations

from dataclasses import dataclass

from opentelemetry.trace import Tracer

from api.access.keys import KeyRing
from api.access.rate_limit import RateLimiter
from api.access.recent_requests import RecentRequests
from api.feedback.recording import Feedback
from api.http.live_snapshot import LiveSnapshot
from api.http.metrics import Metrics
from api.http.recent_answers import RecentAnswers
from api.http.search_processes import SearchProcesses
from api.http.tracing import is_traced
from api.http.workers import Workers
from api.settings import Settings
from graph.home import Home
from graph.projections.ready_processes import ReadyProcesses


@dataclass
class ServerState:
    """One for each application; made by `api.server.app.create_app`."""

    home: Home
    settings: Settings
    live: LiveSnapshot
    keys: KeyRing
    limiter: RateLimiter
    metrics: Metrics
    pseudonym_key: bytes
    """Of the client ids; derived from the home's secret."""
    feedback: Feedback
    recent: RecentRequests
    answers: RecentAnswers
    tracer: Tracer
    threads: Workers
    """For answers."""
    processes: SearchProcesses
    """For searches, while they are ready."""
    query_places: Workers
    """For analysts' queries, each of which has a process of its own while it runs."""
    query_processes: ReadyProcesses | None
    """Where those come from; None: each is started for its query."""

    @property
    def traced(self) -> bool:
        """Whether spans are made."""
        return is_traced(self.tracer)

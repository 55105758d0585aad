"""Figures for Prometheus, of one server and not of the process, so that tests and several servers do not mix."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

MEDIA_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The figures of a server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "matchgraph_requests", "Requests answered.", ["method", "route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "matchgraph_request_seconds", "Time to answer.", ["route"], buckets=BUCKETS, registry=self.registry
        )
        self.events = Counter(
            "matchgraph_events_acknowledged", "Events stored durably.", ["action"], registry=self.registry
        )
        self.swaps = Gauge("matchgraph_snapshot_swaps", "Snapshots put to use since the start.", registry=self.registry)
        self.degraded = Gauge(
            "matchgraph_snapshot_unreadable", "1 if the snapshot in force cannot be read.", registry=self.registry
        )
        self.search_processes = Gauge(
            "matchgraph_search_processes_ready", "Processes that searches are sent to now.", registry=self.registry
        )
        self._of = lru_cache(maxsize=1_000)(self._labelled)

    def _labelled(self, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
        return self.requests.labels(method, route, str(status)), self.seconds.labels(route)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answered request. `route` is the pattern, not the address: a bounded set of labels."""
        requests, times = self._of(method, route, status)
        requests.inc()
        times.observe(seconds)

    def text(self) -> bytes:
        """Return all figures in Prometheus's text format."""
        return generate_latest(self.registry)

"""Waits until the Neo4j server of the tests answers queries, and gives its user the tests' password."""

from __future__ import annotations

import sys
import time

import neo4j
from neo4j import exceptions

PASSWORD = "matchgraph-tests"  # noqa: S105  # of a server on loopback that holds test data only
PATIENCE_SECONDS = 120


def main(uri: str) -> None:
    """Wait up to `PATIENCE_SECONDS`; raises what the driver raised last."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with _driver(uri, "neo4j") as driver:
                driver.execute_query(
                    "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $password",
                    password=PASSWORD,
                    database_="system",
                )
            with _driver(uri, PASSWORD) as driver:
                driver.execute_query("RETURN 1")
            return
        except (exceptions.ServiceUnavailable, exceptions.TransientError, OSError):
            if time.monotonic() > end:
                raise
            time.sleep(0.5)


def _driver(uri: str, password: str) -> neo4j.Driver:
    """Return a driver that does not try again by itself: it would wait twice as long each time."""
    return neo4j.GraphDatabase.driver(uri, auth=("neo4j", password), max_transaction_retry_time=0)


if __name__ == "__main__":
    main(sys.argv[1])

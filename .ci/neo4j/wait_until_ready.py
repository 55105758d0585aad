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
            with neo4j.GraphDatabase.driver(uri, auth=("neo4j", "neo4j")) as driver:
                driver.execute_query(
                    "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $password",
                    password=PASSWORD,
                    database_="system",
                )
            with neo4j.GraphDatabase.driver(uri, auth=("neo4j", PASSWORD)) as driver:
                driver.execute_query("RETURN 1")
            return
        except (exceptions.ServiceUnavailable, exceptions.TransientError, OSError):
            if time.monotonic() > end:
                raise
            time.sleep(1)


if __name__ == "__main__":
    main(sys.argv[1])

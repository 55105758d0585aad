"""Adapters: one engine each. `queries.engine` says what an adapter is."""

"""The snapshot as a graph for the tools of analysts, all from one schema: SQL, Neo4j, NetworkX, Parquet."""

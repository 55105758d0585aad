"""The tools for agents that work as analysts: SQL, SPARQL, Cypher and the saved queries."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from api.http.query_shapes import CypherQuery, SavedQueryList, SavedQueryValues, SqlQuery
from api.http.querying import MAX_QUERY_CHARS, QueryAnswer, cypher_answer, saved_answer, sparql_answer, sql_answer
from api.mcp.tool import Desk, Input, Tool
from graph.projections.query_budget import Budget
from graph.saved_queries.catalogue import saved_queries

QueryName = Annotated[str, Field(min_length=1, max_length=300, description="Of a saved query, as list_queries has it.")]


class SparqlInput(Input):
    """One query."""

    query: Annotated[str, Field(min_length=1, max_length=MAX_QUERY_CHARS, description="SELECT, ASK, ...")]


class NothingInput(Input):
    """No input."""


class SavedQueryInput(SavedQueryValues):
    """A saved query, with values for its parameters; the others have their defaults."""

    name: QueryName


async def _sql(desk: Desk, asked: SqlQuery) -> QueryAnswer:
    snapshot, for_operator = desk.snapshot, desk.for_operator

    def run(budget: Budget) -> QueryAnswer:
        return sql_answer(snapshot, asked.query, asked.parameters, budget, for_operator=for_operator)

    found: QueryAnswer = await desk.query(run)
    return found


async def _sparql(desk: Desk, asked: SparqlInput) -> QueryAnswer:
    snapshot = desk.snapshot
    found: QueryAnswer = await desk.query(lambda budget: sparql_answer(snapshot, asked.query, budget))
    return found


async def _cypher(desk: Desk, asked: CypherQuery) -> QueryAnswer:
    found: QueryAnswer = await desk.query(
        lambda budget: cypher_answer(desk.neo4j, asked.query, asked.parameters, budget)
    )
    return found


async def _list_queries(desk: Desk, _: NothingInput) -> SavedQueryList:
    return SavedQueryList(await desk.in_thread(saved_queries))


async def _run_query(desk: Desk, asked: SavedQueryInput) -> QueryAnswer:
    snapshot = desk.snapshot

    def run(budget: Budget) -> QueryAnswer:
        return saved_answer(snapshot, desk.neo4j, asked.name, asked.language, asked.parameters, budget)

    found: QueryAnswer = await desk.query(run)
    return found


QUERY_TOOLS: Final = (
    Tool("sql", "Run one SELECT of DuckDB's SQL over the match graph, read-only and within a budget. Schema main "
         "has the tables, schema graph a view for each kind of node and edge; information_schema.columns lists "
         "them. Over HTTP this needs an API key.", SqlQuery, QueryAnswer, _sql),
    Tool("sparql", "Run one SPARQL 1.1 query over the match graph as RDF, read-only and within a budget; prefixes "
         "need no declaration. Over HTTP this needs an API key.", SparqlInput, QueryAnswer, _sparql),
    Tool("cypher", "Run one reading Cypher query over the match graph on the Neo4j server beside this one, within a "
         "budget. Over HTTP this needs an API key.", CypherQuery, QueryAnswer, _cypher,
         there=lambda desk: desk.neo4j is not None),
    Tool("list_queries", "The saved queries over the match graph: demand without supply, rising needs, overtaken "
         "artifacts and so on, each with its parameters.", NothingInput, SavedQueryList, _list_queries),
    Tool("run_query", "Run a saved query by its name. Over HTTP this needs an API key.", SavedQueryInput,
         QueryAnswer, _run_query),
)  # fmt: skip

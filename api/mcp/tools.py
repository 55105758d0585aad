"""All tools that agents call, in the order in which they are listed."""

from __future__ import annotations

from typing import Final

from api.mcp.answer_tools import ANSWER_TOOLS
from api.mcp.query_tools import QUERY_TOOLS
from api.mcp.tool import Tool

TOOLS: Final[dict[str, Tool]] = {tool.name: tool for tool in (*ANSWER_TOOLS, *QUERY_TOOLS)}

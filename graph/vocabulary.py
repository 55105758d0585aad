"""The words of the match graph: types of artifact, kinds of event, actors. One meaning each."""

from __future__ import annotations

from typing import Final

ARTIFACT_TYPES: Final = {
    "agent": "Agent",
    "api": "API",
    "app": "App",
    "benchmark": "Benchmark",
    "cli": "CLI Tool",
    "dataset": "Dataset",
    "extension": "Extension",
    "finetune": "Fine-tune",
    "framework": "Framework",
    "mcp": "MCP Server",
    "model": "Model",
    "platform": "Platform",
    "product": "Product",
    "prompt": "Prompt",
    "repo": "Repository",
    "skill": "Skill",
    "template": "Template",
    "webapp": "Web App",
    "workflow": "Workflow",
}
"""Known artifact types and how they are shown. Other types are kept as they are and reported once."""

ACTORS: Final = ("human", "agent", "bot")

IMPRESSION: Final = "impression"
CLICK: Final = "click"
DWELL: Final = "dwell"
SUCCESS: Final = "success"
FAILURE: Final = "failure"
FEEDBACK: Final = "feedback"
JUDGMENT: Final = "judgment"
OTHER: Final = "other"

ACTIONS: Final = (IMPRESSION, CLICK, DWELL, SUCCESS, FAILURE, FEEDBACK, JUDGMENT)
"""Kinds of event that count as evidence; anything else is kept as `other`."""

_NAMES_OF_ACTION: Final = {
    IMPRESSION: "impression impressions shown view_item",
    CLICK: "click click_through item_click execute select selected choose chosen open install call invoke tool_call "
    "add_to_cart add_to_list copy download",
    DWELL: "dwell watch read",
    SUCCESS: "success succeeded purchase conversion solved completed",
    FAILURE: "failure failed error declined_product reject rejected unsolved",
    FEEDBACK: "feedback rating thumbs_up thumbs_down like dislike",
    JUDGMENT: "judgment judgement relevance",
    OTHER: "search on_search view_search_results type_filter brand_filter filter sort product_sort product_hover "
    "hover global_click page_exit 404_redirect scroll login logout page_view",
}

ACTION_OF_NAME: Final = {name: action for action, names in _NAMES_OF_ACTION.items() for name in names.split()}
"""UBI action names (lower case) and the kind of event that each is. Names not listed are kept as `other`
and reported once for each file."""

PRICING_MODELS: Final = ("free", "freemium", "paid", "open_source", "unknown")

MAX_POSITION: Final = 100_000
"""A rank beyond this is a mistake of the log, not a place on a page."""

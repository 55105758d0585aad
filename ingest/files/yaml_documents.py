"""YAML from strangers: one document of plain data, within bounds that are checked before anything is built."""

from __future__ import annotations

from typing import Any, Final

import msgspec
import yaml

MAX_YAML_BYTES: Final = 1 << 20
MAX_YAML_NODES: Final = 50_000
"""Values in one document, counting what aliases repeat: guards against a few bytes that stand for billions."""
MAX_YAML_DEPTH: Final = 40

_PLAIN = "tag:yaml.org,2002:"
_PLAIN_TAGS: Final = frozenset(
    _PLAIN + name for name in ("null", "bool", "int", "float", "str", "seq", "map", "timestamp", "merge")
)
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FORM = "Write plain YAML: names and values, lists, no tags."


class BadYaml(Exception):
    """A YAML text that is not one mapping of plain data; `line` counts from 1."""

    def __init__(self, line: int, code: str, reason: str, remedy: str) -> None:
        self.line = line
        self.code = code
        self.reason = reason
        self.remedy = remedy
        super().__init__(reason)


def load_yaml_mapping(text: str) -> tuple[dict[str, Any], yaml.MappingNode]:
    """Return a YAML text's one mapping as JSON-like data (dates as text), and its node tree for line numbers.

    Raises `BadYaml`: `unsafe-yaml` (tags that build objects, alias bombs, too deep), `invalid-yaml`,
    `not-an-object`, `duplicate-key`.
    """
    if len(text) > MAX_YAML_BYTES:
        raise BadYaml(1, "unsafe-yaml", f"more than {MAX_YAML_BYTES >> 10} KiB of YAML", "Split the document.")
    try:
        _check_events(text)
        node = yaml.compose(text, Loader=_LOADER)
        if not isinstance(node, yaml.MappingNode):
            raise BadYaml(1, "not-an-object", "the document is no mapping of names to values", _FORM)
        _check_nodes(node, {}, set())
        value = yaml.load(text, Loader=_LOADER)  # noqa: S506  (a SafeLoader in C or Python)
        plain: dict[str, Any] = msgspec.to_builtins(value, str_keys=True)
        msgspec.json.encode(plain)  # half surrogates and integers beyond 64 bits cannot be stored
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 1
        raise BadYaml(line, "invalid-yaml", f"not YAML: {error.problem}", _FORM) from error
    except (yaml.YAMLError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise BadYaml(1, "invalid-yaml", f"not YAML: {str(error).splitlines()[0]}", _FORM) from error
    return plain, node


def line_of(node: yaml.Node) -> int:
    """Return the line on which a node begins, counted from 1."""
    return int(node.start_mark.line) + 1


def child(node: yaml.Node, name: str) -> yaml.Node | None:
    """Return the node of a mapping's entry, or None."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)


def _check_events(text: str) -> None:
    """Refuse depth and explicit tags while reading events, when nothing has been built yet."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=_LOADER):
        line = _event_line(event)
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if documents > 1:
            raise BadYaml(line, "several-documents", "more than one YAML document in the file", "Split the file.")
        if depth > MAX_YAML_DEPTH:
            reason = f"nested more than {MAX_YAML_DEPTH} levels deep"
            raise BadYaml(line, "unsafe-yaml", reason, "Flatten the document.")
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!" and tag not in _PLAIN_TAGS:
            raise BadYaml(line, "unsafe-yaml", f"the tag {tag!r} could build objects", _FORM)


def _event_line(event: yaml.Event) -> int:
    return 1 if event.start_mark is None else int(event.start_mark.line) + 1


def _check_nodes(node: yaml.Node, sizes: dict[int, int], open_nodes: set[int]) -> int:
    """Return how many values a node stands for once every alias is written out; refuse bombs and repeated names."""
    key = id(node)
    if key in sizes:
        return sizes[key]
    if key in open_nodes:
        raise BadYaml(line_of(node), "unsafe-yaml", "a value contains itself", "Remove the alias.")
    open_nodes.add(key)
    size = 1
    if isinstance(node, yaml.MappingNode):
        _check_names(node)
        size += sum(_check_nodes(value, sizes, open_nodes) for _, value in node.value)
    elif isinstance(node, yaml.SequenceNode):
        size += sum(_check_nodes(value, sizes, open_nodes) for value in node.value)
    if size > MAX_YAML_NODES:
        reason = f"stands for more than {MAX_YAML_NODES} values"
        raise BadYaml(line_of(node), "unsafe-yaml", reason, "Write it without repeated aliases.")
    open_nodes.discard(key)
    sizes[key] = size
    return size


def _check_names(node: yaml.MappingNode) -> None:
    names: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise BadYaml(line_of(key), "invalid-yaml", "a name that is no text", _FORM)
        if key.value in names and key.tag != _PLAIN + "merge":
            reason = f"the name {key.value!r} stands twice"
            raise BadYaml(line_of(key), "duplicate-key", reason, "Keep one of the two.")
        names.add(key.value)

"""Checking a manifest without importing it: what is wrong, what is missing, and where."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from graph.vocabulary import ARTIFACT_TYPES, PRICING_MODELS
from ingest.files.contract import Note, Rejection
from ingest.files.yaml_documents import load_yaml_mapping
from ingest.readers.manifest import MIN_DESCRIPTION_CHARS, manifest_parts

FEW_CAPABILITIES: Final = 3
PROTOCOLS: Final = ("mcp", "http", "https", "stdio", "websocket", "grpc")


class Finding(msgspec.Struct, frozen=True):
    """Something about a manifest. `line` counts from 1; None where it is about the whole."""

    code: str
    text: str
    line: int | None = None
    remedy: str | None = None


class ManifestReport(msgspec.Struct, frozen=True):
    """Whether a manifest can be taken, with errors and warnings."""

    valid: bool
    errors: list[Finding]
    warnings: list[Finding]
    artifacts: int
    capabilities: int


def check_manifest(text: str) -> ManifestReport:
    """Check a manifest by the reader that imports it, and further by what makes one useful."""
    errors: list[Finding] = []
    warnings: list[Finding] = []
    counts = {"artifacts": 0, "capabilities": 0}
    for part in manifest_parts(text):
        if isinstance(part, Rejection):
            errors.append(Finding(part.code, part.reason, part.line or None, part.remedy))
        elif isinstance(part, Note):
            if part.code != "short-description":
                warnings.append(Finding(part.code, part.text))
        else:
            record, _ = part
            counts[record.table] += 1
    if not errors:
        more_errors, more_warnings = _quality(load_yaml_mapping(text)[0])
        errors += more_errors
        warnings += more_warnings
    return ManifestReport(not errors, errors, warnings, **counts)


def _quality(values: dict[str, Any]) -> tuple[list[Finding], list[Finding]]:
    errors, warnings = [], []
    for number, part in enumerate(values["capabilities"], start=1):
        if len(part.get("description") or "") < MIN_DESCRIPTION_CHARS:
            name = f"capability {number} ({part['name']})"
            errors.append(
                Finding(
                    "short-description",
                    f"{name}: the description has less than {MIN_DESCRIPTION_CHARS} characters",
                    remedy="Say what it takes, what it does and what it gives.",
                )
            )
    errors += _unknown("artifact.type", values["artifact"].get("type"), tuple(ARTIFACT_TYPES))
    pricing, execution = values.get("pricing"), values.get("execution")
    if isinstance(pricing, dict):
        errors += _unknown("pricing.model", str(pricing.get("model") or "").replace("-", "_") or None, PRICING_MODELS)
    if execution is None:
        warnings.append(Finding("no-execution", "there is no execution block, so nothing can invoke it"))
    else:
        errors += _unknown("execution.protocol", execution.get("protocol"), PROTOCOLS)
    if not values.get("failure_modes") and not any(part.get("failure_modes") for part in values["capabilities"]):
        warnings.append(Finding("no-failure-modes", "there are no failure modes, so nobody knows what can go wrong"))
    if len(values["capabilities"]) < FEW_CAPABILITIES:
        warnings.append(Finding("few-capabilities", f"there are fewer than {FEW_CAPABILITIES} capabilities"))
    return errors, warnings


def _unknown(field: str, value: Any, known: tuple[str, ...]) -> list[Finding]:
    if value is None or value in known:
        return []
    return [Finding("unknown-value", f"{field}: {value!r} is not known", remedy=f"Use one of: {', '.join(known)}.")]

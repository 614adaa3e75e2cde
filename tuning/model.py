"""MiniLM-L6 in torch, to tune it; skill/answering/encoder.py runs what comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from skill.answering.encoder import HEADS, MATRICES, Array, Stored, stored
from skill.making import minilm

WIDTH = 384
FROZEN = 2
"""The lowest layers, which stay as they came, and so do the vectors of words: strangers use other words."""
NORMS = ("out_norm", "down_norm")


class Block(nn.Module):
    """One layer."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.out_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, 4 * WIDTH)
        self.down = nn.Linear(4 * WIDTH, WIDTH)
        self.down_norm = nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, x: Tensor, mask: Tensor, drop: float) -> Tensor:
        """Return what the layer makes of x, (texts x tokens x width); `mask` says which tokens are real."""
        texts, tokens, _ = x.shape
        q, k, v = self.qkv(x).view(texts, tokens, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask).transpose(1, 2).reshape(x.shape)
        x = self.out_norm(x + functional.dropout(self.out(seen), drop, self.training))
        changed = self.down(functional.gelu(self.up(x), approximate="tanh"))
        return self.down_norm(x + functional.dropout(changed, drop, self.training))


class Model(nn.Module):
    """The encoder, and a linear head on it for each task."""

    def __init__(self, classes: Mapping[str, int]) -> None:
        super().__init__()
        found = {name: torch.from_numpy(np.array(array)) for name, array in minilm.arrays().items()}
        self.words, self.places = found["words"], found["places"]
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        _set_norm(self.norm, found["norm"])
        self.blocks = nn.ModuleList(Block() for _ in range(minilm.LAYERS))
        for number, block in enumerate(self.blocks):
            for name in MATRICES:
                linear = getattr(block, name)
                linear.weight.data.copy_(found[f"{number}.{name}"])
                linear.bias.data.copy_(found[f"{number}.{name}_bias"])
            for name in NORMS:
                _set_norm(getattr(block, name), found[f"{number}.{name}"])
        self.heads = nn.ModuleDict({name: nn.Linear(WIDTH, count) for name, count in classes.items()})
        for head in self.heads.values():
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)
        for part in (self.norm, *self.blocks[:FROZEN]):
            part.requires_grad_(False)

    def vectors(self, ids: Tensor, drop: float = 0.0) -> Tensor:
        """Return the mean over the real tokens of each text, (texts x width); 0 in `ids` is padding."""
        real = ids != 0
        x = self.norm(functional.embedding(ids, self.words) + self.places[: ids.shape[1]])
        x = functional.dropout(x, drop, self.training)
        for block in self.blocks:
            x = block(x, real[:, None, None, :], drop)
        weights = real.float()[:, :, None]
        return (x * weights).sum(1) / weights.sum(1)

    def changed(self) -> dict[str, Stored]:
        """Return the arrays of the layers that were tuned, as the engine keeps them."""
        made: dict[str, Array] = {}
        for number in range(FROZEN, minilm.LAYERS):
            block = self.blocks[number]
            for name in MATRICES:
                linear = getattr(block, name)
                made[f"{number}.{name}"] = linear.weight.detach().numpy()
                made[f"{number}.{name}_bias"] = linear.bias.detach().numpy()
            for name in NORMS:
                norm = getattr(block, name)
                made[f"{number}.{name}"] = np.stack([norm.weight.detach().numpy(), norm.bias.detach().numpy()])
        return stored(made)


def padded(rows: Sequence[Sequence[int]]) -> Tensor:
    """Return rows of token numbers as one tensor, filled up with 0."""
    longest = max(map(len, rows))
    return torch.tensor([[*row, *[0] * (longest - len(row))] for row in rows])


def _set_norm(norm: nn.LayerNorm, pair: Tensor) -> None:
    norm.weight.data.copy_(pair[0])
    norm.bias.data.copy_(pair[1])

"""How the encoder is tuned: on the ways people ask, on what lies outside, on commands and follow-ups, and on danger."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

from skill.answering.encoder import Stored, Tokeniser
from skill.making import minilm
from skill.making.engine import DANGER, Line
from tuning.model import FROZEN, Model, padded


@dataclass(frozen=True)
class Recipe:
    """How it is tuned; chosen by leaving writers out."""

    epochs: int = 3
    rate: float = 2e-4
    """The learning rate of the topmost layer; each layer below has nine tenths of the one above."""
    head_rate: float = 2e-3
    batch: int = 32
    drop: float = 0.1
    smooth: float = 0.05
    """Label smoothing."""
    danger: float = 1.5
    """What a mistake about danger weighs against one about the topic."""
    ordinary: float = 0.6
    """What an ordinary line weighs when it is told from danger, against one that was written on the border."""
    noise: float = 0.3
    """How likely a line is changed in each of the ways that recognisers and speakers change it."""
    seed: int = 0


def tune(lines: Sequence[Line], recipe: Recipe, say: Callable[[str], None]) -> dict[str, Stored]:
    """Return the arrays that tuning on `lines` changes; the same lines give the same arrays on one machine."""
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(1)
    chance = random.Random(recipe.seed)
    noise = Noise(recipe.noise, chance)
    topics = sorted({line.topic for line in lines if line.topic})
    number = {name: i for i, name in enumerate(topics)}
    topic = torch.tensor([number[line.topic] if line.topic else -100 for line in lines])
    danger = torch.tensor([DANGER.index(line.danger) for line in lines])
    weight = torch.tensor([1.0 if line.bordering else recipe.ordinary for line in lines])
    tokeniser = Tokeniser(minilm.vocabulary())
    model = Model({"topics": len(topics), "danger": len(DANGER)}).train()
    groups = _groups(model, recipe)
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    steps, step = math.ceil(len(lines) / recipe.batch) * recipe.epochs, 0
    for epoch in range(recipe.epochs):
        total = 0.0
        for batch in _batches(lines, recipe.batch, chance):
            pace = min(1.0, (step + 1) / (0.06 * steps)) * max(0.02, 1 - step / steps)
            for group in optimiser.param_groups:
                group["lr"] = group["base"] * pace
            ids = padded([tokeniser.ids(noise(lines[i].text)) for i in batch])
            vectors = functional.dropout(model.vectors(ids, recipe.drop), recipe.drop)
            known = topic[batch] >= 0
            loss = recipe.danger * _danger_loss(model, vectors, danger[batch], weight[batch])
            if known.any():
                scores = model.heads["topics"](vectors[known])
                told = functional.cross_entropy(scores, topic[batch][known], label_smoothing=recipe.smooth)
                loss = loss + told * known.float().mean()
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            nn.utils.clip_grad_norm_([p for group in groups for p in group["params"]], 1.0)
            optimiser.step()
            step, total = step + 1, total + loss.item()
            if step % 200 == 0:
                say(f"step {step} of {steps}")
        say(f"epoch {epoch + 1} of {recipe.epochs}: loss {total * recipe.epochs / steps:.3f}")
    return model.eval().changed()


def _danger_loss(model: Model, vectors: torch.Tensor, truth: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    scores = model.heads["danger"](vectors)
    return (functional.cross_entropy(scores, truth, reduction="none", label_smoothing=0.02) * weight).mean()


def _groups(model: Model, recipe: Recipe) -> list[dict[str, object]]:
    groups: list[dict[str, object]] = [{"params": list(model.heads.parameters()), "base": recipe.head_rate}]
    for number in range(FROZEN, minilm.LAYERS):
        rate = recipe.rate * 0.9 ** (minilm.LAYERS - 1 - number)
        groups.append({"params": list(model.blocks[number].parameters()), "base": rate})
    return groups


def _batches(lines: Sequence[Line], size: int, chance: random.Random) -> Iterator[list[int]]:
    """Yield the numbers of lines of like length, so that little is spent on padding."""
    order = list(range(len(lines)))
    chance.shuffle(order)
    batches = []
    for start in range(0, len(order), 24 * size):
        some = sorted(order[start : start + 24 * size], key=lambda i: len(lines[i].text))
        batches += [some[i : i + size] for i in range(0, len(some), size)]
    chance.shuffle(batches)
    yield from batches


class Noise:
    """Changes a line as speakers and recognisers do: words lost or put in, ends cut, letters gone."""

    FILLERS = ("um", "uh", "so", "like", "well", "okay so", "hey", "i mean", "you know", "please", "just", "actually")

    def __init__(self, rate: float, chance: random.Random) -> None:
        self._rate = rate
        self._chance = chance

    def __call__(self, text: str) -> str:
        """Return `text`, changed or not."""
        words = text.split()
        chance, rate = self._chance, self._rate
        if chance.random() < rate and len(words) > 4:
            words.pop(chance.randrange(len(words)))
        if chance.random() < rate * 0.7:
            words.insert(chance.choice([0, 0, chance.randrange(len(words) + 1)]), chance.choice(self.FILLERS))
        if chance.random() < rate:
            words = [word.replace("'", "") for word in words]
        if chance.random() < rate * 0.5:
            at = chance.randrange(len(words))
            words[at] = self._misheard(words[at])
        if chance.random() < rate * 0.4 and len(words) > 9:
            words = words[: len(words) * 2 // 3 + 1]
        return " ".join(words)

    def _misheard(self, word: str) -> str:
        if len(word) < 4:
            return word
        at = self._chance.randrange(1, len(word) - 1)
        lost, doubled = word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:]
        return self._chance.choice([lost, doubled, word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]])

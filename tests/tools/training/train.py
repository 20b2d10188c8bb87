"""Train the question encoder.

``python tests/tools/training/train.py --seed 0 --out seed0.pt``

Passages keep the untrained model's vectors, so a base need not be embedded anew, and every question
is set against all 16 600 passages at once: the softmax of its cosines over all of them, at
temperature 0.02, is to lie on those that answer. Beside that, sentences in both written forms are
drawn to the middle of the two vectors that the untrained model gives them: both forms land on one
point, and nothing else is moved. Word embeddings stay as they are. Two CPU cores: 10 to 13 minutes.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import time
from pathlib import Path

import data as training
import numpy as np
import torch

from search.embedding import bundle
from search.embedding.encoder import load
from search.embedding.st_module import sentence_transformer

LEARNING_RATE, TEMPERATURE, PAIRS_WEIGHT, PAIRS = 4e-5, 0.02, 50.0, 16
TYPOS = 0.15  # of the questions get one or two


def noise(text: str) -> str:
    """The question as a hasty person types it, now and then."""
    if random.random() < 0.1:
        text = text.lower()
    if random.random() < 0.1:
        text = text.rstrip("?. ")
    if random.random() >= TYPOS:
        return text
    letters = list(text)
    for _ in range(random.choice((1, 1, 2))):
        at = random.randrange(len(letters) - 1) if len(letters) > 2 else 0
        if not letters[at].isalpha():
            continue
        chance = random.random()
        if chance < 0.35:
            letters[at] = ""
        elif chance < 0.65:
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
        elif chance < 0.85:
            letters[at] *= 2
        else:
            letters[at] = random.choice("aeiorstn")
    return "".join(letters)


class Questions:
    """The network that is trained, and its tokeniser."""

    def __init__(self, folder: Path) -> None:
        model = sentence_transformer(folder, "torch")
        self.network, self.tokenizer = model[0].model.eval(), model.tokenizer  # no dropout
        for part in (self.network.embeddings, self.network.pooler):
            for parameter in part.parameters():
                parameter.requires_grad_(False)

    def __call__(self, texts: list[str]) -> torch.Tensor:
        batch = self.tokenizer(
            [f"query: {text}" for text in texts],
            padding=True,
            truncation=True,
            max_length=64,
            return_tensors="pt",
        )
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = self.network(
                input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]
            ).last_hidden_state
        mask = batch["attention_mask"].unsqueeze(-1).float()
        mean = (hidden.float() * mask).sum(1) / mask.sum(1)
        return torch.nn.functional.normalize(mean, dim=-1)

    def sorted(self, texts: list[str]) -> torch.Tensor:
        """The same, in two batches by length: less is spent on padding."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        half = len(order) * 2 // 3
        parts = [self([texts[i] for i in part]) for part in (order[:half], order[half:])]
        back = torch.empty(len(order), dtype=torch.long)
        back[torch.tensor(order)] = torch.arange(len(order))
        return torch.cat(parts)[back]

    def vectors(self, texts: list[str]) -> np.ndarray:
        """Vectors without gradients."""
        with torch.no_grad():
            return np.concatenate(
                [self(texts[n : n + 64]).numpy() for n in range(0, len(texts), 64)]
            )


def main() -> None:
    """Read, train, save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=360)
    parser.add_argument("--batch", type=int, default=48)
    parser.add_argument("--home", type=Path, default=Path("kjelda-data"))
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    random.seed(options.seed)
    torch.manual_seed(options.seed)
    data = training.read(load(bundle.UNTRAINED.name, options.home))
    asked = Questions(options.home / "models" / bundle.UNTRAINED.name)
    middle = asked.vectors([nb for nb, _ in data.pairs]) + asked.vectors(
        [nn for _, nn in data.pairs]
    )
    middle = torch.from_numpy(middle / np.linalg.norm(middle, axis=1, keepdims=True))
    passages = torch.from_numpy(data.vectors)
    parameters = [p for p in asked.network.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(
        parameters, lr=LEARNING_RATE, weight_decay=0.01, betas=(0.9, 0.98)
    )
    order: list[int] = []
    started = time.perf_counter()
    for step in range(options.steps):
        cosine = 0.1 + 0.9 * 0.5 * (1 + math.cos(math.pi * step / options.steps))
        for group in optimizer.param_groups:
            group["lr"] = LEARNING_RATE * min(1, (step + 1) / 40) * cosine
        if len(order) < options.batch:
            order = random.sample(range(len(data.questions)), len(data.questions))
        chosen = [data.questions[order.pop()] for _ in range(options.batch)]
        sentences = random.sample(range(len(data.pairs)), PAIRS)
        texts = [noise(question) for question, _ in chosen]
        texts += [data.pairs[n][random.random() < 0.5] for n in sentences]
        found = asked.sorted(texts)
        logits = found[: options.batch] @ passages.T / TEMPERATURE
        right = torch.zeros_like(logits, dtype=torch.bool)
        for row, (_, rows) in enumerate(chosen):
            right[row, rows] = True
        answers = torch.logsumexp(logits.masked_fill(~right, -1e4), 1)
        loss = (torch.logsumexp(logits, 1) - answers).mean()
        apart = (1 - (found[options.batch :] * middle[sentences]).sum(1)).mean()
        optimizer.zero_grad()
        (loss + PAIRS_WEIGHT * apart).backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        if (step + 1) % 25 == 0:
            spent = time.perf_counter() - started
            sys.stderr.write(f"{step + 1} {loss.item():.3f} {apart.item():.4f} {spent:.0f} s\n")
    state = asked.network.state_dict()
    torch.save({k: v for k, v in state.items() if "word_embeddings" not in k}, options.out)


if __name__ == "__main__":
    main()

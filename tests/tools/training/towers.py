"""Train the passages' upper layers beside the question encoder.

``python tests/tools/training/towers.py --start seed0.pt seed1.pt seed2.pt --out towers.pt``

Begins with the mean of what train.py made. The lower eight layers stay as they are for passages:
their output is computed once and kept, so that a step costs a third. Of each question one passage
that answers and one hard negative (of the twenty nearest that don't) are read anew; the 1 024 read
last are negatives too. Beside that the question stays near the untrained passages (a fifth), pairs
of sentences in both forms stay on one point, and passages are drawn to their untrained vectors, so
that other texts are not unlearned. Two CPU cores: about 45 minutes, and 10 before that.
"""

from __future__ import annotations

import argparse
import copy
import math
import random
import sys
import time
from pathlib import Path

import data as training
import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper
from train import TEMPERATURE, Questions, noise

from search.embedding import bundle
from search.embedding.encoder import load

KEPT = 8  # layers of the passages' encoder that stay as they are
QUESTIONS_RATE, PASSAGES_RATE = 1.5e-5, 6e-5
UNTRAINED_WEIGHT, ANCHOR_WEIGHT, PAIRS_WEIGHT, PAIRS = 0.2, 4.0, 50.0, 12
BANK, NEAREST, TWIN = 1024, 20, 0.96


def hidden(folder: Path, encoder: object, texts: list[str]) -> list[torch.Tensor]:
    """What the kept layers make of each passage: (tokens, 384) each."""
    path = folder / bundle.ONNX / bundle.PASSAGE
    graph = onnx.load(str(path), load_external_data=False)
    last = f"l{KEPT - 1}.oln"
    nodes = list(graph.graph.node)
    end = next(n for n, node in enumerate(nodes) if node.output[0] == last) + 1
    del graph.graph.node[:], graph.graph.output[:]
    graph.graph.node.extend(nodes[:end])
    out = helper.make_tensor_value_info(last, TensorProto.FLOAT, ["texts", "tokens", 384])
    graph.graph.output.append(out)
    cut = path.with_name("kept.onnx")
    onnx.save(graph, str(cut))
    quiet = onnxruntime.SessionOptions()
    quiet.log_severity_level = 3  # the weights of the layers that were cut off are left in
    session = onnxruntime.InferenceSession(str(cut), quiet, providers=["CPUExecutionProvider"])
    cut.unlink()
    found = []
    for text in texts:
        ids = [0, *encoder.unigram.ids(f"passage: {text}")[:254], 2]
        states = session.run(None, {"ids": np.array([ids], np.int64)})[0][0]
        found.append(torch.from_numpy(states).to(torch.bfloat16))
    return found


class Passages(torch.nn.Module):
    """The upper layers, over the kept ones' output."""

    def __init__(self, layers: torch.nn.ModuleList, states: list[torch.Tensor]) -> None:
        super().__init__()
        self.layers, self.states = layers, states

    def forward(self, rows: list[int]) -> torch.Tensor:
        """Unit vectors of these passages, read in batches of like lengths."""
        order = sorted(range(len(rows)), key=lambda n: len(self.states[rows[n]]))
        parts = [order[n : n + 16] for n in range(0, len(order), 16)]
        found = torch.cat([self._batch([rows[n] for n in part]) for part in parts])
        back = torch.empty(len(order), dtype=torch.long)
        back[torch.tensor(order)] = torch.arange(len(order))
        return found[back]

    def _batch(self, rows: list[int]) -> torch.Tensor:
        longest = max(len(self.states[row]) for row in rows)
        value, mask = torch.zeros(len(rows), longest, 384), torch.zeros(len(rows), longest)
        for n, row in enumerate(rows):
            value[n, : len(self.states[row])] = self.states[row].float()
            mask[n, : len(self.states[row])] = 1
        with torch.autocast("cpu", dtype=torch.bfloat16):
            for layer in self.layers:
                made = layer(value, attention_mask=(1 - mask)[:, None, None, :] * -1e9)
                value = made[0] if isinstance(made, tuple) else made
        weights = mask.unsqueeze(-1)
        mean = (value.float() * weights).sum(1) / weights.sum(1)
        return torch.nn.functional.normalize(mean, dim=-1)


def main() -> None:
    """Read, train, save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=450)
    parser.add_argument("--batch", type=int, default=40)
    parser.add_argument("--home", type=Path, default=Path("kjelda-data"))
    parser.add_argument("--start", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    random.seed(options.seed)
    torch.manual_seed(options.seed)
    encoder = load(bundle.UNTRAINED.name, options.home)
    folder = options.home / "models" / bundle.UNTRAINED.name
    data = training.read(encoder)
    asked = Questions(folder)
    upper = torch.nn.ModuleList(copy.deepcopy(x) for x in asked.network.encoder.layer[KEPT:])
    seeds = [torch.load(path) for path in options.start]
    mean = {k: sum(seed[k].float() for seed in seeds) / len(seeds) for k in seeds[0]}
    asked.network.load_state_dict(mean, strict=False)
    shown = Passages(upper, hidden(folder, encoder, data.passages))
    untrained = torch.from_numpy(data.vectors)
    middle = asked.vectors([nb for nb, _ in data.pairs]) + asked.vectors(
        [nn for _, nn in data.pairs]
    )
    middle = torch.from_numpy(middle / np.linalg.norm(middle, axis=1, keepdims=True))
    trained = [p for p in asked.network.parameters() if p.requires_grad]
    groups = [
        {"params": trained, "lr": QUESTIONS_RATE, "most": QUESTIONS_RATE},
        {"params": list(upper.parameters()), "lr": PASSAGES_RATE, "most": PASSAGES_RATE},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98))
    order: list[int] = []
    bank, bank_rows = torch.empty(0, 384), []
    started = time.perf_counter()
    for step in range(options.steps):
        cosine = 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * step / options.steps))
        for group in optimizer.param_groups:
            group["lr"] = group["most"] * min(1, (step + 1) / 30) * cosine
        if len(order) < options.batch:
            order = random.sample(range(len(data.questions)), len(data.questions))
        chosen = [data.questions[order.pop()] for _ in range(options.batch)]
        sentences = random.sample(range(len(data.pairs)), PAIRS)
        texts = [noise(question) for question, _ in chosen]
        texts += [data.pairs[n][random.random() < 0.5] for n in sentences]
        found = asked.sorted(texts)
        questions = found[: options.batch]
        cosines = questions @ untrained.T
        answers = [random.choice(rows) for _, rows in chosen]
        hard = []
        for row, near in enumerate(cosines.detach().topk(30, 1).indices.tolist()):
            rows, gold = chosen[row][1], untrained[answers[row]]
            others = [n for n in near if n not in rows and float(untrained[n] @ gold) < TWIN]
            hard.append(random.choice(others[:NEAREST] or range(len(data.passages))))
        read = list(dict.fromkeys(answers + hard))
        vectors = shown(read)
        rows = read + bank_rows
        right = torch.tensor([[n in gold for n in rows] for _, gold in chosen])
        loss = _contrast(questions @ torch.cat([vectors, bank]).T, right)
        right = torch.zeros_like(cosines, dtype=torch.bool)
        for row, (_, gold) in enumerate(chosen):
            right[row, gold] = True
        loss = loss + UNTRAINED_WEIGHT * _contrast(cosines, right)
        apart = (1 - (found[options.batch :] * middle[sentences]).sum(1)).mean()
        moved = (1 - (vectors * untrained[read]).sum(1)).mean()
        optimizer.zero_grad()
        (loss + PAIRS_WEIGHT * apart + ANCHOR_WEIGHT * moved).backward()
        for group in optimizer.param_groups:
            torch.nn.utils.clip_grad_norm_(group["params"], 1.0)
        optimizer.step()
        bank = torch.cat([bank, vectors.detach()])[-BANK:]
        bank_rows = (bank_rows + read)[-BANK:]
        if (step + 1) % 25 == 0:
            spent = time.perf_counter() - started
            sys.stderr.write(f"{step + 1} {loss.item():.3f} {moved.item():.3f} {spent:.0f} s\n")
    state = asked.network.state_dict()
    questions_state = {k: v for k, v in state.items() if "word_embeddings" not in k}
    torch.save({"questions": questions_state, "passages": upper.state_dict()}, options.out)


def _contrast(cosines: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    logits = cosines / TEMPERATURE
    answers = torch.logsumexp(logits.masked_fill(~right, -1e4), 1)
    return (torch.logsumexp(logits, 1) - answers).mean()


if __name__ == "__main__":
    main()

"""What towers.py trained into the files that ship.

``python tests/tools/training/export.py towers.pt``: the mean of the runs that are given, rounded as
the ONNX graphs round; all layers for questions, the upper ones for passages.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from towers import KEPT

from search.embedding import bundle, q4file
from search.embedding.st_folder import PARTS
from search.embedding.trained import PASSAGES, QUESTIONS, rounded


def main() -> None:
    """Read, mix, round, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="+", type=Path)
    options = parser.parse_args()
    runs = [torch.load(path) for path in options.runs]
    layers = q4file.read(bundle.source_file()).shape.layers
    questions = {n: f"encoder.layer.{n}" for n in range(layers)}
    passages = {n: f"{n - KEPT}" for n in range(KEPT, layers)}
    for part, names, path in (
        ("questions", questions, QUESTIONS),
        ("passages", passages, PASSAGES),
    ):
        path.parent.mkdir(exist_ok=True)
        save_file(tensors([run[part] for run in runs], names), path)


def tensors(
    runs: list[Mapping[str, torch.Tensor]], layers: Mapping[int, str]
) -> dict[str, np.ndarray]:
    """The mean of the runs under our names; ``layers`` gives each layer's name in the runs."""
    found: dict[str, np.ndarray] = {}
    for layer, prefix in layers.items():
        for part, name in PARTS.items():
            for kind, own in (("weight", "w"), ("bias", "b")):
                values = [run[f"{prefix}.{name}.{kind}"].float().numpy() for run in runs]
                mean = np.mean(values, axis=0).astype(np.float32)
                ours = f"l{layer}.{part}.{own}"
                if kind == "weight" and part not in {"aln", "oln"}:
                    found[ours], found[f"{ours}.scale"] = rounded(mean)
                else:
                    found[ours] = mean
    return found


if __name__ == "__main__":
    main()

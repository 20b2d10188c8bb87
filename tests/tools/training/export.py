"""Several trained seeds into the weights that ship.

``python tests/tools/training/export.py --share 0.8 seed0.pt seed1.pt seed2.pt``: the mean of the
seeds, ``share`` of the way from the untrained weights to it, rounded as the ONNX graph rounds.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

from search.embedding import bundle, q4file
from search.embedding.st_folder import PARTS
from search.embedding.trained import WEIGHTS, rounded


def main() -> None:
    """Read, mix, round, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("seeds", nargs="+", type=Path)
    options = parser.parse_args()
    seeds = [torch.load(path) for path in options.seeds]
    source = q4file.read(bundle.source_file())
    shape = source.shape
    tensors: dict[str, np.ndarray] = {}
    for layer in range(shape.layers):
        for part, name in PARTS.items():
            for kind, own in (("weight", "w"), ("bias", "b")):
                where = f"encoder.layer.{layer}.{name}.{kind}"
                ours = f"l{layer}.{part}.{own}"
                trained = sum(seed[where].float().numpy() for seed in seeds) / len(seeds)
                matrix = kind == "weight" and part not in {"aln", "oln"}
                columns = shape.ff if part == "fo" else shape.hidden
                base = source.weights(ours, columns) if matrix else source.floats(ours)
                mixed = base + options.share * (trained - base)
                if matrix:
                    numbers, scales = rounded(mixed.astype(np.float32))
                    tensors[ours], tensors[f"{ours}.scale"] = numbers, scales
                else:
                    tensors[ours] = mixed.astype(np.float32)
    options.out.parent.mkdir(exist_ok=True)
    save_file(tensors, options.out, metadata={"share": str(options.share)})


if __name__ == "__main__":
    main()

"""Weights that Kjelda trained, laid over those of the file they were trained from.

``trained/`` has a file for questions (all twelve layers) and one for passages (the upper four),
with what training changed and nothing else: for each linear part ``name.w`` as int8 (outputs,
inputs) with a float32 scale for each output (``name.w.scale``), and the biases and norms as
float32. The rounding is the ONNX graph's own, so that nothing is rounded twice. How they were made
stands in ``trained/README.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from search.embedding.errors import ModelError
from search.embedding.q4file import Pieces, Q4File, Shape

_FOLDER: Final = Path(__file__).with_name("trained")
QUESTIONS: Final = _FOLDER / "questions.safetensors"
PASSAGES: Final = _FOLDER / "passages.safetensors"
# AVX2 without VNNI adds two u8 x s8 products in 16 bits. Weights of 7 bits can't overflow there
# (2 * 255 * 63 < 32768), so every machine gives the same sums.
LARGEST: Final = 63


@dataclass(frozen=True, slots=True)
class Trained:
    """A Q4File with some tensors in place of its own. Same methods, same shapes."""

    source: Q4File
    tensors: dict[str, npt.NDArray[Any]]

    @property
    def shape(self) -> Shape:
        """Sizes of the network."""
        return self.source.shape

    @property
    def pieces(self) -> Pieces:
        """The tokeniser."""
        return self.source.pieces

    def blocks(
        self, name: str, columns: int
    ) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float16]]:
        """The 4-bit word table, which is never trained."""
        return self.source.blocks(name, columns)

    def floats(self, name: str) -> npt.NDArray[np.float32]:
        """A float tensor, flat."""
        found = self.tensors.get(name)
        return self.source.floats(name) if found is None else found.astype(np.float32).ravel()

    def weights(self, name: str, columns: int) -> npt.NDArray[np.float32]:
        """A weight matrix as float32 (rows, columns)."""
        found = self.tensors.get(name)
        if found is None:
            return self.source.weights(name, columns)
        scales: npt.NDArray[np.float32] = self.tensors[f"{name}.scale"]
        return found.reshape(-1, columns).astype(np.float32) * scales[:, None]


def overlay(source: Q4File, path: Path) -> Trained:
    """The trained weights over ``source``.

    Raises ModelError when the file can't be read, or holds other weights than of this network.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        tensors = load_file(path)
    except (OSError, SafetensorError) as error:
        raise _unusable(path, f"can't be read: {error}") from error
    if not tensors:
        raise _unusable(path, "are empty")
    for name, values in tensors.items():
        entry = source.entries.get(name.removesuffix(".scale"))
        whole = not name.endswith(".scale")
        if entry is None or (whole and entry.values != values.size):
            raise _unusable(path, f"don't fit the model: {name}")
        scales = tensors.get(f"{name}.scale")
        if values.dtype == np.int8 and (scales is None or len(scales) != len(values)):
            raise _unusable(path, f"lack the scales of {name}")
    return Trained(source, tensors)


def _unusable(path: Path, why: str) -> ModelError:
    return ModelError(
        f"the trained weights {path} {why}; install Kjelda anew, or set "
        "KJELDA_MODEL=multilingual-e5-small for the untrained model"
    )


def rounded(weights: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int8], npt.NDArray[Any]]:
    """Weights (outputs, inputs) as int8 with a float32 scale for each output."""
    scales = np.abs(weights).max(axis=1) / LARGEST
    scales = np.maximum(scales, np.finfo(np.float32).tiny).astype(np.float32)
    return np.rint(weights / scales[:, None]).astype(np.int8), scales

"""The one way to embeddings: the Encoder protocol and ``load``."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from search.embedding import bundle
from search.embedding.errors import ModelError

__all__ = ["Encoder", "ModelError", "load"]


class Encoder(Protocol):
    """Texts in, unit vectors out. ``model_id`` is stored with every index and compared."""

    @property
    def model_id(self) -> str:
        """The model's stable identity: two encoders with the same one give the same vectors."""
        ...

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        ...

    @property
    def max_tokens(self) -> int:
        """The longest text the model reads at once, in tokens with prefix and specials."""
        ...

    @property
    def nothing_below(self) -> float | None:
        """The cosine under which nothing is near a question; None where it isn't known."""
        ...

    @property
    def calibrated(self) -> bool:
        """Whether the estimate of an answer's chance was fitted on this model's cosines."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Unit vectors (n, dimension) of questions, with the model's query prefix."""
        ...

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> npt.NDArray[np.float32]:
        """Unit vectors (n, dimension) of passages, with the model's passage prefix.

        ``progress`` is told the number of texts done so far.
        """
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as a passage, with prefix and specials, not cut at max_tokens."""
        ...

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Where each token of ``text`` stands, [start, end) in characters.

        Without prefix and specials: for cutting a text at a number of tokens.
        """
        ...


def load(
    model: str | None,
    home: Path,
    *,
    threads: int | None = None,
    progress: Callable[[str], None] | None = None,
    download: bool = False,
) -> Encoder:
    """The encoder for ``model``.

    None is the default model, a name in ``bundle.VARIANTS`` another built-in one; both are built
    in ``home``/models the first time, and ``progress`` is told the steps of that. Anything else
    is what SentenceTransformer takes: a folder, or the id of a model that was downloaded before;
    the hub is asked only with ``download``. ``threads`` limits the threads of one computation.
    Raises ModelError when the model can't be built or loaded.
    """
    known = None if model is None else bundle.VARIANTS.get(model)
    if model is None or known is not None:
        variant = known or bundle.DEFAULT
        from search.embedding.onnx_encoder import load_onnx

        folder = bundle.build(home / "models" / variant.name, progress, variant)
        return load_onnx(
            folder,
            variant.model_id,
            threads,
            nothing_below=variant.nothing_below,
            calibrated=variant is bundle.DEFAULT,
        )
    path = Path(model).expanduser()
    # An id on the hub is `name` or `owner/name`; all else can only be a folder.
    is_id = re.fullmatch(r"[\w-][\w.-]*(/[\w-][\w.-]*)?", model) is not None
    if not path.is_dir() and not is_id:
        raise ModelError(
            f"there is no model folder {model}; set KJELDA_MODEL to a folder that "
            "SentenceTransformer can load, or leave it out for the default model"
        )
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    if path.is_dir() or not download:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    if not path.is_dir() and not download and not _is_here(model):
        raise ModelError(
            f"{model} is neither a built-in model ({', '.join(bundle.VARIANTS)}) nor a folder, and "
            "no model of that id was downloaded to this machine; correct KJELDA_MODEL, or set "
            "KJELDA_MODEL_DOWNLOAD=true to let it be fetched from the model hub"
        )
    from search.embedding.st_module import load_foreign

    return load_foreign(model, path if path.is_dir() else None, threads, download=download)


def _is_here(model: str) -> bool:
    """Whether a model of this id was downloaded before."""
    from huggingface_hub import try_to_load_from_cache

    # A name without owner is one of SentenceTransformer's own.
    owned = model if "/" in model else f"sentence-transformers/{model}"
    folders = (None, os.environ.get("SENTENCE_TRANSFORMERS_HOME"))
    return any(
        isinstance(try_to_load_from_cache(owned, name, cache_dir=folder), str)
        for name in ("modules.json", "config.json")
        for folder in folders
    )

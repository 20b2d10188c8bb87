"""Write a built model as a SentenceTransformer folder: settings, tokeniser, weights for torch.

A model whose questions are embedded by weights of their own is a Router with two ways, query and
document; ``encode_query`` and ``encode_document`` choose between them.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from search.embedding import tokenizer
from search.embedding.q4file import Q4File
from search.embedding.trained import Trained

MAX_TOKENS: Final = 512
# "document" too: without it SentenceTransformer.encode_document takes an empty prompt.
PROMPTS: Final = {"query": "query: ", "passage": "passage: ", "document": "passage: "}
Weights = Q4File | Trained
_PACKAGE: Final = "sentence_transformers.models"


def write(folder: Path, passages: Weights, queries: Weights | None) -> None:
    """Write the model into ``folder``; ``queries`` are None where one set of weights does both."""
    _write_json(
        folder / "config_sentence_transformers.json",
        {"prompts": PROMPTS, "default_prompt_name": None, "similarity_fn_name": "cosine"},
    )
    if queries is None:
        _transformer(folder, passages)
        _pooling(folder / "1_Pooling", passages)
        (folder / "2_Normalize").mkdir()
        kinds = {"": "Transformer", "1_Pooling": "Pooling", "2_Normalize": "Normalize"}
    else:
        ways: dict[str, Weights] = {"document": passages, "query": queries}
        for way, source in ways.items():
            (folder / f"{way}_0_Transformer").mkdir()
            _transformer(folder / f"{way}_0_Transformer", source)
            _pooling(folder / f"{way}_1_Pooling", source)
        _share(folder, "tokenizer.json")
        parts = {way: [f"{way}_0_Transformer", f"{way}_1_Pooling"] for way in ways}
        _write_json(
            folder / "router_config.json",
            {
                "types": {
                    name: f"{_PACKAGE}.{name.rpartition('_')[2]}"
                    for names in parts.values()
                    for name in names
                },
                "structure": parts,
                "parameters": {"default_route": "document", "allow_empty_key": True},
            },
        )
        (folder / "1_Normalize").mkdir()
        kinds = {"": "Router", "1_Normalize": "Normalize"}
    _write_json(
        folder / "modules.json",
        [
            {"idx": number, "name": str(number), "path": path, "type": f"{_PACKAGE}.{kind}"}
            for number, (path, kind) in enumerate(kinds.items())
        ],
    )


def _share(folder: Path, name: str) -> None:
    """One file for both ways, where the disk allows links: it is 17 MB."""
    one, other = (folder / f"{way}_0_Transformer" / name for way in ("document", "query"))
    linked = other.with_name(f"{name}.linked")
    try:
        os.link(one, linked)
    except OSError:  # a file system without links: both stay, and that is as good
        return
    linked.replace(other)


def _transformer(folder: Path, source: Weights) -> None:
    text = tokenizer.tokenizer_json(source.pieces)
    (folder / "tokenizer.json").write_text(text, encoding="utf-8")
    _write_json(
        folder / "tokenizer_config.json", tokenizer.tokenizer_config(source.pieces, MAX_TOKENS)
    )
    shape = source.shape
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
            "pad_token_id": source.pieces.pad,
            "dtype": "float32",
        },
    )
    _write_json(
        folder / "sentence_bert_config.json",
        {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
    )
    _weights(source, folder / "model.safetensors")


def _pooling(folder: Path, source: Weights) -> None:
    folder.mkdir()
    _write_json(
        folder / "config.json",
        {
            "word_embedding_dimension": source.shape.hidden,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
        },
    )


def _write_json(path: Path, document: object) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")


def _weights(source: Weights, path: Path) -> None:
    """``model.safetensors`` under the names of transformers' BertModel."""
    from safetensors.numpy import save_file

    hidden, ff = source.shape.hidden, source.shape.ff
    tables: dict[str, npt.NDArray[Any]] = {
        # Half precision on disk halves the file and moves no embedding by more than 1e-6;
        # config.json has it loaded as float32.
        "embeddings.word_embeddings.weight": source.weights("emb.word", hidden).astype(np.float16),
        "embeddings.position_embeddings.weight": source.floats("emb.pos").reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": source.floats("emb.type").reshape(-1, hidden),
        "embeddings.LayerNorm.weight": source.floats("emb.ln.w"),
        "embeddings.LayerNorm.bias": source.floats("emb.ln.b"),
    }
    tensors = dict(tables)
    # Not used: pooling is the mean. Without it transformers warns that it is missing.
    tensors["pooler.dense.weight"] = np.zeros((hidden, hidden), np.float32)
    tensors["pooler.dense.bias"] = np.zeros(hidden, np.float32)
    for layer in range(source.shape.layers):
        for part, name in PARTS.items():
            where = f"encoder.layer.{layer}.{name}"
            columns = ff if part == "fo" else hidden
            if part in {"aln", "oln"}:
                tensors[f"{where}.weight"] = source.floats(f"l{layer}.{part}.w")
            else:
                tensors[f"{where}.weight"] = source.weights(f"l{layer}.{part}.w", columns)
            tensors[f"{where}.bias"] = source.floats(f"l{layer}.{part}.b")
    save_file(tensors, path, metadata={"format": "pt"})


PARTS: Final = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}

"""Build the XLM-R tokeniser from the vocabulary and the normalisation map of an E5S1 file.

The result is a plain Hugging Face ``tokenizer.json``: a Precompiled character map, runs of
spaces made one, Metaspace, Unigram, and ``<s> ... </s>`` around.
"""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Mapping
from typing import Any, Final

from search.embedding.q4file import Pieces

META: Final = "▁"


def tokenizer_json(pieces: Pieces) -> str:
    """The text of ``tokenizer.json`` for ``pieces``."""
    names = pieces.pieces
    specials = {token: names.index(token) for token in ("<s>", "<pad>", "</s>", "<unk>", "<mask>")}
    bos, eos = names[pieces.bos], names[pieces.eos]
    document: dict[str, Any] = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {
                "id": number,
                "content": token,
                "single_word": False,
                "lstrip": False,
                "rstrip": False,
                "normalized": False,
                "special": True,
            }
            for token, number in sorted(specials.items(), key=lambda item: item[1])
        ],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {
                    "type": "Precompiled",
                    "precompiled_charsmap": base64.b64encode(character_map(pieces.normal)).decode(),
                },
                {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
            ],
        },
        "pre_tokenizer": {
            "type": "Metaspace",
            "replacement": META,
            "prepend_scheme": "first",
            "split": True,
        },
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [_special(bos), _sequence("A"), _special(eos)],
            "pair": [
                _special(bos),
                _sequence("A"),
                _special(eos),
                _special(eos),
                _sequence("B"),
                _special(eos),
            ],
            "special_tokens": {
                token: {"id": token, "ids": [number], "tokens": [token]}
                for token, number in ((bos, pieces.bos), (eos, pieces.eos))
            },
        },
        "decoder": {
            "type": "Metaspace",
            "replacement": META,
            "prepend_scheme": "first",
            "split": True,
        },
        "model": {
            "type": "Unigram",
            "unk_id": pieces.unk,
            "vocab": [
                [piece, score] for piece, score in zip(names, pieces.scores.tolist(), strict=True)
            ],
            "byte_fallback": False,
        },
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def tokenizer_config(pieces: Pieces, positions: int) -> dict[str, object]:
    """``tokenizer_config.json``: the tokeniser is taken as ``tokenizer.json`` has it."""
    names = pieces.pieces
    bos, eos = names[pieces.bos], names[pieces.eos]
    return {
        # Not XLMRobertaTokenizer: that class builds a normaliser of its own and ignores ours.
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": positions,
        "model_input_names": ["input_ids", "attention_mask"],
        "clean_up_tokenization_spaces": False,
        "bos_token": bos,
        "cls_token": bos,
        "eos_token": eos,
        "sep_token": eos,
        "pad_token": names[pieces.pad],
        "unk_token": names[pieces.unk],
        "mask_token": "<mask>",
    }


def character_map(normal: Mapping[str, str]) -> bytes:
    """``normal`` (a character to its replacement) as a SentencePiece precompiled map.

    Layout: u32 length of the trie, the trie as a Darts-clone double array of u32 units, then the
    replacements, each ended by a zero byte; a trie value is an offset into these.
    """
    replacements = bytearray()
    offsets: dict[str, int] = {}
    for text in normal.values():
        if text not in offsets:
            offsets[text] = len(replacements)
            replacements += text.encode() + b"\0"
    units = double_array({key.encode(): offsets[text] for key, text in normal.items()})
    trie = struct.pack(f"<{len(units)}I", *units)
    return struct.pack("<I", len(trie)) + trie + bytes(replacements)


def double_array(values: Mapping[bytes, int]) -> list[int]:
    """The units of a Darts-clone double array over ``values``.

    A child of the node at ``p`` with label ``c`` lies at ``p ^ offset(p) ^ c``; label 0 is the
    leaf with the value. A unit is label | has-leaf << 8 | offset << 10; a leaf is value | 1 << 31.
    Keys hold no zero byte. Source: s-yata/darts-clone, ``DoubleArrayUnit``.
    """
    root: dict[int, Any] = {}
    for key, value in values.items():
        node = root
        for byte in key:
            node = node.setdefault(byte, {})
        node[0] = value
    units: dict[int, int] = {0: 0}
    bases: set[int] = set()
    branches: list[tuple[int, dict[int, Any]]] = [(0, root)]
    leaves: list[tuple[int, dict[int, Any]]] = []

    def place(position: int, node: dict[int, Any], candidate: int) -> int:
        """Give ``node`` the first base from ``candidate`` on that suits it, and return that."""
        # No two nodes may share a base, or one would find the other's children as its own.
        while candidate in bases or any(candidate ^ label in units for label in node):
            candidate += 1
        bases.add(candidate)
        offset = position ^ candidate
        if offset >= 1 << 21:
            raise ValueError("the character map is too large for plain offsets")
        units[position] |= offset << 10 | (1 << 8 if 0 in node else 0)
        for label, child in node.items():
            units[candidate ^ label] = child | 1 << 31 if label == 0 else label
        return candidate

    # Branches first, each searched from where the last one went: that keeps the search short.
    base = 1
    for position, node in branches:
        base = place(position, node, base)
        for label, child in node.items():
            if label:
                (branches if child.keys() != {0} else leaves).append((base ^ label, child))
    base = 1
    for position, node in leaves:
        base = place(position, node, base)
    # Whole blocks of 256, so that a look-up of any byte stays inside the array.
    size = (max(units) // 256 + 1) * 256
    return [units.get(position, 0) for position in range(size)]


def _special(token: str) -> dict[str, object]:
    return {"SpecialToken": {"id": token, "type_id": 0}}


def _sequence(name: str) -> dict[str, object]:
    return {"Sequence": {"id": name, "type_id": 0}}

"""The encoder of multilingual-e5-small as an ONNX graph for onnxruntime on a CPU.

Input ``ids`` int64 (texts, tokens), all of one length, without padding; output ``mean`` float32
(texts, hidden), the mean of the last layer over the tokens, not normalised. The choices are
measured in docs/decisions/0003-model.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from search.embedding.q4file import Q4File
from search.embedding.trained import Trained, rounded

CONTRIB: Final = "com.microsoft"


SHARED: Final = ("words", "words.scales")


def write(source: Q4File | Trained, path: Path, words_in: Path | None = None) -> None:
    """Write the graph to ``path`` and the weights of ``source`` beside it, 82 MB in all.

    ``words_in`` is a graph in the same folder that has the word table already: it is then not
    written twice (60 MB less on disk, and in memory, as both are mapped).
    """
    model = _model(source)
    if words_in is not None:
        _refer(model, words_in)
    # Beside, not inside: onnxruntime then maps the word table and reads the rows it needs.
    onnx.save_model(
        model,
        str(path),
        save_as_external_data=True,
        location=f"{path.name}.data",
        size_threshold=4096,
    )


def _refer(model: onnx.ModelProto, other: Path) -> None:
    """Take the word table from another graph's data."""
    there = {t.name: t for t in onnx.load(str(other), load_external_data=False).graph.initializer}
    for tensor in model.graph.initializer:
        if tensor.name in SHARED:
            tensor.CopyFrom(there[tensor.name])


class _Builder:
    """Nodes and constants of a graph under construction; every method returns an output's name."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, values: npt.NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(
        self, kind: str, inputs: list[str], output: str, domain: str = "", **settings: object
    ) -> str:
        self.nodes.append(
            helper.make_node(kind, inputs, [output], name=output, domain=domain, **settings)
        )
        return output

    def linear(
        self,
        value: str,
        weights: npt.NDArray[np.float32],
        bias: npt.NDArray[np.float32],
        output: str,
        rows: str = "",
    ) -> str:
        """``value`` @ weights.T + bias in 8 bits; weights (outputs, inputs), a scale per output.

        The operator rounds ``value`` with one scale for all tokens. With ``rows``, the name of
        the largest magnitude of each token, tokens are brought to one size first.
        """
        if rows:
            value = self.node("Div", [value, rows], f"{output}.even")
        numbers, scales = rounded(weights)
        inputs = [
            value,
            self.constant(f"{output}.weights", numbers.T),
            self.constant(f"{output}.scales", scales),
            self.constant(f"{output}.zeros", np.zeros(len(scales), np.int8)),
        ]
        added = self.constant(f"{output}.bias", bias)
        if not rows:
            return self.node("DynamicQuantizeMatMul", [*inputs, added], output, CONTRIB)
        even = self.node("DynamicQuantizeMatMul", inputs, f"{output}.product", CONTRIB)
        product = self.node("Mul", [even, rows], f"{output}.sized")
        return self.node("Add", [product, added], output)

    def largest(self, value: str) -> str:
        """The largest element of each token of ``value``, at least 0.2: (texts, tokens, 1)."""
        most = self.node("ReduceMax", [value, "last"], f"{value}.most", keepdims=1)
        # No Gelu goes below -0.17: with this floor nothing is blown up past one in size.
        return self.node("Max", [most, "floor"], f"{value}.size")

    def add_and_norm(
        self,
        left: str,
        right: str,
        scale: npt.NDArray[np.float32],
        bias: npt.NDArray[np.float32],
        epsilon: float,
        output: str,
    ) -> str:
        """The layer norm of ``left`` + ``right``."""
        # Two nodes: the fused SkipLayerNormalization is slower on a CPU.
        total = self.node("Add", [left, right], f"{output}.sum")
        inputs = [
            total,
            self.constant(f"{output}.scale", scale),
            self.constant(f"{output}.shift", bias),
        ]
        return self.node("LayerNormalization", inputs, output, axis=-1, epsilon=epsilon)


def _model(source: Q4File | Trained) -> onnx.ModelProto:
    shape = source.shape
    build = _Builder()
    build.constant("last", np.array([-1], np.int64))
    build.constant("floor", np.array(0.2, np.float32))
    value = _embeddings(build, source)
    for layer in range(shape.layers):
        value = _layer(build, source, value, f"l{layer}")
    axes = build.constant("axes", np.array([1], np.int64))
    build.node("ReduceMean", [value, axes], "mean", keepdims=0)
    graph = helper.make_graph(
        build.nodes,
        "e5-small",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "tokens"])],
        [helper.make_tensor_value_info("mean", TensorProto.FLOAT, ["texts", shape.hidden])],
        build.constants,
    )
    return helper.make_model(
        graph,
        producer_name="kjelda",
        ir_version=10,
        opset_imports=[helper.make_opsetid("", 21), helper.make_opsetid(CONTRIB, 1)],
    )


def _embeddings(build: _Builder, source: Q4File | Trained) -> str:
    """Word, position and type embeddings, added and normed. The words stay in 4 bits."""
    shape = source.shape
    nibbles, scales = source.blocks("emb.word", shape.hidden)
    # INT4 is two's complement: the stored nibble less eight is its top bit turned.
    packed = (nibbles[:, 0::2] ^ 8) | ((nibbles[:, 1::2] ^ 8) << 4)
    words = TensorProto(name="words", data_type=TensorProto.INT4, raw_data=packed.tobytes())
    words.dims.extend(nibbles.shape)
    build.constants.append(words)
    build.constant("words.scales", scales.astype(np.float32))
    build.node(
        "GatherBlockQuantized",
        ["words", "ids", "words.scales"],
        "word",
        CONTRIB,
        gather_axis=0,
        quantize_axis=1,
        block_size=32,
    )
    places = source.floats("emb.pos").reshape(shape.positions, shape.hidden)
    build.constant("places", places + source.floats("emb.type")[: shape.hidden])
    build.constant("zero", np.array([0], np.int64))
    build.node("Shape", ["ids"], "tokens", start=1, end=2)
    build.node("Slice", ["places", "zero", "tokens", "zero"], "place")
    return build.add_and_norm(
        "word",
        "place",
        source.floats("emb.ln.w"),
        source.floats("emb.ln.b"),
        shape.epsilon,
        "embedded",
    )


def _layer(build: _Builder, source: Q4File | Trained, value: str, name: str) -> str:
    """One transformer layer: attention, then the feed-forward part, each added and normed."""
    shape = source.shape

    def linear(value: str, part: str, columns: int, rows: str = "") -> str:
        weights = source.weights(f"{name}.{part}.w", columns)
        bias = source.floats(f"{name}.{part}.b")
        return build.linear(value, weights, bias, f"{name}.{part}", rows)

    def norm(left: str, right: str, part: str) -> str:
        scale, bias = source.floats(f"{name}.{part}.w"), source.floats(f"{name}.{part}.b")
        return build.add_and_norm(left, right, scale, bias, shape.epsilon, f"{name}.{part}")

    inputs = [linear(value, part, shape.hidden) for part in ("q", "k", "v")]
    mixed = build.node(
        "MultiHeadAttention", inputs, f"{name}.attention", CONTRIB, num_heads=shape.heads
    )
    value = norm(linear(mixed, "ao", shape.hidden), value, "aln")
    # Both halves of the feed-forward part have tokens far larger than the rest (<s>, </s> and
    # the prefix): one scale for all would round the words away.
    sizes = build.largest(build.node("Abs", [value], f"{name}.abs"))
    wide = linear(value, "fi", shape.hidden, sizes)
    wide = build.node("Gelu", [wide], f"{name}.gelu", CONTRIB)
    return norm(linear(wide, "fo", shape.ff, build.largest(wide)), value, "oln")

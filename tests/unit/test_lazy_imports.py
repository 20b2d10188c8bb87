"""Which slow modules a call imports, proved in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SLOW = {
    "torch", "transformers", "sentence_transformers", "chromadb", "onnxruntime", "onnx", "numpy",
    "tantivy", "pypdf", "bs4", "lxml", "docx", "lingua", "pptx", "openpyxl", "weasyprint",
}  # fmt: skip


def imported(code: str) -> set[str]:
    """Top-level modules loaded after the code has run."""
    listing = "print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"
    script = f"{code}\nimport json, sys\n{listing}"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_help_imports_click_only() -> None:
    """`kjelda --help` loads no model, no index, no web framework and no settings."""
    loaded = imported(
        "from click.testing import CliRunner\n"
        "from api.cli import cli\n"
        "assert CliRunner().invoke(cli, ['--help']).exit_code == 0"
    )
    assert set() == loaded & (SLOW | {"pydantic", "fastapi", "starlette", "rich", "jinja2"})


def test_help_of_a_command_imports_nothing_slow() -> None:
    """`kjelda search --help` loads its own options and no more."""
    loaded = imported(
        "from click.testing import CliRunner\n"
        "from api.cli import COMMANDS, cli\n"
        "for name in COMMANDS:\n"
        "    assert CliRunner().invoke(cli, [name, '--help']).exit_code == 0"
    )
    assert set() == loaded & (SLOW | {"pydantic", "fastapi"})


def test_the_app_answers_health_without_model_or_index() -> None:
    """Creating the app and answering /health loads neither torch nor Chroma nor numpy."""
    loaded = imported(
        "import asyncio\n"
        "from pathlib import Path\n"
        "from api.app import create_app\n"
        "from api.routes import health\n"
        "from api.settings import Settings\n"
        "create_app(Settings(home=Path('/nowhere')))\n"
        "assert asyncio.run(health()).status == 'alive'"
    )
    assert set() == loaded & SLOW


def test_help_uses_little_time() -> None:
    """`kjelda --help` uses less than half a second of processor time."""
    code = (
        "import os, subprocess, sys\n"
        "subprocess.run([sys.executable, '-m', 'api.cli', '--help'], check=True, stdout=-3)\n"
        "t = os.times(); print(t.children_user + t.children_system)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert float(done.stdout) < 0.5

"""The start of the program stays light, each rule in a process of its own; pyproject.toml has the layers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "jsft_tui"


def files_of(layer: str) -> list[Path]:
    """The modules of a layer."""
    return sorted((PACKAGE / layer).rglob("*.py"))


def test_only_one_service_imports_the_sandbox() -> None:
    knowing = [
        str(path.relative_to(PACKAGE))
        for layer in ("core", "aws", "services", "cli", "tui")
        for path in files_of(layer)
        if "jsft_tui.sandbox" in path.read_text(encoding="utf-8")
    ]
    assert knowing == ["services/target/sandbox.py"]


def modules_after(statement: str) -> set[str]:
    """The top-level modules that a fresh process has loaded after a statement."""
    code = f"import sys\ntry:\n    {statement}\nexcept SystemExit:\n    pass\nprint('MODULES', *sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "JSFT_HOME": "/nonexistent"},
    )
    line = next(line for line in done.stdout.splitlines() if line.startswith("MODULES"))
    return {name.split(".")[0] for name in line.split()[1:]}


HEAVY = {"boto3", "botocore", "textual", "rich", "sagemaker", "numpy", "pandas", "moto", "flask", "werkzeug", "PIL"}


@pytest.mark.parametrize(
    "words", [["--version"], ["--help"], ["models", "--help"], ["launch", "--help"], ["demo", "-h"]]
)
def test_help_and_version_load_nothing_heavy(words: list[str]) -> None:
    loaded = modules_after(f"from jsft_tui.cli.app import run; run({words!r})")

    assert not loaded & HEAVY


def test_the_version_is_printed_before_anything_is_loaded() -> None:
    loaded = modules_after("sys.argv[1:] = ['--version']; from jsft_tui.__main__ import main; main()")

    assert not loaded & (HEAVY | {"click", "yaml"})


def test_a_session_of_the_command_line_loads_no_textual_and_no_sagemaker() -> None:
    loaded = modules_after(
        "import pkgutil, boto3, jsft_tui.aws, jsft_tui.services; "
        "[__import__(found.name) for layer in (jsft_tui.aws, jsft_tui.services)"
        " for found in pkgutil.walk_packages(layer.__path__, layer.__name__ + '.')]; "
        "from jsft_tui.cli.commands.runs import launch; from jsft_tui.cli.commands.catalog import models"
    )

    assert not loaded & {"textual", "sagemaker", "rich", "numpy", "moto"}


BEFORE_THE_FIRST_FRAME = {
    "aws": set[str](),
    "core": {
        "account.sign_in",
        "catalog.cards",
        "catalog.model_name",
        "run.steps",
        *(f"common.{name}" for name in ("errors", "fixes", "remedy", "status", "text")),
    },
    "services": {"background.tasks", "session.open", "target.resolve"},
    "sandbox": set[str](),
    "tui.dialogs": set[str](),
    "tui.screens": {"imports", "models.rows", "models.screen"},
}
"""All that the first frame may import of a layer or folder, without the folders themselves."""


def test_the_first_frame_needs_few_modules(tmp_path: Path) -> None:
    """Each module of these layers costs about a millisecond; bench/start_time.py measures what comes of it."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.tui.apps.first_frame"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "JSFT_HOME": str(tmp_path)},
    )
    loaded = done.stdout.split()
    for folder, allowed in BEFORE_THE_FIRST_FRAME.items():
        prefix = f"jsft_tui.{folder}."
        inside = {name.removeprefix(prefix) for name in loaded if name.startswith(prefix)}
        modules = {
            name for name in inside if not (PACKAGE / folder.replace(".", "/") / name.replace(".", "/")).is_dir()
        }
        assert modules <= allowed, folder
    assert "jsft_tui.tui.screens.models.screen" in loaded
    assert not {name.split(".")[0] for name in loaded} & (
        (HEAVY - {"textual", "rich"}) | {"yaml", "humanize", "packaging", "click"}
    )

"""Every `--json` document of the command line, without what differs from run to run and without the words.

`python -m tests.smoke.json_documents` writes what this version says to `json_documents.json`: run it only where a
document was changed on purpose, and read the difference.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.cli.runs import run_file
from tests.common.home import BROKEN, BUCKET, IMAGE_MODEL, TABULAR_MODEL, TEXT_MODEL, TINY_SERVICES, TINY_SHAPES, Home

RECORDED = Path(__file__).with_name("json_documents.json")
DONE, FAILED = "smoke-done", "smoke-failed"
MISMATCH = {"training": TINY_SHAPES, "validation": f"s3://{BROKEN}/images-loose/"}

LONG_LIST, KEPT_ROWS = 60, 3
"""Rows from which on a list is long; of a long one these are kept, and a digest stands for the others."""

WORDS = frozenset({"message", "remedy", "help", "explanation", "sentence", "why", "note", "says", "reason", "cause"})
"""Keys of sentences, which a language review may change."""
_DIFFERS = re.compile(
    r"seconds|trained|billed|created|started|ended|time|cost|usd|_at$|elapsed|port|pid|version|endpoint|checked"
)

_STAMP = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z|\d{8}-\d{6}")


def prepare(home: Home, folder: Path) -> None:
    """Run a job that succeeds and one that fails, once for all documents."""
    for name, changes in ((DONE, {}), (FAILED, {"data": MISMATCH})):
        path = run_file(folder, name, **changes)
        home.jsft("launch", path, "--yes", "--follow", "--json")


def commands(folder: Path) -> dict[str, tuple[object, ...]]:
    """The command lines, by name."""
    good = run_file(folder, "smoke-check")
    bad = run_file(folder, "smoke-bad", hyperparameters={"epochs": "many"}, instance={"type": "ml.p5.48xlarge"})
    return {
        "models": ("models",),
        "models of a task": ("models", "--task", "ic"),
        "image model": ("model", IMAGE_MODEL),
        "text model": ("model", TEXT_MODEL),
        "tabular model": ("model", TABULAR_MODEL),
        "unknown model": ("model", "no-such-model"),
        "instances": ("instances",),
        "instances of a model": ("instances", IMAGE_MODEL),
        "lint": ("lint", IMAGE_MODEL, TINY_SHAPES),
        "lint of texts": ("lint", TEXT_MODEL, TINY_SERVICES),
        "lint of the wrong data": ("lint", TEXT_MODEL, TINY_SHAPES),
        "plan": ("plan", IMAGE_MODEL, "--data", TINY_SHAPES, "--name", "smoke-plan"),
        "check": ("check", good),
        "check that blocks": ("check", bad),
        "launch, dry": ("launch", good, "--dry-run"),
        "jobs": ("jobs",),
        "job": ("job", DONE),
        "failed job": ("job", FAILED),
        "summary of a job": ("job", DONE, "--summary"),
        "summary of a failed job": ("job", FAILED, "--summary"),
        "no such job": ("job", "smoke-nothing"),
        "compare": ("compare", DONE, FAILED),
        "list of a model": ("download", DONE, "--list"),
        "clone": ("clone", DONE),
        "export": ("export", good, "--as", "json"),
        "buckets": ("s3", "ls"),
        "prefix": ("s3", "ls", f"s3://{BUCKET}/data/"),
        "wrong usage": ("models", "--no-such-option"),
    }


def document(home: Home, arguments: tuple[object, ...]) -> dict[str, Any]:
    """The exit code and the normalized document of a command."""
    outcome = home.jsft(*arguments, "--json")
    try:
        found = outcome.document
    except ValueError:
        found = "no JSON"
    return {"exit": outcome.code, "document": normalized(found)}


def normalized(value: Any, key: str = "") -> Any:
    """Return a value without times, amounts, words, and the far end of lists."""
    if isinstance(value, Mapping):
        if "differs" in value:  # a row of `compare`: how often a short job was looked at decides some of its values
            return {"label": value["label"], "keys": sorted(map(str, value))}
        return {name: normalized(each, str(name)) for name, each in value.items() if _same_always(value, name)}
    if isinstance(value, list):
        rows = [normalized(each, key) for each in value]
        if len(rows) < LONG_LIST:
            return rows
        digest = hashlib.sha256(json.dumps(rows[KEPT_ROWS:], sort_keys=True).encode()).hexdigest()[:16]
        return [*rows[:KEPT_ROWS], f"{len(rows)} rows in all, {digest}"]
    if key in WORDS or (isinstance(value, str) and value.count(" ") > 3):
        return f"<{type(value).__name__}: words>"
    if value is not None and _DIFFERS.search(key):
        return f"<{type(value).__name__}>"
    if isinstance(value, float):
        return "<float>"
    if isinstance(value, str):
        return _STAMP.sub("<moment>", value)
    return value


def _same_always(fields: Mapping[Any, Any], key: Any) -> bool:
    """Say whether a field is not the size of a file that holds how long the job took."""
    return key != "size" or fields.get("name") != "training_info.json"


def main() -> None:
    """Record what this version says."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        home = Home(folder / "jsft")
        try:
            prepare(home, folder)
            found = {each: document(home, arguments) for each, arguments in commands(folder).items()}
        finally:
            home.sandbox.stop()
    RECORDED.write_text(json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

"""docs/json.md names the keys of every recorded document."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.smoke.json_documents import RECORDED

DOCUMENTED = set(re.findall(r"\w+", (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")))
RECORDS = json.loads(RECORDED.read_text(encoding="utf-8"))
OTHERS_KEYS = ("launch, dry", "plan", "clone")
"""Documents with the keys of AWS, or of a run file."""
BY_NAME = frozenset({"hyperparameters", "metrics", "data", "changed", "values", "classes", "facts"})
"""Keys of mappings whose keys are names of hyperparameters, metrics, channels, or jobs."""


def keys_of(value: Any, *, is_by_name: bool = False) -> set[str]:
    if isinstance(value, list):
        return {key for each in value for key in keys_of(each)}
    if not isinstance(value, dict):
        return set()
    inner = {key for name, each in value.items() for key in keys_of(each, is_by_name=name in BY_NAME)}
    return inner if is_by_name else inner | set(value)


@pytest.mark.parametrize("name", [name for name in RECORDS if name not in OTHERS_KEYS])
def test_the_keys_are_documented(name: str) -> None:
    assert not keys_of(RECORDS[name]["document"]) - DOCUMENTED - {"keys"}

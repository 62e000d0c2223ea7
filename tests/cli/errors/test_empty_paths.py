"""An empty path, as an unset variable of a shell leaves it, is no path; `Path("")` would be the current folder."""

from __future__ import annotations

import pytest

from tests.cli.session.test_sign_in import jsft


@pytest.mark.parametrize(
    "words",
    [
        ("s3", "upload", "", "s3://bucket/data/"),
        ("download", "flowers", "-o", ""),
        ("check", ""),
        ("launch", "", "--yes"),
        ("plan", "pytorch-ic-resnet18", "-o", ""),
        ("clone", "flowers", "-o", ""),
        ("export", "", "--as", "json"),
        ("jobs", "--config", ""),
        ("convert", "", "train.jsonl"),
        ("convert", "faq.csv", ""),
    ],
    ids=" ".join,
)
def test_an_empty_path_is_refused(words: tuple[str, ...]) -> None:
    outcome = jsft(*words, "--json")
    assert outcome.code == 2
    assert "path is empty" in outcome.error["message"]

"""Names of what programs leave behind."""

from __future__ import annotations

import pytest

from jsft_tui.core.datasets.base.leftovers import leftover, leftovers


@pytest.mark.parametrize(
    ("name", "maker"),
    [
        ("__MACOSX/", "macOS"),
        ("__MACOSX/cat/._p1.jpg", "macOS"),
        ("cat/._p1.jpg", "macOS"),
        ("._data.csv", "macOS"),
        (".DS_Store", "macOS"),
        ("images/.ds_store", "macOS"),
        ("Icon\r", "macOS"),
        ("cat/Thumbs.db", "Windows"),
        ("desktop.ini", "Windows"),
        (".ipynb_checkpoints/", "Jupyter"),
        ("cat/.ipynb_checkpoints/p1-checkpoint.jpg", "Jupyter"),
        ("~$data.xlsx", "Office"),
        (".~lock.data.csv#", "LibreOffice"),
        (".data.csv.swp", "vim"),
        ("data.csv~", "an editor"),
        ("#data.csv#", "Emacs"),
        ("_SUCCESS", "Hadoop or Spark"),
        (".part-00000.csv.crc", "Hadoop or Spark"),
        (".git/", "Git"),
        (".cache/huggingface/", "a download"),
    ],
)
def test_a_leftover_is_known_by_its_name(name: str, maker: str) -> None:
    found = leftover(name)
    assert found is not None
    assert found.maker == maker
    assert str(found).endswith("; delete it")


@pytest.mark.parametrize(
    "name",
    [
        "data.csv",
        "cat/",
        "cat/p1.jpg",
        "",
        "macosx/",
        ".hidden/",
        "train.jsonl",
        "a._b",
        "last-checkpoint.jsonl",
        "~",
        "git/x.jpg",
        "#",
    ],
)
def test_what_may_be_data_is_none(name: str) -> None:
    assert leftover(name) is None


def test_among_names_the_leftovers_are_found() -> None:
    assert [name for name, _ in leftovers(["a.csv", "._a.csv", ".DS_Store"])] == ["._a.csv", ".DS_Store"]

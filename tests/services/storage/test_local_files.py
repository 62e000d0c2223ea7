"""Local folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from jsft_tui.core.common.errors import Problem
from jsft_tui.services.storage import local_files
from jsft_tui.services.storage.local_files import LocalEntry, local_folder


def test_folders_come_first_and_hidden_ones_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "a.txt").write_text("abc")
    (tmp_path / "dead").symlink_to(tmp_path / "nowhere")

    found = local_folder(tmp_path)

    assert found.entries == (LocalEntry("b", None), LocalEntry("a.txt", 3), LocalEntry("dead", 0))
    assert found.is_complete
    assert local_folder(tmp_path / "a.txt") == found  # the folder that the file is in


def test_a_huge_folder_is_listed_partly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_files, "MAX_ENTRIES", 3)
    for number in range(5):
        (tmp_path / f"{number}").write_text("")

    found = local_folder(tmp_path)

    assert (len(found.entries), found.is_complete) == (3, False)


@pytest.mark.parametrize("path", ["/no/such/folder", "~no-such-user-here/x", "a\0b"])
def test_a_folder_that_cannot_be_listed_is_a_problem(path: str) -> None:
    with pytest.raises(Problem) as caught:
        local_folder(Path(path))
    assert caught.value.code == "NoSuchFolder"

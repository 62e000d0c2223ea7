"""Text that a person saves."""

from __future__ import annotations

from pathlib import Path

import pytest

from jsft_tui.core.errors import Problem
from jsft_tui.services.text_files import EXISTS, save_text


def test_a_file_is_made_with_its_folders_and_not_overwritten_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    place = save_text(Path("~/new/run.yaml"), "one\n")

    assert place == tmp_path / "new" / "run.yaml"
    with pytest.raises(Problem) as caught:
        save_text(place, "two\n")
    assert caught.value.code == EXISTS
    assert place.read_text() == "one\n"
    save_text(place, "two\n", overwrite=True)
    assert place.read_text() == "two\n"


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem) as caught:
        save_text(tmp_path / "file" / "below", "text")
    assert caught.value.code == "CannotWrite"

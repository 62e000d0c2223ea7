"""Text files saved for the user."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jsft_tui.core.common.errors import Problem
from jsft_tui.paths import STALE
from jsft_tui.services.settings.text_files import EXISTS, save_parts, save_text


def test_a_file_is_created_with_its_folders_and_not_overwritten_by_default(
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


def test_a_path_that_cannot_be_written_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem) as caught:
        save_text(tmp_path / "file" / "below", "text")
    assert caught.value.code == "CannotWrite"


def test_a_name_of_maximum_length_is_saved_and_a_longer_one_is_a_problem(tmp_path: Path) -> None:
    name = "型" * 83 + ".yaml"  # 254 bytes
    place = save_text(tmp_path / name, "one\n")
    save_text(place, "two\n", overwrite=True)
    assert place.read_text() == "two\n"
    assert [each.name for each in tmp_path.iterdir()] == [name]
    with pytest.raises(Problem) as caught:
        save_text(tmp_path / f"{name}型", "one\n")
    assert caught.value.code == "CannotWrite"


def test_temporary_files_of_killed_processes_are_deleted_and_nothing_else(tmp_path: Path) -> None:
    names = (".jsft-12-34.part", ".jsft-12.part", "jsft-12-34.part", ".jsft-12-34.part.txt", ".model.12.part")
    for name in names:
        (tmp_path / name).write_text("half")
        os.utime(tmp_path / name, times=(0, time.time() - STALE - 60))
    (tmp_path / ".jsft-56-78.part").write_text("somebody writes it")
    save_text(tmp_path / "run.yaml", "one\n")
    left = {each.name for each in tmp_path.iterdir()}
    assert left == {*names[1:], ".jsft-56-78.part", "run.yaml"}


@pytest.fixture
def locked() -> Iterator[Path]:
    """Yield a folder in which no file can be created, with a writable file."""
    with tempfile.TemporaryDirectory() as folder:
        place, is_root = Path(folder), os.geteuid() == 0
        (place / "run.yaml").write_text("one, which is longer\n")
        (place / "run.yaml").chmod(0o666)
        place.chmod(0o555)
        if is_root:
            os.seteuid(65534)  # root is kept from nothing
        try:
            yield place
        finally:
            if is_root:
                os.seteuid(0)
            place.chmod(0o755)


def test_a_file_in_a_read_only_folder_is_overwritten_in_place(locked: Path) -> None:
    def parts() -> Iterator[str]:
        yield "three"
        raise Problem("NoConnection", "it broke.")

    place = locked / "run.yaml"
    with pytest.raises(Problem, match="broke"):
        save_parts(place, parts(), overwrite=True)
    assert place.read_text() == "one, which is longer\n"
    save_text(place, "two\n", overwrite=True)
    assert place.read_text() == "two\n"
    with pytest.raises(Problem) as caught:
        save_text(locked / "new.yaml", "new\n")
    assert caught.value.code == "CannotWrite"
    assert "Permission denied" in caught.value.message

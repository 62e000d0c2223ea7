"""No two targets share a file, and a file under an old name is found."""

from __future__ import annotations

from pathlib import Path

from jsft_tui.core.account.target import StaticCredentials, Target
from jsft_tui.services.target.target_files import own_file


def test_targets_with_similar_names_have_different_files(tmp_path: Path) -> None:
    alike = [Target("us-west-2", profile=name) for name in (None, "aws", "AWS", "aws.", "a b", "a-b", "a_b", "ä")]
    files = [own_file(tmp_path, target) for target in alike]
    assert len(set(files)) == len(alike)
    assert {own_file(tmp_path, target) for target in alike} == set(files)
    assert all(file.name.isascii() and "/" not in file.name for file in files)


def test_the_file_of_an_old_version_goes_to_the_first_target_opened(tmp_path: Path) -> None:
    (tmp_path / "my-team-us-west-2.json").write_text("mine")
    first = own_file(tmp_path, Target("us-west-2", profile="my team"))
    assert first.read_text() == "mine"
    assert not own_file(tmp_path, Target("us-west-2", profile="my_team")).exists()
    assert own_file(tmp_path, Target("us-west-2", profile="my team")) == first
    keys = StaticCredentials("AKIAEXAMPLE", "secret")
    assert own_file(tmp_path, Target("us-west-2", credentials=keys, sandbox=True)).name == "sandbox.json"

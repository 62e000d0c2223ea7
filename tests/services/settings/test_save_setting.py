"""Saving a setting changes its own entry of config.yaml and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.config import load_config
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.strict_yaml import read_yaml
from jsft_tui.core.common.yaml_entry import with_entry
from jsft_tui.services.settings.save_setting import save_settings

COMMENTED = """\
# my settings
region: us-west-2   # west
tags:
  team: vision  # us
  # the next one is for billing
  cost: "42"

# keys of mine
keys: {launch: ctrl+y}
"""


def test_comments_and_other_lines_stay(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(COMMENTED)
    config = save_settings(path, {"region": "eu-central-1", "role": "arn:aws:iam::123456789012:role/Train"})
    expected = COMMENTED.replace("us-west-2", "eu-central-1") + "role: 'arn:aws:iam::123456789012:role/Train'\n"
    assert path.read_text() == expected
    assert config == load_config(path)
    save_settings(path, {"tags": {"team": "text"}})
    assert path.read_text().startswith("# my settings\nregion: eu-central-1   # west\ntags: {team: text}\n\n# keys of")


def test_a_missing_file_is_created_and_a_link_stays_one(tmp_path: Path) -> None:
    path = tmp_path / "config" / "config.yaml"
    assert save_settings(path, {"theme": "light"}).theme == "light"
    link = tmp_path / "link.yaml"
    link.symlink_to(path)
    save_settings(link, {"encrypt_traffic": True})
    assert link.is_symlink()
    assert load_config(path).encrypt_traffic is True


@pytest.mark.parametrize("text", ["- a list\n", "regoin: x\n", "a: &b 1\nc: *b\n", "region: x\n...\n", "region: [\n"])
def test_an_invalid_file_stays_as_it_is(text: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text)
    with pytest.raises(Problem) as refused:
        save_settings(path, {"theme": "light"})
    assert refused.value.code == "BadConfig"
    assert path.read_text() == text


def test_an_invalid_value_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(COMMENTED)
    with pytest.raises(Problem):
        save_settings(path, {"theme": "pink"})
    assert path.read_text() == COMMENTED


VALUES = st.one_of(
    st.text(),
    st.booleans(),
    st.lists(st.text(), max_size=3),
    st.dictionaries(st.text(), st.text(), max_size=3),
)


@given(value=VALUES, newline=st.sampled_from(["\n", "\r\n"]), key=st.sampled_from(["region", "tags", "keys", "new"]))
def test_any_value_reads_back_and_no_other_entry_changes(value: Any, newline: str, key: str) -> None:
    text = COMMENTED.replace("\n", newline)
    before, after = read_yaml(text), read_yaml(with_entry(text, key, value))
    assert after == {**before, key: value}
    assert with_entry(text, key, value).count("#") >= text.count("#") - 2

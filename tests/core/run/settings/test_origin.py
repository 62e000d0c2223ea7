"""Where the value of a setting comes from, layer by layer; and jsft's own settings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from jsft_tui.core.run.defaults import Defaults
from jsft_tui.core.run.draft import EMPTY
from jsft_tui.core.run.settings.origin import origin_chain, origin_word
from jsft_tui.core.run.settings.own import FoundTerminal, OwnSetting, own_value, parse_own
from jsft_tui.core.run.settings.settings import Setting

MINE = Defaults(role="arn:aws:iam::123456789012:role/Mine", tags={"team": "ml"})
ADMIN = Defaults(role="arn:aws:iam::123456789012:role/Admin", tags={"cost": "42"})
DEFAULTS = (
    Defaults()
    .from_origin("jsft config")
    .over(MINE.from_origin("SageMaker config.yaml (user)").over(ADMIN.from_origin("SageMaker config.yaml (admin)")))
)
TERMINAL = FoundTerminal("dark", is_remote=True, is_ascii=False)


def chain(setting: Setting, **own: Any) -> list[tuple[str, str, bool]]:
    steps = origin_chain(setting, replace(EMPTY, **own), DEFAULTS, None)
    return [(step.origin, step.text.rpartition("/")[2], step.wins) for step in steps]


def test_the_first_layer_that_says_something_wins() -> None:
    assert chain(Setting.ROLE) == [
        ("this run", "", False),
        ("jsft config.yaml", "", False),
        ("SageMaker config, yours", "Mine", True),
        ("SageMaker config, admin", "Admin", False),
    ]
    assert chain(Setting.ROLE, role="arn:aws:iam::123456789012:role/Own")[0] == ("this run", "Own", True)
    assert [wins for _, _, wins in chain(Setting.ROLE, role=MINE.role)] == [False, False, True, False]


def test_tags_of_all_layers_hold_and_what_belongs_to_a_run_has_no_layers() -> None:
    assert [step for step in chain(Setting.TAGS) if step[2]] == [
        ("SageMaker config, yours", "team=ml", True),
        ("SageMaker config, admin", "cost=42", True),
    ]
    assert chain(Setting.CHECKPOINT, checkpoint="s3://b/c") == [("this run", "c", True)]


@pytest.mark.parametrize(
    ("origin", "word"),
    [
        ("SageMaker config.yaml (user)", "SageMaker config"),
        ("this run + SageMaker config.yaml (admin)", "this run + more"),
        ("model's spec", "model"),
        ("not set", ""),
        ("the sandbox", "the sandbox"),
    ],
)
def test_an_origin_has_room_in_the_list(origin: str, word: str) -> None:
    assert origin_word(origin) == word
    assert len(word) <= 16


@pytest.mark.parametrize(
    ("setting", "value", "default", "said"),
    [
        (OwnSetting.THEME, "auto", "auto", ("auto (dark)", "found out")),
        (OwnSetting.THEME, "light", "auto", ("light", "jsft config")),
        (OwnSetting.MOUSE, None, None, ("off (SSH)", "found out")),
        (OwnSetting.MOUSE, True, None, ("on", "jsft config")),
        (OwnSetting.ASCII, None, None, ("no", "found out")),
        (OwnSetting.NOTIFY, False, True, ("off", "jsft config")),
        (OwnSetting.CONFIRM_ABOVE, 50.0, 50.0, ("$50.00", "default")),
        (OwnSetting.ON_FINISH, None, None, ("–", "")),
    ],
)
def test_own_settings_say_what_holds_and_why(
    setting: OwnSetting, value: Any, default: Any, said: tuple[str, str]
) -> None:
    found = own_value(setting, value, default, TERMINAL)
    assert (found.text, found.origin) == said


def test_an_amount_is_typed_with_or_without_its_sign() -> None:
    assert parse_own(OwnSetting.CONFIRM_ABOVE, "$1,250.50") == 1250.5
    assert parse_own(OwnSetting.ON_FINISH, " ") is None
    for wrong in ("", "much", "-1", "nan"):
        with pytest.raises(ValueError, match="USD"):
            parse_own(OwnSetting.CONFIRM_ABOVE, wrong)

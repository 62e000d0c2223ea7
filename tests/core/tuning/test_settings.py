"""The settings of a search as texts: what each makes of a search, and what is refused."""

from __future__ import annotations

import pytest

from jsft_tui.core.run.tuning import Completion, Hyperband, Strategy, Tuning, WarmStart, WarmStartKind
from jsft_tui.core.tuning.settings import SETTINGS, SettingKind, offered_settings, setting_of

CASES = (
    ("strategy", "grid", Tuning(strategy=Strategy.GRID)),
    ("max_jobs", "12", Tuning(max_jobs=12)),
    ("parallel", "3", Tuning(parallel=3)),
    ("early_stopping", "on", Tuning(early_stopping=True)),
    ("target", "0.9", Tuning(completion=Completion(target=0.9))),
    ("not_improving", "4", Tuning(completion=Completion(not_improving=4))),
    ("converged", "on", Tuning(completion=Completion(converged=True))),
    ("max_runtime", "2h", Tuning(max_runtime=7200)),
    ("warm_start", "one, two", Tuning(warm_start=WarmStart(("one", "two")))),
    ("hyperband", "1..10", Tuning(hyperband=Hyperband(1, 10))),
    ("hyperband", "..10", Tuning(hyperband=Hyperband(None, 10))),
    ("random_seed", "0", Tuning(random_seed=0)),
)


@pytest.mark.parametrize(("key", "text", "tuning"), CASES)
def test_a_text_makes_a_setting_which_is_written_as_that_text(key: str, text: str, tuning: Tuning) -> None:
    setting = setting_of(key)
    assert setting.taken(Tuning(), text) == tuning
    assert setting.taken(Tuning(), setting.written(tuning)) == tuning


@pytest.mark.parametrize("key", ["max_jobs", "target", "not_improving", "max_runtime", "warm_start", "hyperband"])
def test_nothing_takes_a_setting_back(key: str) -> None:
    setting = setting_of(key)
    text = next(text for name, text, _ in CASES if name == key)
    assert setting.taken(setting.taken(Tuning(), text), "") == Tuning()


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("strategy", "best"),
        ("max_jobs", "0"),
        ("parallel", ""),
        ("parallel", "two"),
        ("target", "high"),
        ("not_improving", "2"),
        ("max_runtime", "soon"),
        ("warm_start", "a-name-that-is-longer-than-a-search-may-have"),
        ("warm_start_type", "identical"),
        ("random_seed", "-1"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(key: str, text: str) -> None:
    assert setting_of(key).complaint(Tuning(), text)


def test_the_kind_of_a_warm_start_is_asked_for_only_with_one() -> None:
    warm = Tuning(warm_start=WarmStart(("one",)))
    keys = {each.key for each in offered_settings(Tuning())}
    assert "warm_start_type" not in keys
    assert "warm_start_type" in {each.key for each in offered_settings(warm)}
    changed = setting_of("warm_start_type").taken(warm, "identical").warm_start
    assert changed is not None
    assert changed.kind is WarmStartKind.IDENTICAL


def test_each_setting_has_a_sentence_and_only_the_objective_has_a_way_of_its_own() -> None:
    assert all(each.about.endswith(".") or each.about.endswith("none.") for each in SETTINGS)
    assert [each.key for each in SETTINGS if each.kind is SettingKind.OBJECTIVE] == ["objective"]

"""The settings of a search: a menu of them all, each with what it is now; choose one, change it, come back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jsft_tui.core.common.status import Status
from jsft_tui.core.jobs.metrics.objective import short_name
from jsft_tui.core.run.tuning import Direction, Objective
from jsft_tui.core.tuning.objectives import true_direction
from jsft_tui.core.tuning.settings import (
    OWN,
    SearchSetting,
    SettingKind,
    objective_choices,
    objective_words,
    offered_settings,
    setting_of,
)
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.dialogs.prompt import PromptDialog

if TYPE_CHECKING:
    from jsft_tui.core.catalog.spec.spec import ModelSpec
    from jsft_tui.core.run.tuning import Tuning
    from jsft_tui.tui.base.screens.work_screen import WorkScreen

NOT_SET = "–"


async def edit_search(screen: WorkScreen, spec: ModelSpec) -> None:
    """Show the settings until the person leaves them; each change goes into the draft at once."""
    at = ""
    while (tuning := screen.session.drafts.run.tuning) is not None:
        instance_type = screen.session.run.instance.type
        key = await screen.open_dialog(
            ChoiceDialog("How to search", _choices(tuning, spec, instance_type), at=at, noun="settings")
        )
        if key is None:
            return
        at, setting = key, setting_of(key)
        changed = await _changed(screen, setting, tuning, spec)
        draft = screen.session.drafts.run
        if changed is None or draft.tuning != tuning:  # left, or another draft meanwhile
            continue
        screen.session.drafts.put(replace(draft, tuning=changed))
        screen.say(f"{setting.label}: {_now(setting, changed, spec, instance_type)}", Status.COMPLETED)


def _choices(tuning: Tuning, spec: ModelSpec, instance_type: str) -> list[Choice]:
    return [Choice(each.key, each.label, _now(each, tuning, spec, instance_type)) for each in offered_settings(tuning)]


def _now(setting: SearchSetting, tuning: Tuning, spec: ModelSpec, instance_type: str) -> str:
    if setting.kind is SettingKind.OBJECTIVE:
        return objective_words(tuning, spec, instance_type)
    return setting.written(tuning) or NOT_SET


async def _changed(screen: WorkScreen, setting: SearchSetting, tuning: Tuning, spec: ModelSpec) -> Tuning | None:
    """Return the search with another value of a setting; None when it stays."""
    match setting.kind:
        case SettingKind.OBJECTIVE:
            objective = await _objective(screen, tuning, spec)
            return None if objective is None else replace(tuning, objective=objective)
        case SettingKind.CHOICE:
            choices = [Choice(text, text) for text in setting.choices]
            text = await screen.open_dialog(ChoiceDialog(setting.label, choices, at=setting.written(tuning)))
        case SettingKind.TEXT:
            text = await screen.open_dialog(
                PromptDialog(
                    setting.label,
                    setting.written(tuning),
                    check=lambda typed: setting.complaint(tuning, typed),
                    about=setting.about,
                )
            )
    return None if text is None else setting.taken(tuning, text)


async def _objective(screen: WorkScreen, tuning: Tuning, spec: ModelSpec) -> Objective | None:
    found = objective_choices(spec, screen.session.run.instance.type)
    choices = [Choice(metric, metric, words) for metric, words in found]
    choices.append(Choice(OWN, "Another one, by a regular expression of my own", ""))
    at = tuning.objective.metric if tuning.objective is not None else ""
    at = next((metric for metric, _ in found if at in (metric, short_name(metric))), at)
    key = await screen.open_dialog(ChoiceDialog("Objective", choices, at=at))
    if key is None:
        return None
    if key != OWN:
        return await _directed(screen, Objective(key))
    old = tuning.objective if tuning.objective is not None and tuning.objective.regex else None
    metric = await screen.open_dialog(
        PromptDialog(
            "Name of the metric",
            old.metric if old else "",
            about="Any name, for example accuracy; it stands in CloudWatch and in the list of trials.",
            check=_wrong_metric,
        )
    )
    if not metric:
        return None
    regex = await screen.open_dialog(
        PromptDialog(
            f"Regular expression of {metric}",
            old.regex or "" if old else "",
            about="The group in brackets is the value, for example: accuracy: ([0-9.]+)",
            check=_wrong_regex,
        )
    )
    return await _directed(screen, Objective(metric, regex=regex)) if regex else None


async def _directed(screen: WorkScreen, objective: Objective) -> Objective | None:
    """Return the objective with its direction, which is asked for where the name does not tell it."""
    if true_direction(objective.metric) is not None and objective.regex is None:
        return objective
    told = true_direction(objective.metric) or Direction.MAXIMIZE
    choices = [Choice(each.value, f"{each.value}: the {_better(each)} the better") for each in Direction]
    key = await screen.open_dialog(ChoiceDialog(f"Which way is {objective.metric} better?", choices, at=told.value))
    return None if key is None else replace(objective, direction=Direction(key))


def _better(direction: Direction) -> str:
    return "higher" if direction is Direction.MAXIMIZE else "lower"


def _wrong_metric(text: str) -> str | None:
    return None if text else "A metric has a name."


def _wrong_regex(text: str) -> str | None:
    # Only that it has a group: what an expression finds is judged by the checks, in a process that can be ended.
    return None if "(" in text else "Put the number in brackets: accuracy: ([0-9.]+)"

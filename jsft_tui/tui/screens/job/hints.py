"""The keys of a job's footer, in the order of its state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.tui.keymap.action import Action, Hint, ScreenId, hints
from jsft_tui.tui.keymap.actions import BY_SCREEN
from jsft_tui.tui.screens.job.views import View, following, views_of

_RUNNING = ("stop_job", "search_log", "follow_log", "save_log", "clone_job", "job_view", "zoom")
_COMPLETED = ("download_job", "try_model", "deploy_job", "continue_job", "clone_job", "copy_field", "job_view")
_FAILED = ("open_fix", "clone_job", "search_log", "next_error", "save_log", "copy_field", "job_view")
_PRIORITIES: dict[tuple[str, ...], tuple[int, ...]] = {
    _RUNNING: (0, 1, 2, 6, 4, 3, 5),
    _COMPLETED: (0, 1, 2, 6, 5, 3, 4),
    _FAILED: (0, 1, 5, 2, 6, 4, 3),
}
_LABELS: dict[tuple[tuple[str, ...], str], tuple[str, str]] = {
    (_FAILED, "clone_job"): ("clone as it was", "clone"),
    (_RUNNING, "job_view"): ("next view", "view"),
}
CANCEL = "cancel_download"


def job_hints(
    job: TrainingJob | None, view: View, offers: Callable[[str], bool], keymap: Mapping[str, str]
) -> list[Hint]:
    """Return the footer of a job in its state, while a view of it is shown."""
    order = _order(job)
    after = following(views_of(job), view, 1)
    known = {action.id: action for action in BY_SCREEN[ScreenId.JOB]}
    ranked = zip(order, _PRIORITIES[order], strict=True)
    actions = [_in_state(known[name], order, rank, after) for name, rank in ranked if _makes_sense(name, offers)]
    cancel = [replace(known[CANCEL], priority=0)] if offers(CANCEL) else []
    anywhere = [action for action in BY_SCREEN[ScreenId.ANYWHERE] if offers(action.id)]
    return hints([*cancel, *actions, *anywhere], keymap)


def _makes_sense(name: str, offers: Callable[[str], bool]) -> bool:
    return name not in ("open_fix", "deploy_job") or offers(name)


def _order(job: TrainingJob | None) -> tuple[str, ...]:
    match job.status if job is not None else None:
        case JobStatus.COMPLETED:
            return _COMPLETED
        case JobStatus.FAILED | JobStatus.STOPPED:
            return _FAILED
        case _:
            return _RUNNING


def _in_state(action: Action, order: tuple[str, ...], priority: int, after: View) -> Action:
    label, short = _LABELS.get((order, action.id), (action.label, action.short))
    if action.id == "job_view" and order is not _RUNNING:
        label = short = f"{after.value.split()[0].lower()} …"
    return replace(action, label=label, short=short, priority=priority)

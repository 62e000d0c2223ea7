"""Say in a terminal's tab how a job is: its title, and the progress that some terminals draw in the taskbar."""

from __future__ import annotations

from jsft_tui.core.common.text import fit
from jsft_tui.core.jobs.metrics.log_metrics import Progress
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob

NAME_CELLS = 40


def tab_title(job: TrainingJob, progress: Progress | None, value: float | None) -> str:
    """Return `● 41 % flowers-lite0-b 0.964`, later `✔ flowers-lite0-b 0.9643`.

    Args:
        job: the job.
        progress: its epochs; None if unknown.
        value: of its objective; None without one.
    """
    is_final = job.status.is_final
    percent = f"{_percent(progress)} %" if progress is not None and not is_final else ""
    shown = "" if value is None else f"{value:.4f}" if is_final else f"{value:.3f}"
    parts = (job.status.as_status.glyph, percent, fit(job.name, NAME_CELLS), shown)
    return " ".join(part for part in parts if part)


def tab_progress(job: TrainingJob | None, progress: Progress | None) -> str:
    """Return the state and percent of a progress bar (ConEmu's OSC 9;4): `1;41` runs, `2` failed, `0` is none."""
    if job is None or job.status in (JobStatus.COMPLETED, JobStatus.STOPPED):
        return "0"
    if job.status is JobStatus.FAILED:
        return "2"
    return f"1;{_percent(progress)}" if progress is not None else "0"


def _percent(progress: Progress | None) -> int:
    return int(100 * progress.fraction) if progress is not None else 0

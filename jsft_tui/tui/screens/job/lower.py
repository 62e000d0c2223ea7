"""The lower pane of a job: its log, or what else is to be read of it."""

from __future__ import annotations

from collections.abc import Sequence

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.services.storage.archives import Contents
from jsft_tui.tui.keymap.labels import KeyOf
from jsft_tui.tui.screens.job.log import JobLog
from jsft_tui.tui.screens.job.texts import ShownJob, alert_view_lines, configuration_lines, output_lines
from jsft_tui.tui.screens.job.views import View, view_cells, views_of
from jsft_tui.tui.screens.jobs.artifacts import contents_lines
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.pane import Pane
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, TextPane, line


class JobLower:
    """Shows one view at a time in a pane."""

    def __init__(self, log: JobLog) -> None:
        self._log = log
        self.text = TextPane(classes="view")
        self.text.display = False
        self.pane = Pane("Log", log, self.text)
        self._files: tuple[str, Sequence[TextLine]] = ("", ())
        self._job = ""

    def show(self, shown: ShownJob | None, view: View, key: KeyOf) -> None:
        """Show a view."""
        is_log = view is View.LOG or shown is None
        self._log.display, self.text.display = is_log, not is_log
        self.pane.set_title(view.value, self._log.state_cells if is_log else ())
        self.pane.set_place((Cell(key("job_view"), "key"), Cell(" next", Ink.MUTED)))
        if shown is not None and not is_log:
            self._job = shown.job.name
            self.text.show(self._lines(shown, view, key))

    def show_what_next(self, lines: Sequence[TextLine]) -> None:
        """Show the keys for a finished model."""
        self._log.display, self.text.display = False, True
        self.pane.set_title("What next")
        self.text.show(lines)

    def show_files(self, contents: Contents) -> None:
        """Keep what is in the model of the job that is shown."""
        self._files = self._job, contents_lines(contents)

    def show_no_files(self, problem: Problem) -> None:
        """Say why nothing is known of the model of the job that is shown."""
        self._files = self._job, [line(str(problem), Ink.BAD)]

    def view_names(self, job: TrainingJob | None, shown: View) -> tuple[Cell, ...]:
        """Return the names of the views that a job has."""
        return view_cells(views_of(job), shown)

    def _lines(self, shown: ShownJob, view: View, key: KeyOf) -> Sequence[TextLine]:
        match view:
            case View.OUTPUT:
                return output_lines(shown, key("copy_field"))
            case View.CONFIGURATION:
                return configuration_lines(shown.job)
            case View.ALERTS:
                return alert_view_lines(shown)
            case _:
                name, lines = self._files
                return lines if name == shown.job.name else [line(f"Looking into the model of {shown.job.name} …")]

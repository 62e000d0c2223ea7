"""What a draft is as text: the request, a program, the run file."""

from __future__ import annotations

import json
from enum import Enum

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.preflight.base.check import Plan
from jsft_tui.core.request.export import export_formats
from jsft_tui.core.request.recipe_job import launch_files
from jsft_tui.core.run.file.run_file import dump_run
from jsft_tui.core.run.run import Run
from jsft_tui.core.tuning.build import request_of
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, line

CONTINUED = 2
"""Cells by which the rest of a line that is too long is indented more than its start."""


class View(Enum):
    """What the screen shows; the value is its title."""

    CHECKS = "Checks"
    REQUEST = "Request"
    BOTO3 = "boto3"
    SAGEMAKER_SDK = "SageMaker SDK"
    AWS_CLI = "AWS CLI"
    RUN_FILE = "run.yaml"

    def after(self, steps: int) -> View:
        """Return the view so many steps further on, from the last to the first."""
        views = list(View)
        return views[(views.index(self) + steps) % len(views)]

    @classmethod
    def of_form(cls, name: str) -> View:
        """Return the view of an export form."""
        return next(view for view, form in _FORMS.items() if form == name)


_FORMS = {View.REQUEST: "json", View.BOTO3: "boto3", View.SAGEMAKER_SDK: "sagemaker", View.AWS_CLI: "awscli"}
_SHORT = {View.SAGEMAKER_SDK: "SDK"}


def view_cells(shown: View, *, gap: str = "   ", is_short: bool = False) -> tuple[Cell, ...]:
    """Return the names of the views, that of the one shown in bright."""
    cells: list[Cell] = []
    for view in View:
        name = _SHORT.get(view, view.value) if is_short else view.value
        cells += [Cell(gap)] if cells else []
        cells.append(Cell(name, "accent-strong" if view is shown else "muted"))
    return tuple(cells)


def document_lines(text: str) -> list[TextLine]:
    """Return a text as lines; the rest of a long one stands below its start."""
    return [line(each, indent=len(each) - len(each.lstrip()) + CONTINUED) for each in text.splitlines()]


def document_text(view: View, plan: Plan, run: Run) -> str:
    """Return the text of a view, or why there is none.

    Args:
        view: any but that of the checks.
        plan: the draft with the target's defaults, and the place.
        run: the draft itself.
    """
    try:
        if view is View.REQUEST:
            return json.dumps(request_of(plan.run, plan.spec, plan.place), indent=2, ensure_ascii=False)
        return saved_text(view, plan, run)
    except Problem as problem:
        return f"The request cannot be made: {problem}"


def saved_text(view: View, plan: Plan, run: Run) -> str:
    """Return the text of a view for a file: of the checks, and of the run file, the run file.

    Raises:
        Problem: the request cannot be made.
    """
    if view not in _FORMS:
        return dump_run(run)
    request = request_of(plan.run, plan.spec, plan.place)
    return export_formats()[_FORMS[view]].write(request, plan.place.region, launch_files(plan.run, plan.spec))


def file_name(view: View, run: Run) -> str:
    """Return the name to offer for the file of a view."""
    suffix = export_formats()[_FORMS[view]].suffix if view in _FORMS else ".yaml"
    return f"{run.name or 'run'}{suffix}"

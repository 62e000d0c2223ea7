"""What a draft is as text: the request, the run file, a program."""

from __future__ import annotations

import json
from enum import Enum

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.preflight.base.check import Plan
from jsft_tui.core.request.build import build_request
from jsft_tui.core.request.export.boto3_program import boto3_program
from jsft_tui.core.request.export.export_format import ExportFormat
from jsft_tui.core.run.run import Run
from jsft_tui.core.run.run_file import dump_run


class View(Enum):
    """What the screen shows; the value is its title."""

    FINDINGS = "Findings"
    REQUEST = "Request"
    RUN_FILE = "Run file"
    CODE = "As code"


def document_text(view: View, plan: Plan, run: Run) -> str:
    """The text of a view, or why there is none.

    Args:
        view: which.
        plan: the draft with the target's defaults, and the place.
        run: the draft itself.
    """
    if view is View.RUN_FILE:
        return dump_run(run)
    try:
        request = build_request(plan.run, plan.spec, plan.place)
    except Problem as problem:
        return f"The request cannot be made: {problem}"
    if view is View.REQUEST:
        return json.dumps(request, indent=2, ensure_ascii=False)
    return boto3_program(request, plan.place.region)


def exported(plan: Plan, form: ExportFormat) -> str:
    """Return the request in a form.

    Raises:
        Problem: the request cannot be made.
    """
    return form.write(build_request(plan.run, plan.spec, plan.place), plan.place.region)

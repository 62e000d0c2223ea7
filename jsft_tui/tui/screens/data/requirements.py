"""What the draft's model wants as data, and what a look at the data found."""

from __future__ import annotations

from collections.abc import Callable

from jsft_tui.core.catalog.spec import ModelSpec
from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, LintFinding, LintReport
from jsft_tui.core.datasets.registry import data_format
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.background.tasks import Reporter
from jsft_tui.services.background.throttle import ThrottledReporter
from jsft_tui.services.storage.s3 import Storage, looked_at
from jsft_tui.tui.keymap.labels import KeyOf
from jsft_tui.tui.theme.themes import Status
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, line

Progress = tuple[int, int]
"""Objects listed, bytes read."""

SIGNS = {
    Level.PASS: Status.COMPLETED,
    Level.WARN: Status.WARNING,
    Level.BLOCK: Status.FAILED,
    Level.UNKNOWN: Status.UNKNOWN,
}


def check_data(storage: Storage, question: DataQuestion, uri: S3Uri) -> Callable[[Reporter[Progress]], LintReport]:
    """The call that looks at data for a model; it tells how far it is, and ends when nobody wants it."""

    def call(reporter: Reporter[Progress]) -> LintReport:
        paced = ThrottledReporter(reporter)

        def on_progress(data: BudgetedDataset) -> None:
            paced.tell((data.objects, data.bytes_read))

        return storage.lint(question, uri, on_progress=on_progress)

    return call


def wants_lines(
    spec: ModelSpec | None, model_id: str, uri: S3Uri | None, report: LintReport | None, key: KeyOf
) -> list[TextLine]:
    """The findings about a place when it was looked at, then the rules.

    Args:
        spec: of the draft's model; None while it is not known.
        model_id: of the draft; empty when none is chosen.
        uri: the place that would be used.
        report: what was found there.
        key: names keys.
    """
    if spec is None:
        none = f"No model is chosen yet: press {key('go_models')}."
        return [line("Reading the model …" if model_id else none, "quiet")]
    wants = data_format(spec.task)
    rules = [line(wants.summary, "strong"), *(line(f"- {rule}", indent=2) for rule in wants.rules)]
    if report is not None:
        return [line(f"Found in {uri}", "quiet"), *report_lines(report), line(""), *rules]
    how = f"{key('lint')} checks {uri}; {key('use_data')} trains with it."
    ask = [line(how, "quiet"), line("")] if uri is not None else []
    return [*ask, *rules]


def report_lines(report: LintReport) -> list[TextLine]:
    """All findings, and how much was looked at."""
    return [
        *(_finding_line(finding) for finding in report.findings),
        line(f"{_glyph(None)} {looked_at(report)}", "quiet"),
    ]


def _finding_line(finding: LintFinding) -> TextLine:
    place = f"{finding.where} " if finding.where else ""
    style = SIGNS[finding.level].value
    words = "" if finding.level is Level.PASS else style
    return TextLine((Cell(f"{_glyph(finding.level)} ", style), Cell(place, "strong"), Cell(finding.message, words)), 2)


def _glyph(level: Level | None) -> str:
    return level.glyph if level is not None else "·"


def verdict_text(report: LintReport) -> str:
    """The result in a sentence."""
    words = {Level.BLOCK: "the training would fail with this data", Level.WARN: "the data can be used, with doubts"}
    return (
        f"{report.verdict.value}: {words.get(report.verdict, 'the data is what the model wants')}; {looked_at(report)}."
    )

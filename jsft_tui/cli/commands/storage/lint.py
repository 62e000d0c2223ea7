"""`jsft lint`."""

from __future__ import annotations

import click

from jsft_tui.cli.console.output import EXIT_CODES, bar, level_word, out, print_json, say
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import global_options, setting, settings_option
from jsft_tui.cli.run_options.recipe_options import customization_of, recipe_options
from jsft_tui.core.catalog.spec.hyperparameter import errors
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import ProblemKind, usage
from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.customization.customization import Customization
from jsft_tui.core.datasets.base.needs import compared
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import DEFAULT_BUDGET, BudgetedDataset, LintReport
from jsft_tui.core.datasets.registry import format_asked
from jsft_tui.core.request.build import default_dataset
from jsft_tui.core.run.run import DEFAULT_DATA
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.session.services import Services
from jsft_tui.services.storage.s3 import coverage_text


@click.command("lint")
@click.argument("model_id", metavar="MODEL")
@click.argument("uri")
@click.option(
    "--max-bytes",
    type=click.IntRange(1),
    default=DEFAULT_BUDGET,
    help="Maximum number of bytes to read (default: 8 MiB).",
)
@recipe_options
@settings_option
@global_options
@click.pass_context
def command(
    context: click.Context,
    model_id: str,
    uri: str,
    max_bytes: int,
    technique: str | None,
    adapter: str | None,
    sequence_length: str,
    settings: tuple[str, ...],
) -> None:
    """Validate a dataset against a model's data format.

    URI: an S3 URI, or `default` for the model's own dataset. Exit code 3 when training would fail.

    The format of a language model depends on its hyperparameters: --set instruction_tuned=True; that of a customization
    on its technique: --technique DPO.
    """
    wanted = customization_of(technique, adapter, sequence_length)
    chosen = dict(map(setting, settings))
    place = None if uri == DEFAULT_DATA else S3Uri.parse(uri)
    services = open_services(context)
    spec = services.catalog.spec(model_id)
    if wanted is None and spec.recipes and not spec.training_supported:
        wanted = Customization(spec.recipes[0].technique, spec.recipes[0].adapter)
    if wanted is not None:
        spec = services.catalog.customized_spec(spec, wanted)
    if wrong := errors(spec.algorithm_hyperparameters, chosen):
        raise usage(
            "BadHyperparameter",
            "; ".join(map(str, wrong)),
            Remedy("See what it takes", RemedyCommand.HYPERPARAMETERS, model_id),
        )
    place = place or _default_place(services, spec)
    seen = 0
    with bar("reading", max_bytes, in_bytes=True) as advance:

        def on_progress(data: BudgetedDataset) -> None:
            nonlocal seen
            advance(data.bytes_read - seen)
            seen = data.bytes_read

        report = services.storage.lint(DataQuestion.of(spec, chosen), place, max_bytes, on_progress=on_progress)
    if options_of(context).json:
        print_json({**_report_document(report), **_needs_document(DataQuestion.of(spec, chosen), report)})
    else:
        _print_report(report)
    if report.verdict is Level.BLOCK:
        context.exit(EXIT_CODES[ProblemKind.BLOCKED])


def _default_place(services: Services, spec: ModelSpec) -> S3Uri:
    uri = default_dataset(spec, services.planning.somewhere())
    if uri is None:
        raise usage("NoDefaultDataset", f"{spec.model_id} has no default dataset.", "Name an S3 URI.")
    return S3Uri.parse(uri)


def _report_document(report: LintReport) -> dict[str, object]:
    return {
        "verdict": report.verdict.value,
        "findings": [
            {"level": finding.level.value, "where": finding.where, "message": finding.message}
            for finding in report.findings
        ],
        "objects": report.objects,
        "folders": report.folders,
        "bytes_read": report.bytes_read,
        "sampled": report.sampled,
    }


def _needs_document(question: DataQuestion, report: LintReport) -> dict[str, object]:
    """Return what the model needs beside what is there, and what the data consist of."""
    rows = compared(format_asked(question).needs(question), report)
    contents = report.contents
    return {
        "needs": [{"level": row.level.value, "needs": row.needs, "here": row.here} for row in rows],
        "contents": {
            "examples": contents.examples,
            "of": contents.noun,
            "classes": contents.classes,
            "facts": dict(contents.facts),
        },
    }


def _print_report(report: LintReport) -> None:
    for finding in report.findings:
        place = f"{finding.where} " if finding.where else ""
        out(level_word(finding.level), f" {place}{finding.message}")
    say(f"{report.answer} {coverage_text(report)}.")

"""`jsft convert`."""

from __future__ import annotations

import click

from jsft_tui.cli.console.output import EXIT_CODES, out, print_json, say
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import global_options
from jsft_tui.core.common.errors import ProblemKind, usage
from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.conversion.conversion import Conversion, ConversionReport
from jsft_tui.core.datasets.conversion.target import Naming, Target
from jsft_tui.core.datasets.customization.record_form import FIELDS
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.storage.conversion import Converted, Converter, Place, place_of

_FORMS = "; ".join(f"{target.value}: {target.about}" for target in Target)


@click.command("convert")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option(
    "--to",
    "form",
    type=click.Choice([target.value for target in Target]),
    default=Target.SFT.value,
    show_default=True,
    help=f"The form to write. {_FORMS}.",
)
@click.option(
    "--map",
    "mapping",
    metavar="FIELD=COLUMN",
    multiple=True,
    help="A column of FROM with another name; can be repeated.",
)
@click.option(
    "--data-source", default=Naming().data_source, help="data_source of records that do not say (RLVR, RLAIF)."
)
@click.option("--ability", default=Naming().ability, help="ability of records that do not say (RLVR, RLAIF).")
@global_options
@click.pass_context
def command(
    context: click.Context,
    source: str,
    target: str,
    form: str,
    mapping: tuple[str, ...],
    data_source: str,
    ability: str,
) -> None:
    """Convert language data to the form that a training takes.

    FROM: JSON lines, a JSON array, or CSV with a header, here or in S3: messages, prompt and completion, Alpaca,
    ShareGPT, preferences, or the data of classical training scripts (with its template.json).

    TO: a file here or in S3 that does not exist yet. Records that had to be left out are named; the exit code is
    then 2.
    """
    conversion = Conversion(Target(form), dict(map(_pair, mapping)), naming=Naming(data_source, ability))
    places = place_of(source), place_of(target)
    done = _converter(context, places).convert(*places, conversion)
    if options_of(context).json:
        print_json(_document(done))
    else:
        if done.template:
            say("template.json beside the file built the records.")
        for line in _left_out(done.report):
            say(line)
        say(f"{done.report.written:,} of {plural(done.report.read, 'record')} converted to {form}.")
        out(str(done.place))
    if done.report.left_out:
        context.exit(EXIT_CODES[ProblemKind.USAGE])


def _converter(context: click.Context, places: tuple[Place, Place]) -> Converter:
    """Return a converter; a target is opened only for places in S3."""
    if not any(isinstance(place, S3Uri) for place in places):
        return Converter()
    services = open_services(context)
    return Converter(services.storage.s3, services.target)


def _pair(text: str) -> tuple[str, str]:
    field, equals, column = text.partition("=")
    if not equals or not field.strip() or not column:
        raise usage("BadUsage", f"--map takes FIELD=COLUMN, not {text!r}.", "For example: --map prompt=question")
    if field.strip() not in FIELDS:
        raise usage(
            "BadUsage", f"--map: no form has the field {field.strip()!r}.", f"Fields: {', '.join(sorted(FIELDS))}."
        )
    return field.strip(), column


def _left_out(report: ConversionReport) -> list[str]:
    return [
        f"Left out {plural(left.count, 'record')}: {reason} (line {', '.join(map(str, left.lines))}"
        f"{', …' if left.count > len(left.lines) else ''})."
        for reason, left in report.left_out.items()
    ]


def _document(done: Converted) -> dict[str, object]:
    return {
        "place": str(done.place),
        "read": done.report.read,
        "written": done.report.written,
        "template": done.template,
        "left_out": [
            {"reason": reason, "count": left.count, "first_lines": left.lines}
            for reason, left in done.report.left_out.items()
        ],
    }

"""Convert a file of another form into what the training takes: a new file beside the data, nothing is overwritten."""

from __future__ import annotations

from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.contents import ConversionOffer
from jsft_tui.core.datasets.conversion.conversion import Conversion, ConversionReport
from jsft_tui.core.datasets.conversion.target import Target
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.storage.conversion import Converted, Converter
from jsft_tui.tui.base.screens.work_screen import WorkScreen
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.dialogs.prompt import PromptDialog, parsed_by
from jsft_tui.tui.dialogs.text import ReadingDialog
from jsft_tui.tui.widgets.text.text_pane import TextLine, fact, line

LABEL = 9
NOTHING = "NothingConverted"
"""Code of the Problem that no record has a known form: then its columns are asked for."""
_COLUMNS = {Target.DPO: "prompt=question, chosen=better, rejected=worse"}
_USUAL_COLUMNS = "prompt=question, completion=answer"


async def convert(screen: WorkScreen, folder: S3Uri, offer: ConversionOffer) -> S3Uri | None:
    """Convert a file of a folder after asking, and return the folder that was written, if any. From a flow.

    Raises:
        Problem: the session is read-only, the place exists, or S3 refuses.
    """
    target, session = Target(offer.target), screen.session
    if (refused := session.services.uploads.refused) is not None:
        screen.say_problem(refused)
        return None
    source = folder.as_prefix().child(offer.name)
    place = place_for(folder, target)
    lines = [
        fact("Reads", f"{source} ({offer.form})", width=LABEL),
        fact("Writes", f"{place} ({target.about})", width=LABEL),
        line(""),
        line("The data itself stays as it is, and nothing is overwritten."),
    ]
    if not await screen.open_dialog(ConfirmDialog(f"Convert {offer.name}?", lines, label="convert")):
        return None
    converter = Converter(session.services.storage.s3, session.target)

    async def made(mapping: dict[str, str]) -> Converted:
        screen.say(f"Converting {source} …", Status.RUNNING)
        return await screen.call(lambda: converter.convert(source, place, Conversion(target, mapping)))

    try:
        done = await made({})
    except Problem as problem:
        if problem.code != NOTHING:
            raise
        asked = await _ask_columns(screen, target)
        if asked is None:
            return None
        done = await made(asked)
    await _tell(screen, done.report)
    return place


def place_for(folder: S3Uri, target: Target) -> S3Uri:
    """Return a new folder beside a folder, named after it and the form."""
    name = folder.as_prefix().name.removesuffix("/") if folder.key else "data"
    return folder.as_prefix().parent.child(f"{name}-{target.value}/")


async def _ask_columns(screen: WorkScreen, target: Target) -> dict[str, str] | None:
    """Ask which column is what, as no record has a known form."""
    example = _COLUMNS.get(target, _USUAL_COLUMNS)
    about = f"The records have no form that is known. Write which column is what, for example {example}."
    text = await screen.open_dialog(PromptDialog("Which columns?", check=parsed_by(parse_columns), about=about))
    return parse_columns(text) if text else None


def parse_columns(text: str) -> dict[str, str]:
    """Return field -> column of a text like `prompt=question, completion=answer`.

    Raises:
        Problem: a part is no such pair.
    """
    found = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        field, equals, column = (each.strip() for each in part.partition("="))
        if not equals or not field or not column:
            raise usage("BadUsage", f"{part!r} names no column.", "Write prompt=question, completion=answer.")
        found[field] = column
    if not found:
        raise usage("BadUsage", "no column is named.", "Write prompt=question, completion=answer.")
    return found


async def _tell(screen: WorkScreen, report: ConversionReport) -> None:
    """Say what was converted; what was left out is shown, with the reasons."""
    said = f"{report.written:,} of {plural(report.read, 'record')} converted."
    screen.say(said, Status.COMPLETED if not report.left_out else Status.WARNING)
    if not report.left_out:
        return
    lines: list[TextLine] = [line(said), line("")]
    for reason, left in report.left_out.items():
        where = ", ".join(map(str, left.lines)) + (", …" if left.count > len(left.lines) else "")
        lines.append(line(f"{plural(left.count, 'record')} not converted: {reason} (line {where})", "warn", 2))
    await screen.open_dialog(ReadingDialog("Left out", lines))

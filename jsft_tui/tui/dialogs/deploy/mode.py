"""Choose how an endpoint answers: in real time, from a queue, or without instances of its own."""

from __future__ import annotations

from jsft_tui.core.serving.deploy.mode import Asynchronous, Mode, Serverless
from jsft_tui.core.serving.offers import DeployOffer
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.tui.base.screens.work_screen import WorkScreen
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.dialogs.prompt import PromptDialog, parsed_by

REAL_TIME, QUEUE, SERVERLESS = "real time", "queue", "serverless"
MEMORIES = (2048, 4096, 6144)
"""Megabytes that are offered (ProductionVariant, ServerlessConfig, MemorySizeInMB)."""
_CHOICES = (
    Choice(REAL_TIME, "in real time"),
    Choice(QUEUE, "from a queue, answers in S3", "no instance without requests"),
    *(Choice(f"{SERVERLESS} {size}", f"serverless, {size:,} MB", "billed by its requests") for size in MEMORIES),
)


def mode_words(mode: Mode) -> str:
    """Return how an endpoint answers."""
    match mode:
        case Asynchronous():
            return f"from a queue, into {mode.output}"
        case Serverless():
            return f"serverless, {mode.memory_mb:,} MB"
        case _:
            return "in real time"


async def choose_mode(screen: WorkScreen, offer: DeployOffer, name: str, mode: Mode) -> Mode:
    """Have the way of answering chosen, from a flow; the same where the person left."""
    found = await screen.open_dialog(ChoiceDialog("How does it answer?", _CHOICES))
    if found is None:
        return mode
    if found == REAL_TIME:
        return None
    if found != QUEUE:
        return Serverless(int(found.removeprefix(f"{SERVERLESS} ")))
    where = f"s3://{offer.bucket}/{name}/answers/"
    about = "Answers become objects below this prefix."
    typed = await screen.open_dialog(PromptDialog("Answers in S3", where, check=parsed_by(S3Uri.parse), about=about))
    return Asynchronous(S3Uri.parse(typed)) if typed else mode

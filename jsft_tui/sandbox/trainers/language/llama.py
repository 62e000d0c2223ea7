"""Train the counterpart of JumpStart's Llama models: dialogs, instructions or plain text."""

from __future__ import annotations

from jsft_tui.sandbox.trainers.common.container import Container
from jsft_tui.sandbox.trainers.common.metric_lines import llama_lines
from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.language import training
from jsft_tui.sandbox.trainers.language.texts.data import read_template
from jsft_tui.sandbox.trainers.language.texts.templates import Dialogs, Format, PlainText


def train(container: Container) -> None:
    """Run one job.

    Raises:
        UserError: data, hyperparameters or the previous model are invalid, or training diverged.
        Stopped: SIGTERM arrived before the first step.
    """
    training.train(container, training.Recipe(_form(container), llama_lines, container.settings.integer("seed")))


def _form(container: Container) -> Format:
    settings = container.settings
    folder = container.channel("training", "train")
    if settings.flag("instruction_tuned"):
        if settings.flag("chat_dataset"):
            raise UserError("instruction_tuned and chat_dataset are both True; only one of them can apply")
        return read_template(folder, demarcated=settings.flag("add_input_output_demarcation_key"))
    return Dialogs() if settings.flag("chat_dataset") else PlainText()

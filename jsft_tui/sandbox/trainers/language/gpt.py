"""Train the counterpart of JumpStart's `huggingface-textgeneration1-*` models: instructions or plain text."""

from __future__ import annotations

from jsft_tui.sandbox.trainers.common.container import Container
from jsft_tui.sandbox.trainers.common.metric_lines import hugging_face_lines
from jsft_tui.sandbox.trainers.language import training
from jsft_tui.sandbox.trainers.language.texts.data import read_template
from jsft_tui.sandbox.trainers.language.texts.templates import PlainText

_SEED = 42
"""The default of Hugging Face's Trainer; the model has no hyperparameter for it."""


def train(container: Container) -> None:
    """Run one job.

    Raises:
        UserError: data, hyperparameters or the previous model are invalid, or training diverged.
        Stopped: SIGTERM arrived before the first step.
    """
    folder = container.channel("training", "train")
    is_tuned = container.settings.flag("instruction_tuned")
    form = read_template(folder, demarcated=False) if is_tuned else PlainText()
    training.train(container, training.Recipe(form, hugging_face_lines, _SEED))

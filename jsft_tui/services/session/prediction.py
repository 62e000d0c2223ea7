"""What a model from the sandbox predicts: of examples of its own dataset, or of anything that a person gives it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from jsft_tui.core.account.target import Target
from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.preflight.base.check import Plan
from jsft_tui.core.request.build import input_data
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.session.services import Services
from jsft_tui.services.storage.s3 import Storage
from jsft_tui.services.target.sandbox import predict

EXAMPLES = 3


@dataclass(frozen=True)
class Guess:
    """What a model says of an example: its best label and probability, and the true label."""

    item: str
    label: str
    probability: float
    truth: str

    @property
    def right(self) -> bool:
        """Whether it is the true label."""
        return self.label == self.truth


def predict_some(storage: Storage, model: Path, plan: Plan) -> list[Guess]:
    """Let an image classifier say what it sees on one picture of each of a few classes."""
    root = S3Uri.parse(next(iter(input_data(plan.run, plan.spec, plan.place).values()))).as_prefix()
    classes = [entry.uri for entry in storage.entries(root) if entry.is_prefix][:EXAMPLES]
    guesses = []
    with tempfile.TemporaryDirectory(prefix="jsft-demo-") as folder:
        for place in classes:
            *_, last = (entry.uri for entry in storage.page(place).entries if not entry.is_prefix)
            picture = Path(folder) / last.name
            storage.download(last, picture, lambda _: None)
            label, probability = predict(model, str(picture))[0]
            guesses.append(Guess(f"{place.name}{last.name}", label, probability, place.name.rstrip("/")))
    return guesses


def cannot_try(target: Target) -> Problem | None:
    """Why models of a target's jobs cannot be tried here; None when they can."""
    if target.sandbox:
        return None
    why = "only models of the sandbox can be tried here: those of an account need their own container."
    return usage("NotSandbox", why, "Deploy it to a SageMaker endpoint.")


def try_model(services: Services, name: str, item: str) -> list[tuple[str, float]]:
    """What the model of a job in the sandbox says of a sentence, a row of numbers, or a picture's file.

    Returns:
        Labels with their probabilities, the most probable first.

    Raises:
        Problem: not a sandbox (code `NotSandbox`), no model (`NoModel`), one that cannot be used
            (`CannotPredict`), or no item for it (`BadItem`).
    """
    if (refused := cannot_try(services.target)) is not None:
        raise refused
    picture = Path(item).expanduser()
    with tempfile.TemporaryDirectory(prefix="jsft-try-") as folder:
        plan = services.artifacts.plan(services.jobs.get(name), Path(folder))
        services.artifacts.fetch(plan, lambda _: None)
        return predict(plan.files[0].path, str(picture) if is_file(picture) else item)


def is_file(path: Path) -> bool:
    """Whether there is such a file; a text that can be no file name is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):  # too long for a name, or with a NUL in it
        return False

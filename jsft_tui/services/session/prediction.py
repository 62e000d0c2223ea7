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
from jsft_tui.services.storage.downloads import download
from jsft_tui.services.storage.local_files import is_file
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
            *_, last = (entry.uri for entry in storage.s3.page(place).entries if not entry.is_prefix)
            picture = Path(folder) / last.name
            download(storage.s3, last, picture, lambda _: None)
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
    """Predict a text, a row of numbers, two texts (`question | context`), or an image file with a model of the sandbox.

    Returns:
        Answers with a number from 0 to 1, the best first: labels, answers and texts with their probability, a predicted
        number with its usual errors and the share of the validation rows within each, similar texts with their cosine.

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
        return predict(plan.archive or plan.folder, str(picture) if is_file(picture) else item)

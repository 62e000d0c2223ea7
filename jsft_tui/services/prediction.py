"""Whether a model from the sandbox really predicts: asked about examples of its own dataset."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from jsft_tui.core.checks.check import Plan
from jsft_tui.core.request import input_data
from jsft_tui.core.s3uri import S3Uri
from jsft_tui.services.sandbox import predict
from jsft_tui.services.storage import Storage

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

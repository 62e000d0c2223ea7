"""Ask a trained model: `python -m jsft_tui.sandbox.trainers.predict model.tar.gz INPUT [--json]`.

INPUT depends on the model's task: an image's file name, a text, a row's comma-separated numeric features, or two texts
with a bar between them.
"""

from __future__ import annotations

from pathlib import Path

from jsft_tui.sandbox.trainers.common.artifact import read_artifact
from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.customization.weights import ADAPTER, MERGED
from jsft_tui.sandbox.trainers.image import training as image_training
from jsft_tui.sandbox.trainers.language import training as language_training
from jsft_tui.sandbox.trainers.predict.base import Predictor
from jsft_tui.sandbox.trainers.predict.classifiers import ImagePredictor, PairPredictor, TextPredictor
from jsft_tui.sandbox.trainers.predict.tables import (
    BoostedClassPredictor,
    BoostedNumberPredictor,
    LinearClassPredictor,
    LinearNumberPredictor,
)
from jsft_tui.sandbox.trainers.predict.texts import LanguagePredictor, QuestionPredictor, SimilarityPredictor
from jsft_tui.sandbox.trainers.tabular import classification, regression
from jsft_tui.sandbox.trainers.tabular.boosting import classification as boosted_classification
from jsft_tui.sandbox.trainers.tabular.boosting import regression as boosted_regression
from jsft_tui.sandbox.trainers.text import training as text_training
from jsft_tui.sandbox.trainers.text.pairs import training as pair_training
from jsft_tui.sandbox.trainers.text.questions import training as question_training
from jsft_tui.sandbox.trainers.text.similarity import training as similarity_training

BAD_INPUT = 3
"""Exit code if the input is not valid for the model; argparse uses 2."""

_PREDICTORS: dict[str, type[Predictor]] = {
    image_training.TASK: ImagePredictor,
    text_training.TASK: TextPredictor,
    pair_training.TASK: PairPredictor,
    question_training.TASK: QuestionPredictor,
    similarity_training.TASK: SimilarityPredictor,
    classification.TASK: LinearClassPredictor,
    regression.TASK: LinearNumberPredictor,
    boosted_classification.TASK: BoostedClassPredictor,
    boosted_regression.TASK: BoostedNumberPredictor,
    language_training.TASK: LanguagePredictor,
}


def load(model_tar: Path) -> Predictor:
    """Load the model in a `model.tar.gz`, or in a folder. Nothing is unpacked to disk or executed.

    Raises:
        UserError: there is no model of the sandbox's trainers, or a damaged one.
    """
    model = read_artifact(_whole_model(model_tar))
    if model is None or model.task not in _PREDICTORS:
        raise UserError(f"{model_tar.name} contains no model that was trained in the sandbox")
    return _PREDICTORS[model.task](model)


def _whole_model(place: Path) -> Path:
    """Return where the model is: of a customization in a folder of its own.

    Raises:
        UserError: there is an adapter only.
    """
    if (place / MERGED).is_dir():
        return place / MERGED
    if (place / ADAPTER).is_dir():
        raise UserError("this job kept its adapter alone (merge_weights False); only a merged model can be asked")
    return place

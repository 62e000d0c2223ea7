"""Fine-tune EfficientNet-Lite0 on folders of images: the sandbox's counterpart of JumpStart's TensorFlow image models.

The pretrained network (ImageNet weights) computes features, and a head is trained on them. If `train_only_top_layer`
is False, the network's last convolution is also trained; the layers before it are always frozen.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from jsft_tui.sandbox.trainers.common.artifact import (
    Artifact,
    keeps_head,
    log_previous_model,
    previous_model,
    write_artifact,
)
from jsft_tui.sandbox.trainers.common.checkpoint import Scores
from jsft_tui.sandbox.trainers.common.container import Container, log
from jsft_tui.sandbox.trainers.common.fit import digest_of, fingerprint, fit, plan_from
from jsft_tui.sandbox.trainers.common.head import HIDDEN, head_arrays, new_head
from jsft_tui.sandbox.trainers.common.optimizers import Parameters, make_optimizer
from jsft_tui.sandbox.trainers.common.scores import Classification, Sigmoid, Softmax
from jsft_tui.sandbox.trainers.common.settings import Settings, UserError
from jsft_tui.sandbox.trainers.common.training_info import Trainer
from jsft_tui.sandbox.trainers.image import backbone
from jsft_tui.sandbox.trainers.image.backbone import Backbone
from jsft_tui.sandbox.trainers.image.data import ImageData, read_data
from jsft_tui.sandbox.trainers.image.images import IMAGE_SIZE
from jsft_tui.sandbox.trainers.image.learner import ImageLearner, last_arrays

TASK = "image-classification"
TRAINER = Trainer(TASK, "image 1", f"{backbone.NAME}, ImageNet weights, sha256 {Backbone.sha256}")


def train(container: Container) -> None:
    """Run one job.

    Raises:
        UserError: data, hyperparameters or the previous model are invalid, or training diverged.
        Stopped: SIGTERM arrived before the first step.
    """
    settings = container.settings
    data = read_data(container)
    objective = _objective(settings, data.classes)
    previous = previous_model(container.optional_channel("model"), TASK)
    network = Backbone()
    parameters = _parameters(settings, data.classes, objective, previous, network)
    _log_summary(settings, data, previous)
    learner = ImageLearner(data, network, parameters, settings, container.stop)
    plan = plan_from(
        settings,
        objective,
        settings.text("eval_metric"),
        fingerprint(settings, TRAINER.version, data.digest, *data.classes, digest_of(parameters)),
    )

    def save(status: str, history: list[Scores]) -> None:
        info = TRAINER.info(settings, learner, status, history) | _info(settings, previous)
        write_artifact(container.model, Artifact(learner.model_arrays(), data.classes, info))

    fit(container, learner, make_optimizer(learner.trained, settings), plan, save)


def _objective(settings: Settings, classes: tuple[str, ...]) -> Classification:
    """Create the objective from the hyperparameters.

    Raises:
        UserError: `binary_mode`, `eval_metric` and the number of classes are incompatible.
    """
    smoothing = settings.number("label_smoothing")
    metric = settings.text("eval_metric")
    if not settings.flag("binary_mode"):
        if metric != "accuracy":
            raise UserError(f"eval_metric {metric} needs binary_mode True; without it only accuracy is available")
        return Softmax(len(classes), smoothing)
    if len(classes) != 2:
        raise UserError(f"binary_mode is True, but the training channel has {len(classes)} classes instead of 2")
    return Sigmoid(smoothing)


def _parameters(
    settings: Settings,
    classes: tuple[str, ...],
    objective: Classification,
    previous: Artifact | None,
    network: Backbone,
) -> Parameters:
    """Return the initial parameters: a new or the previous head, and the pretrained or the previous last convolution.

    Raises:
        UserError: the previous model is damaged, or its head cannot be kept as requested.
    """
    last: Parameters = {"last_kernel": network.last.kernel.copy(), "last_bias": network.last.bias.copy()}
    if previous and "last_kernel" in previous.arrays:
        last = last_arrays(previous)
    if keeps_head(previous, classes, settings.text("reinitialize_top_layer")) and previous:
        return head_arrays(previous, backbone.FEATURES, objective.outputs) | last
    rng = np.random.default_rng(settings.integer("random_seed"))
    return new_head(backbone.FEATURES, objective.outputs, rng) | last


def _log_summary(settings: Settings, data: ImageData, previous: Artifact | None) -> None:
    log(f"Sandbox trainer: {backbone.NAME} with ImageNet weights at {IMAGE_SIZE} x {IMAGE_SIZE} pixels, no GPU.")
    log(f"Trained here: {_trained_layers(settings)}.")
    log_previous_model(previous, data.classes, settings.text("reinitialize_top_layer"))
    log(
        f"{len(data.labels)} training and {len(data.validation_labels)} validation images,"
        f" {len(data.classes)} classes: {', '.join(data.classes[:8])}{', ...' if len(data.classes) > 8 else ''}"
    )


def _trained_layers(settings: Settings) -> str:
    head = f"the head (dropout, {HIDDEN} hidden units, output)"
    if settings.flag("train_only_top_layer"):
        return head
    return f"{head} and the last convolution of the network; the layers before it are frozen"


def _info(settings: Settings, previous: Artifact | None) -> dict[str, Any]:
    return {
        "trained": _trained_layers(settings),
        "incremental": previous is not None,
        "picture_side": IMAGE_SIZE,
        "image_resize_interpolation": settings.text("image_resize_interpolation"),
        "binary_mode": settings.flag("binary_mode"),
    }

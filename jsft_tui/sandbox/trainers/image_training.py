"""Fine-tunes EfficientNet-Lite0 on a folder of pictures: the sandbox's twin of JumpStart's TensorFlow image models.

The pretrained network (ImageNet weights) makes features, and a head is trained on them. `train_only_top_layer` False
also trains the network's last convolution; the layers before it always stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers import backbone
from jsft_tui.sandbox.trainers.artefact import Artefact, keeps_head, previous_model, write_artefact
from jsft_tui.sandbox.trainers.backbone import Backbone, Convolution
from jsft_tui.sandbox.trainers.checkpoint import Scores
from jsft_tui.sandbox.trainers.container import Container, StopFlag, log
from jsft_tui.sandbox.trainers.fit import Rows, digest_of, fingerprint, fit, plan_from, split
from jsft_tui.sandbox.trainers.head import HIDDEN, NAMES, Head, head_arrays, head_logits, new_head
from jsft_tui.sandbox.trainers.optimizers import FloatArray, Gradient, Parameters, make_optimizer
from jsft_tui.sandbox.trainers.pictures import (
    SIDE,
    Augmentation,
    PictureFiles,
    Pixels,
    find_pictures,
    in_parallel,
    read_pictures,
)
from jsft_tui.sandbox.trainers.scores import Labels, Objective, Sigmoid, Softmax
from jsft_tui.sandbox.trainers.settings import Settings, UserError

TASK = "image-classification"
LAST_NAMES = ("last_kernel", "last_bias")
"""The network's last convolution among a model's arrays; absent when it is as it was pretrained."""
_MODEL_VERSION = "image 1"


def train(container: Container) -> None:
    """Run one job.

    Raises:
        UserError: data, hyperparameters or the previous model are not right, or training diverged.
        Stopped: SIGTERM came before anything was learnt.
    """
    settings = container.settings
    data = read_data(container)
    objective = _objective(settings, data.classes)
    previous = previous_model(container.optional_channel("model"), TASK)
    network = Backbone()
    parameters = _parameters(settings, data.classes, objective, previous, network)
    _introduce(settings, data, previous)
    learner = ImageLearner(data, network, parameters, settings, container.stop)
    plan = plan_from(
        settings,
        objective,
        settings.text("eval_metric"),
        fingerprint(settings, _MODEL_VERSION, data.digest, *data.classes, digest_of(parameters)),
    )

    def save(status: str, history: list[Scores]) -> None:
        info = _info(settings, data, previous, status, history)
        write_artefact(container.model, Artefact(learner.model_arrays(), data.classes, info))

    fit(container, learner, make_optimizer(learner.trained, settings), plan, save)


@dataclass(frozen=True)
class ImageData:
    """The pictures of a job, divided.

    Attributes:
        classes: folder names in alphabetical order.
        digest: of names and sizes of all files.
    """

    classes: tuple[str, ...]
    training: Pixels
    labels: Labels
    validation: Pixels
    validation_labels: Labels
    digest: str


def read_data(container: Container) -> ImageData:
    """The training pictures, and those of the `validation` channel or a share of the training ones.

    Raises:
        UserError: the data is not as image classification needs it.
        Stopped: SIGTERM came.
    """
    settings, stop = container.settings, container.stop
    interpolation = settings.text("image_resize_interpolation")
    validation_folder = container.optional_channel("validation")
    files = find_pictures(container.channel("training", "train"), least=1 if validation_folder else 2)
    if validation_folder:
        held_out = _find_validation(validation_folder, files.classes, container)
        pixels = read_pictures(files, interpolation, stop)
        others = read_pictures(held_out, interpolation, stop)
        digest = files.digest + held_out.digest
        return ImageData(files.classes, pixels, files.labels, others, held_out.labels, digest)
    pixels = read_pictures(files, interpolation, stop)
    rng = np.random.default_rng(settings.integer("random_seed"))
    ours, theirs = split(files.labels, settings.number("validation_split_ratio"), rng)
    labels = files.labels
    return ImageData(files.classes, pixels[ours], labels[ours], pixels[theirs], labels[theirs], files.digest)


class ImageLearner:
    """The head (and perhaps the last convolution) over the features of the pictures.

    Args:
        data: the pictures.
        network: makes the features.
        parameters: the head's, and `LAST_NAMES` for the last convolution.
        settings: the hyperparameters.
        stop: looked at while features are made.
    """

    def __init__(
        self, data: ImageData, network: Backbone, parameters: Parameters, settings: Settings, stop: StopFlag
    ) -> None:
        self.labels = data.labels
        self.validation_labels = data.validation_labels
        self._data = data
        self._network = network
        self._parameters = parameters
        self._stop = stop
        self._seed = settings.integer("random_seed")
        self._augmentation = Augmentation.of(settings)
        self._trains_last = not settings.flag("train_only_top_layer")
        names = (*NAMES, *LAST_NAMES) if self._trains_last else NAMES
        self.trained: Parameters = {name: parameters[name] for name in names}
        self._head = Head(self.trained, settings.number("dropout_rate"), settings.number("regularizers_l2"))
        self._inputs: FloatArray = np.zeros(0, np.float32)
        self._validation: FloatArray = self._inputs
        self._maps: FloatArray = self._inputs
        self._before_relu6: FloatArray = self._inputs

    def prepare(self) -> None:
        """Make the features that stay the same in all epochs."""
        self._validation = self._features_of(self._data.validation, "the validation pictures")
        if self._augmentation is None:
            self._inputs = self._features_of(self._data.training, "the training pictures")

    def begin_epoch(self, epoch: int) -> None:
        """With augmentation, make the features of freshly changed pictures."""
        augment = self._augmentation
        if augment is None:
            return
        changed = in_parallel(
            lambda place: augment(self._data.training[place], np.random.default_rng([self._seed, epoch, place])),
            range(len(self.labels)),
            self._stop,
        )
        self._inputs = self._features_of(np.stack(list(changed)), f"the augmented pictures of epoch {epoch}")

    def forward(self, rows: Rows, rng: np.random.Generator) -> FloatArray:
        """See `Learner`."""
        inputs = self._inputs[rows]
        if self._trains_last:
            self._maps = inputs
            self._before_relu6 = inputs @ self.trained["last_kernel"] + self.trained["last_bias"]
            inputs = np.clip(self._before_relu6, 0, 6).mean(1)
        return self._head.forward(inputs, rng)

    def backward(self, gradient: FloatArray) -> dict[str, Gradient]:
        """See `Learner`."""
        gradients, by_features = self._head.backward(gradient)
        if self._trains_last:
            places = self._maps.shape[1]
            inside = (self._before_relu6 > 0) & (self._before_relu6 < 6)
            by_last = (inside * (by_features / places)[:, None, :]).reshape(-1, backbone.FEATURES)
            gradients["last_kernel"] = Gradient(self._maps.reshape(-1, backbone.MAP_CHANNELS).T @ by_last)
            gradients["last_bias"] = Gradient(by_last.sum(0))
        return gradients

    def validate(self, rows: Rows) -> FloatArray:
        """See `Learner`."""
        inputs = self._validation[rows]
        if self._trains_last:
            inputs = np.clip(inputs @ self.trained["last_kernel"] + self.trained["last_bias"], 0, 6).mean(1)
        return head_logits(self.trained, inputs)

    def penalty(self) -> float:
        """See `Learner`."""
        return self._head.penalty()

    def model_arrays(self) -> dict[str, NDArray[Any]]:
        """What goes into `model.npz`: the last convolution only if it is not the pretrained one."""
        arrays: dict[str, NDArray[Any]] = {name: self._parameters[name] for name in NAMES}
        pretrained = self._network.last
        if not np.array_equal(self._parameters["last_kernel"], pretrained.kernel):
            arrays |= {name: self._parameters[name] for name in LAST_NAMES}
        return arrays

    def _features_of(self, pixels: Pixels, what: str) -> FloatArray:
        """Shaped (pictures, 1280), or (pictures, places, 320) when the last convolution is trained too."""
        if self._trains_last:
            return in_chunks(pixels, self._flat_maps, self._stop, what)
        last = Convolution(self._parameters["last_kernel"], self._parameters["last_bias"])
        return in_chunks(pixels, lambda chunk: pooled_features(self._network, last, chunk), self._stop, what)

    def _flat_maps(self, chunk: Pixels) -> FloatArray:
        return self._network.maps(chunk).reshape(len(chunk), -1, backbone.MAP_CHANNELS)


def pooled_features(network: Backbone, last: Convolution, pixels: Pixels) -> FloatArray:
    """The features of pictures under a last convolution that may have been trained: (n, 1280)."""
    pooled: FloatArray = backbone.pointwise(network.maps(pixels), last).mean((1, 2))
    return pooled


def in_chunks(pixels: Pixels, work: Callable[[Pixels], FloatArray], stop: StopFlag, what: str) -> FloatArray:
    """The result of `work` on a few pictures at a time, on all cores, with lines of progress in the log.

    Raises:
        Stopped: SIGTERM came.
    """
    starts: Iterable[int] = range(0, len(pixels), backbone.CHUNK)
    results: list[FloatArray] = []
    told, done = 0, 0
    for result in in_parallel(lambda start: work(pixels[start : start + backbone.CHUNK]), starts, stop):
        results.append(result)
        done += len(result)
        if done * 5 // len(pixels) > told:
            told = done * 5 // len(pixels)
            log(f"Features of {what}: {done}/{len(pixels)}")
    return np.concatenate(results)


def _find_validation(folder: Any, classes: tuple[str, ...], container: Container) -> PictureFiles:
    """The files of the `validation` channel.

    Raises:
        UserError: its classes are not those of the training channel.
    """
    held_out = find_pictures(folder, least=1)
    if held_out.classes != classes:
        odd = sorted(set(held_out.classes) ^ set(classes))
        raise UserError(
            "the validation channel has other class folders than the training channel: only one of the two has"
            f" {odd[0]!r}"
        )
    container.stop.check()
    return held_out


def _objective(settings: Settings, classes: tuple[str, ...]) -> Objective:
    """The loss that the hyperparameters ask for.

    Raises:
        UserError: `binary_mode` and `eval_metric` do not go with each other, or with the number of classes.
    """
    smoothing = settings.number("label_smoothing")
    metric = settings.text("eval_metric")
    if not settings.flag("binary_mode"):
        if metric != "accuracy":
            raise UserError(f"eval_metric {metric} needs binary_mode True; without it only accuracy can be had")
        return Softmax(len(classes), smoothing)
    if len(classes) != 2:
        raise UserError(f"binary_mode is True, but the training channel has {len(classes)} classes instead of 2")
    return Sigmoid(smoothing)


def _parameters(
    settings: Settings,
    classes: tuple[str, ...],
    objective: Objective,
    previous: Artefact | None,
    network: Backbone,
) -> Parameters:
    """Where training starts: a new or the previous head, and the pretrained or the previous last convolution.

    Raises:
        UserError: the previous model is damaged, or its head cannot be kept as asked.
    """
    last: Parameters = {"last_kernel": network.last.kernel.copy(), "last_bias": network.last.bias.copy()}
    if previous and "last_kernel" in previous.arrays:
        last = last_arrays(previous)
    if keeps_head(previous, classes, settings.text("reinitialize_top_layer")) and previous:
        return head_arrays(previous, backbone.FEATURES, objective.outputs) | last
    rng = np.random.default_rng(settings.integer("random_seed"))
    return new_head(backbone.FEATURES, objective.outputs, rng) | last


def last_arrays(model: Artefact) -> Parameters:
    """The last convolution of a model that has one of its own.

    Raises:
        UserError: it is not one of this network.
    """
    return {
        "last_kernel": model.array("last_kernel", backbone.MAP_CHANNELS, backbone.FEATURES).astype(np.float32),
        "last_bias": model.array("last_bias", backbone.FEATURES).astype(np.float32),
    }


def _introduce(settings: Settings, data: ImageData, previous: Artefact | None) -> None:
    log(f"Sandbox trainer: {backbone.NAME} with ImageNet weights at {SIDE} x {SIDE} pixels, no GPU.")
    log(f"Trained here: {_trained_part(settings)}.")
    if previous:
        kept = keeps_head(previous, data.classes, settings.text("reinitialize_top_layer"))
        log(f"Going on from the model in channel 'model'; its head is {'kept' if kept else 'replaced by a new one'}.")
    log(
        f"{len(data.labels)} training and {len(data.validation_labels)} validation pictures,"
        f" {len(data.classes)} classes: {', '.join(data.classes[:8])}{', ...' if len(data.classes) > 8 else ''}"
    )


def _trained_part(settings: Settings) -> str:
    head = f"the head (dropout, {HIDDEN} hidden units, output)"
    if settings.flag("train_only_top_layer"):
        return head
    return f"{head} and the last convolution of the network; the layers before it stay as they are"


def _info(
    settings: Settings, data: ImageData, previous: Artefact | None, status: str, history: list[Scores]
) -> dict[str, Any]:
    return {
        "task": TASK,
        "trainer": _MODEL_VERSION,
        "status": status,
        "pretrained": f"{backbone.NAME}, ImageNet weights, sha256 {Backbone.sha256}",
        "trained": _trained_part(settings),
        "incremental": previous is not None,
        "picture_side": SIDE,
        "image_resize_interpolation": settings.text("image_resize_interpolation"),
        "binary_mode": settings.flag("binary_mode"),
        "training_examples": len(data.labels),
        "validation_examples": len(data.validation_labels),
        "whole_epochs": len(history),
        "history": history,
        "hyperparameters": dict(settings),
    }

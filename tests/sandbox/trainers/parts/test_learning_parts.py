"""Compare the parts of the training loop with their definitions."""

from __future__ import annotations

import numpy as np
import pytest

from jsft_tui.sandbox.trainers.common.fit import EarlyStopping, split
from jsft_tui.sandbox.trainers.common.head import Head, new_head
from jsft_tui.sandbox.trainers.common.hyperparameters import IMAGE
from jsft_tui.sandbox.trainers.common.metric_lines import hugging_face_lines, keras_lines, llama_lines
from jsft_tui.sandbox.trainers.common.optimizers import Gradient, Parameters, make_optimizer
from jsft_tui.sandbox.trainers.common.scores import Classification, Sigmoid, Softmax, binary_score
from jsft_tui.sandbox.trainers.common.settings import read_settings
from jsft_tui.sandbox.trainers.image.augmentation import Augmentation
from jsft_tui.sandbox.trainers.text.ngrams import HASH_BUCKETS, ngrams


def by_hand(name: str, gradients: list[float], rate: float) -> float:
    """Update one number by Keras's rules with their default constants, starting from 1."""
    weight, first, second = 1.0, 0.0, 0.1 if name == "adagrad" else 0.0
    for step, gradient in enumerate(gradients, start=1):
        if name == "adam":
            first = 0.9 * first + 0.1 * gradient
            second = 0.999 * second + 0.001 * gradient**2
            weight -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-7)
        elif name in ("sgd", "nesterov"):
            first = 0.9 * first - rate * gradient
            weight += 0.9 * first - rate * gradient if name == "nesterov" else first
        elif name == "rmsprop":
            second = 0.95 * second + 0.05 * gradient**2
            weight -= rate * gradient / np.sqrt(second + 1e-7)
        elif name == "adagrad":
            second += gradient**2
            weight -= rate * gradient / np.sqrt(second + 1e-7)
        else:
            second = 0.95 * second + 0.05 * gradient**2
            change = gradient * np.sqrt(first + 1e-7) / np.sqrt(second + 1e-7)
            first = 0.95 * first + 0.05 * change**2
            weight -= rate * change
    return weight


@pytest.mark.parametrize("name", ["adam", "sgd", "nesterov", "rmsprop", "adagrad", "adadelta"])
def test_optimizers_follow_keras(name: str) -> None:
    gradients = [0.5, -0.2, 0.1, 0.7]
    parameters: Parameters = {"weight": np.ones((3, 2))}
    settings = read_settings({"optimizer": name, "learning_rate": "0.1"}, IMAGE)
    optimizer = make_optimizer(parameters, settings)
    for gradient in gradients:
        optimizer.step({"weight": Gradient(np.full((3, 2), gradient))})
    assert parameters["weight"] == pytest.approx(by_hand(name, gradients, 0.1), abs=1e-9)


@pytest.mark.parametrize("name", ["adam", "sgd", "nesterov", "rmsprop", "adagrad", "adadelta"])
def test_a_gradient_of_some_rows_leaves_the_others_alone_and_zero_gradients_are_no_trouble(name: str) -> None:
    parameters: Parameters = {"weight": np.ones((4, 2))}
    settings = read_settings({"optimizer": name, "epsilon": "0", "initial_accumulator_value": "0"}, IMAGE)
    optimizer = make_optimizer(parameters, settings)
    optimizer.step({"weight": Gradient(np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([1, 3]))})
    assert (parameters["weight"][[0, 2]] == 1).all()
    assert np.isfinite(parameters["weight"]).all()
    assert (parameters["weight"][:, 1] == 1).all()


@pytest.mark.parametrize("objective", [Softmax(3, 0.1), Softmax(3), Sigmoid(0.2), Sigmoid()])
def test_the_gradient_of_the_loss_is_its_slope(objective: Classification) -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(4, objective.outputs))
    labels = np.array([0, 1, 1, 0])
    gradient = objective.loss(logits, labels).gradient
    for place in np.ndindex(*logits.shape):
        shifted = [logits.copy(), logits.copy()]
        shifted[0][place] += 1e-5
        shifted[1][place] -= 1e-5
        slope = (objective.loss(shifted[0], labels).total - objective.loss(shifted[1], labels).total) / 2e-5
        assert gradient[place] * 4 == pytest.approx(slope, abs=1e-6)


def test_the_head_passes_the_slope_of_loss_and_penalty_on() -> None:
    rng = np.random.default_rng(0)
    parameters = {name: value.astype(float) for name, value in new_head(5, 3, rng).items()}
    head, objective = Head(parameters, dropout=0.0, l2=0.05), Softmax(3)
    inputs, labels = rng.normal(size=(6, 5)), np.array([0, 1, 2, 0, 1, 2])

    def loss() -> float:
        return objective.loss(head.forward(inputs, rng), labels).total / 6 + head.penalty()

    loss()
    gradients, by_inputs = head.backward(objective.loss(head.forward(inputs, rng), labels).gradient)
    targets = {**{name: (parameters[name], gradient.values) for name, gradient in gradients.items()}}
    targets["inputs"] = (inputs, by_inputs)
    for value, gradient in targets.values():
        place = tuple(0 for _ in value.shape)
        kept = value[place]
        value[place] = kept + 1e-5
        above = loss()
        value[place] = kept - 1e-5
        slope = (above - loss()) / 2e-5
        value[place] = kept
        assert gradient[place] == pytest.approx(slope, abs=1e-6)


def test_dropout_leaves_out_its_share_and_keeps_the_mean() -> None:
    parameters = new_head(1000, 2, np.random.default_rng(0))
    parameters["hidden_kernel"][:] = 1 / 1000
    inputs = np.ones((50, 1000), np.float32)
    logits = Head(parameters, dropout=0.5, l2=0).forward(inputs, np.random.default_rng(1))
    full = Head(parameters, dropout=0, l2=0).forward(inputs, np.random.default_rng(1))
    assert not np.allclose(logits, full)
    assert np.allclose(logits.mean(0), full.mean(0), rtol=0.02, atol=0.02)


def test_binary_scores_follow_their_definitions() -> None:
    positive = np.array([0.9, 0.8, 0.7, 0.6, 0.4, 0.2])
    labels = np.array([1, 0, 1, 1, 1, 0])
    assert binary_score("precision", positive, labels) == pytest.approx(3 / 4)
    assert binary_score("recall", positive, labels) == pytest.approx(3 / 4)
    assert binary_score("auc", positive, labels) == pytest.approx(5 / 8)
    assert binary_score("prc", positive, labels) == pytest.approx((1 + 2 / 3 + 3 / 4 + 4 / 5) / 4)
    ties = np.full(6, 0.5)
    assert binary_score("auc", ties, labels) == pytest.approx(0.5)
    assert binary_score("prc", ties, labels) == pytest.approx(4 / 6)
    for metric in ("precision", "recall", "auc", "prc"):
        assert binary_score(metric, np.zeros(2), np.zeros(2, np.intp)) == 0


@pytest.mark.parametrize("ratio", [0.0, 0.2, 0.5, 1.0])
def test_a_split_has_every_class_on_both_sides_and_every_row_once(ratio: float) -> None:
    labels = np.array([0] * 2 + [1] * 10 + [2] * 31)
    training, validation = split(labels, ratio, np.random.default_rng(3))
    assert sorted([*training, *validation]) == list(range(43))
    assert set(labels[training]) == set(labels[validation]) == {0, 1, 2}


def test_a_split_keeps_a_single_example_for_training() -> None:
    labels = np.array([0, 1, 1, 2])
    training, validation = split(labels, 0.5, np.random.default_rng(3))
    assert sorted(labels[training]) == [0, 1, 2]
    assert list(labels[validation]) == [1]


def test_early_stopping_counts_epochs_without_enough_improvement() -> None:
    history = [{"val_accuracy": value} for value in (0.5, 0.6, 0.605, 0.609, 0.7, 0.65)]
    assert EarlyStopping("val_accuracy", 3, 0.0).stale_epochs(history[:4]) == 0
    assert EarlyStopping("val_accuracy", 3, 0.05).stale_epochs(history[:4]) == 2
    assert EarlyStopping("val_accuracy", 3, 0.05).stale_epochs(history) == 1
    falling = EarlyStopping("val_accuracy", 3, 0.0, lower_is_better=True)
    assert falling.stale_epochs(history) == 5


def test_metrics_are_never_written_in_a_way_that_a_regex_reads_wrongly() -> None:
    scores = {"train_loss": 1e-05, "val_loss": 2.5e9, "val_perplexity": 7.0}
    assert list(keras_lines(3, 10, scores)) == [
        "Epoch 3/10 - train_loss: 0.000010 - val_loss: 2500000000.000000 - val_perplexity: 7.000000"
    ]
    assert "{'eval_loss': 2500000000.000000, 'eval_perplexity': 7.000000, 'epoch': 3.0}" in hugging_face_lines(
        3, 10, scores
    )
    assert "eval_ppl=tensor(7.000000) eval_epoch_loss=tensor(2500000000.000000)" in llama_lines(3, 10, scores)
    for lines in (keras_lines, hugging_face_lines, llama_lines):
        for value in (float("nan"), float("inf")):
            with pytest.raises(ValueError, match=r"metric (val|eval)_loss is"):
                list(lines(1, 1, {**scores, "val_loss": value}))


def test_ngrams_are_distinct_numbers_in_range_for_any_text() -> None:
    for text in ("", "\x00", "a", "Hello, hello WORLD", "\U0001f600 \u4f60\u597d", "x" * 10_000, "\ud800"):
        numbers = ngrams(text)
        assert len(numbers) == len(set(numbers.tolist())) >= 1
        assert ((numbers >= 0) & (numbers < HASH_BUCKETS)).all()
    assert np.array_equal(ngrams("Some Words"), ngrams("some words"))


def test_augmentation_flips_turns_and_zooms() -> None:
    image = np.arange(96 * 96 * 3, dtype=np.uint32).reshape(96, 96, 3).astype(np.uint8)
    rng = np.random.default_rng(0)
    flips = {Augmentation(True, True, 0, 0)(image, rng).tobytes() for _ in range(40)}
    expected = {image[::down, ::across].tobytes() for down in (1, -1) for across in (1, -1)}
    assert flips == expected
    gray = np.full((96, 96, 3), 77, np.uint8)
    assert (Augmentation(True, True, 1.0, 1.0)(gray, rng) == 77).all()
    still = Augmentation(False, False, 1e-9, 0)(image, rng)
    assert np.abs(still.astype(int) - image).max() <= 1
    dot = np.zeros((96, 96, 3), np.uint8)
    dot[40:56, 40:56] = 255
    zoomed = [int((Augmentation(False, False, 0, 0.5)(dot, rng) > 127).sum()) for _ in range(20)]
    assert min(zoomed) < (dot > 127).sum() < max(zoomed)

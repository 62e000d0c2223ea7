"""Overfitting, and values placed on epochs without a log."""

from __future__ import annotations

import pytest

from jsft_tui.core.jobs.metrics.epochs import over_epochs, planned_epochs
from jsft_tui.core.jobs.metrics.overfitting import overfitting

FALLS = [1.0, 0.8, 0.6, 0.5, 0.4, 0.3, 0.25, 0.2]


def curves(held_out: list[float], training: list[float] = FALLS) -> dict[str, list[tuple[float, float]]]:
    pairs = {"train-loss": training, "val-loss": held_out}
    return {name: [(epoch + 1.0, value) for epoch, value in enumerate(values)] for name, values in pairs.items()}


@pytest.mark.parametrize(
    ("held_out", "training", "text"),
    [
        ([1.0, 0.8, 0.6, 0.5, 0.45, 0.5, 0.6, 0.7], FALLS, "overfits from epoch 6: val-loss rises"),
        ([1.0, 0.8, 0.6, 0.5, 0.45, 0.46, 0.46, 0.46], FALLS, ""),
        ([1.0, 0.8, 0.6, 0.5, 0.45, 0.42, 0.4, 0.5], FALLS, ""),
        ([1.0, 0.8, 0.6, 0.5, 0.45, 0.5, 0.6, 0.7], FALLS[::-1], ""),
        ([float("nan")] * 8, FALLS, ""),
    ],
    ids=["rises", "stays", "only the last", "training rises, too", "no values"],
)
def test_it_overfits_where_one_loss_rises_and_the_other_falls(
    held_out: list[float], training: list[float], text: str
) -> None:
    found = overfitting(curves(held_out, training))
    assert found.startswith(text) if text else not found


@pytest.mark.parametrize(
    ("given", "count"),
    [({"epochs": "10"}, 10), ({"num_train_epochs": "3.0"}, 3), ({"epochs": "many"}, None), ({}, None)],
)
def test_planned_epochs(given: dict[str, str], count: int | None) -> None:
    assert planned_epochs(given) == count


def test_values_lie_evenly_and_the_last_one_at_the_end() -> None:
    assert over_epochs([0.5, 0.7, 0.9, 0.95], 8) == [(2, 0.5), (4, 0.7), (6, 0.9), (8, 0.95)]

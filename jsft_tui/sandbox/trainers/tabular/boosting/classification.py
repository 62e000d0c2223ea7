"""Train boosted trees that choose a class: the sandbox's counterpart of JumpStart's `xgboost-classification-model`."""

from __future__ import annotations

from jsft_tui.sandbox.trainers.common.artifact import write_artifact
from jsft_tui.sandbox.trainers.common.container import Container
from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.tabular.boosting.objectives import class_objective
from jsft_tui.sandbox.trainers.tabular.boosting.training import boost, boosted_artifact, boosting_info, start_from
from jsft_tui.sandbox.trainers.tabular.data import class_rule, read_classes

TASK = "boosted-classification"


def train(container: Container) -> None:
    """Run one job.

    Raises:
        UserError: data, hyperparameters or the previous model are invalid.
        Stopped: SIGTERM arrived before the first round.
    """
    data = read_classes(container, class_rule(allows_gaps=True))
    _check_numbers(data.classes)
    model = start_from(container, TASK, data)
    status = boost(container, data, class_objective(len(data.classes)), model)
    info = boosting_info(TASK, container.settings, data, model, status)
    write_artifact(container.model, boosted_artifact(data, model, info, {}))


def _check_numbers(classes: tuple[str, ...]) -> None:
    """Check that the classes are 0, 1, 2 and so on, which XGBoost requires ("label must be in [0, num_class)").

    Raises:
        UserError: they are not.
    """
    if classes != tuple(str(number) for number in range(len(classes))):
        raise UserError(
            f"the classes are {', '.join(classes[:5])}{', ...' if len(classes) > 5 else ''}; XGBoost needs them to be"
            f" 0 to {len(classes) - 1} (label must be in [0, num_class))"
        )

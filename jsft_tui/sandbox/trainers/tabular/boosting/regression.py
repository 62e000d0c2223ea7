"""Train boosted trees that predict a number: the sandbox's counterpart of JumpStart's `xgboost-regression-model`."""

from __future__ import annotations

from jsft_tui.sandbox.trainers.common.artifact import write_artifact
from jsft_tui.sandbox.trainers.common.container import Container
from jsft_tui.sandbox.trainers.tabular.boosting.ensemble import margins
from jsft_tui.sandbox.trainers.tabular.boosting.objectives import SquaredErrorObjective
from jsft_tui.sandbox.trainers.tabular.boosting.training import boost, boosted_artifact, boosting_info, start_from
from jsft_tui.sandbox.trainers.tabular.data import number_rule, read_numbers
from jsft_tui.sandbox.trainers.tabular.intervals import interval_arrays

TASK = "boosted-regression"


def train(container: Container) -> None:
    """Run one job.

    Raises:
        UserError: data, hyperparameters or the previous model are invalid.
        Stopped: SIGTERM arrived before the first round.
    """
    data = read_numbers(container, number_rule(allows_gaps=True))
    objective = SquaredErrorObjective()
    model = start_from(container, TASK, data)
    status = boost(container, data, objective, model)
    info = boosting_info(TASK, container.settings, data, model, status)
    predicted = margins(model.best_rounds, data.validation, objective.outputs, objective.start)[:, 0]
    more = interval_arrays(predicted, data.validation_targets)
    write_artifact(container.model, boosted_artifact(data, model, info, more))

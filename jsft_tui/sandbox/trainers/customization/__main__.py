"""The container's main program: `python -m jsft_tui.sandbox.trainers.customization`."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

from jsft_tui.sandbox.trainers.common.container import Container, run
from jsft_tui.sandbox.trainers.customization.parameters import parameters_of
from jsft_tui.sandbox.trainers.customization.task import Task


def main() -> None:
    """Train on the job's folder and exit as the container contract says."""
    task = Task.read(Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml")))
    declared = parameters_of(task.technique, has_adapter=task.has_adapter)
    run((each.hyperparameter() for each in declared), _train)


def _train(container: Container) -> None:
    """Run one job. numpy is imported only now: see `run`."""
    import_module("jsft_tui.sandbox.trainers.customization.training").train(container)


if __name__ == "__main__":
    main()

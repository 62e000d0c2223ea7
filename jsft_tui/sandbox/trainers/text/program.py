"""Run the training container of the text classification model. Entry point: `main()`."""

from __future__ import annotations

from jsft_tui.sandbox.trainers.common.container import Container, run
from jsft_tui.sandbox.trainers.common.hyperparameters import TEXT


def main() -> None:
    """Train on the job's folder and exit as the container contract says."""
    run(TEXT, _train)


def _train(container: Container) -> None:
    # Deferred: numpy must be imported after the SIGTERM handler and the number of BLAS threads are set.
    from jsft_tui.sandbox.trainers.text.training import train

    train(container)


if __name__ == "__main__":
    main()

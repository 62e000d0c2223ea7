"""The batch that a job is told to have is the one it was sent."""

from __future__ import annotations

import pytest

from jsft_tui.core.request.rerun.clone import ClonedRun
from jsft_tui.core.run.run import AUTO, InstanceChoice
from jsft_tui.services.jobs.clone import batch_in
from tests.core.catalog.specs import model_spec, training_run


@pytest.mark.parametrize(("said", "batch"), [(AUTO, "32 per GPU × 4 GPUs = 128"), ("64", "16 per GPU × 4 GPUs = 64")])
def test_a_batch_that_was_automatic_is_told_as_it_was_sent(said: str, batch: str) -> None:
    run = training_run(instance=InstanceChoice("ml.g5.12xlarge"), hyperparameters={"batch_size": said})
    assert batch_in(ClonedRun(run), model_spec()) == batch

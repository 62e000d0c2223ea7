"""Changes to a draft."""

from __future__ import annotations

import pytest

from jsft_tui.core.draft import EMPTY, TRAINING, VALIDATION, with_data
from jsft_tui.core.errors import Problem


def test_data_is_chosen_channel_by_channel() -> None:
    run = with_data(EMPTY, TRAINING, "s3://b/t/")
    assert run.data == {"training": "s3://b/t/"}
    run = with_data(with_data(run, VALIDATION, "s3://b/v/"), TRAINING, "s3://b/new/")
    assert run.data == {"training": "s3://b/new/", "validation": "s3://b/v/"}


def test_validation_data_alone_would_leave_out_the_default_dataset() -> None:
    with pytest.raises(Problem) as caught:
        with_data(EMPTY, VALIDATION, "s3://b/v/")
    assert caught.value.code == "NoTrainingData"

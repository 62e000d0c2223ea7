"""Instance metrics as percent of the instance."""

from __future__ import annotations

import pytest

from jsft_tui.core.instances.types import instance_type
from jsft_tui.core.jobs.metrics.utilization import InstanceMetric, Reading, gpu_shares, latest_use, share

FOUR_GPUS = instance_type("ml.g5.12xlarge")
assert FOUR_GPUS is not None


@pytest.mark.parametrize(
    ("metric", "value", "percent"),
    [
        (InstanceMetric.CPU, 4800.0, 100.0),
        (InstanceMetric.GPU, 200.0, 50.0),
        (InstanceMetric.GPU_MEMORY, 400.0, 100.0),
        (InstanceMetric.MEMORY, 40.0, 40.0),
        (InstanceMetric.DISK, 7.0, 7.0),
    ],
)
def test_a_value_is_a_share_of_the_instance(metric: InstanceMetric, value: float, percent: float) -> None:
    assert FOUR_GPUS is not None
    assert share(metric, value, FOUR_GPUS) == percent


def test_the_newest_values_count_host_by_host() -> None:
    assert FOUR_GPUS is not None
    readings = [
        Reading("algo-2", InstanceMetric.GPU, 60, 400),
        Reading("algo-1", InstanceMetric.GPU, 120, 200),
        Reading("algo-1", InstanceMetric.GPU, 60, 0),
        Reading("algo-1", InstanceMetric.DISK, 60, 5),
    ]
    first, second = latest_use(readings, FOUR_GPUS)

    assert (first.host, first.percent) == ("algo-1", {InstanceMetric.GPU: 50.0, InstanceMetric.DISK: 5.0})
    assert (second.host, second.percent) == ("algo-2", {InstanceMetric.GPU: 100.0})
    assert gpu_shares(readings, FOUR_GPUS) == [(60, 50.0), (120, 50.0)]


def test_a_type_that_nobody_knows_divides_by_one() -> None:
    from jsft_tui.core.instances.types import unknown_type

    assert share(InstanceMetric.GPU, 70.0, unknown_type("ml.zz.large")) == 70.0

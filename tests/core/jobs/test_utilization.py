"""Percent of the whole instance, whatever CloudWatch counts."""

from __future__ import annotations

import pytest

from jsft_tui.core.instances.types import instance_type
from jsft_tui.core.jobs.utilization import MachineMetric, Reading, gpu_shares, latest_use, share

FOUR_GPUS = instance_type("ml.g5.12xlarge")
assert FOUR_GPUS is not None


@pytest.mark.parametrize(
    ("metric", "value", "percent"),
    [
        (MachineMetric.CPU, 4800.0, 100.0),
        (MachineMetric.GPU, 200.0, 50.0),
        (MachineMetric.GPU_MEMORY, 400.0, 100.0),
        (MachineMetric.MEMORY, 40.0, 40.0),
        (MachineMetric.DISK, 7.0, 7.0),
    ],
)
def test_a_value_is_a_share_of_the_instance(metric: MachineMetric, value: float, percent: float) -> None:
    assert FOUR_GPUS is not None
    assert share(metric, value, FOUR_GPUS) == percent


def test_the_newest_values_count_host_by_host() -> None:
    assert FOUR_GPUS is not None
    readings = [
        Reading("algo-2", MachineMetric.GPU, 60, 400),
        Reading("algo-1", MachineMetric.GPU, 120, 200),
        Reading("algo-1", MachineMetric.GPU, 60, 0),
        Reading("algo-1", MachineMetric.DISK, 60, 5),
    ]
    first, second = latest_use(readings, FOUR_GPUS)

    assert (first.host, first.percent) == ("algo-1", {MachineMetric.GPU: 50.0, MachineMetric.DISK: 5.0})
    assert (second.host, second.percent) == ("algo-2", {MachineMetric.GPU: 100.0})
    assert gpu_shares(readings, FOUR_GPUS) == [(60, 50.0), (120, 50.0)]


def test_a_type_that_nobody_knows_divides_by_one() -> None:
    from jsft_tui.core.instances.types import unknown_type

    assert share(MachineMetric.GPU, 70.0, unknown_type("ml.zz.large")) == 70.0

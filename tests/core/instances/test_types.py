"""The facts of instance types against EC2's, and what follows from them."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from jsft_tui.core.instances.types import family_of, instance_type, instance_types
from tests.common.shared_data import load, needs_shared_data


@cache
def recorded() -> dict[str, dict[str, Any]]:
    return {row["type"]: row for row in load("instances.json")["types"]}


@needs_shared_data
def test_every_type_that_create_training_job_takes_is_known_and_no_other() -> None:
    assert set(instance_types()) == set(load("botocore_training_instance_types.json"))


@needs_shared_data
def test_processors_and_memory_are_those_of_ec2() -> None:
    for name, row in recorded().items():
        found = instance_type(name)
        assert found is not None
        assert (found.family, found.vcpus, found.memory_gib) == (row["family"], row["vcpu"], row["memory_gib"]), name


@needs_shared_data
def test_accelerators_are_those_of_ec2() -> None:
    for name, row in recorded().items():
        found = instance_types()[name]
        assert (found.gpus, found.neuron_devices) == (row["gpu_count"], row["neuron_devices"]), name
        assert found.gpu_memory_gib == pytest.approx(row["gpu_memory_gib_each"], abs=0.1), name
        if found.gpu_model:  # ours are shorter: without the maker, without a parenthesis
            assert found.gpu_model.split()[-1] in row["gpu_model"], name


@needs_shared_data
def test_local_disks_are_those_of_ec2() -> None:
    for name, row in recorded().items():
        assert instance_types()[name].nvme_gb == row["local_nvme_gb"], name


@pytest.mark.parametrize(
    ("name", "gpus"),
    [
        ("ml.p3.2xlarge", 1),
        ("ml.p3.8xlarge", 4),
        ("ml.p3.16xlarge", 8),
        ("ml.p3dn.24xlarge", 8),
        ("ml.g5.12xlarge", 4),
        ("ml.g5.16xlarge", 1),
        ("ml.g5.48xlarge", 8),
        ("ml.g4dn.16xlarge", 1),
        ("ml.g7.12xlarge", 2),
        ("ml.m5.24xlarge", 0),
        ("ml.trn1.32xlarge", 0),
    ],
)
def test_the_size_of_a_type_does_not_decide_its_gpus(name: str, gpus: int) -> None:
    assert instance_types()[name].gpus == gpus


@pytest.mark.parametrize(
    ("name", "devices"), [("ml.g5.12xlarge", 4), ("ml.trn1.32xlarge", 16), ("ml.trn1.2xlarge", 1), ("ml.m5.xlarge", 1)]
)
def test_a_batch_is_spread_over_gpus_or_neuron_devices_or_one_processor(name: str, devices: int) -> None:
    assert instance_types()[name].devices == devices


@pytest.mark.parametrize(
    ("name", "nvme"),
    [
        ("ml.g5.xlarge", True),
        ("ml.r5d.large", True),
        ("ml.trn2.48xlarge", True),
        ("ml.p6e-gb200.36xlarge", True),
        ("ml.p3.2xlarge", False),
        ("ml.m5.xlarge", False),
    ],
)
def test_a_type_with_a_local_disk_has_no_volume_to_choose(name: str, nvme: bool) -> None:
    assert instance_types()[name].has_nvme is nvme


def test_an_unknown_gpu_memory_is_none() -> None:
    assert instance_types()["ml.p6e-gb200.36xlarge"].gpu_memory_gib is None
    assert instance_types()["ml.p6e-gb200.36xlarge"].gpus == 4


@pytest.mark.parametrize(
    ("name", "bf16"),
    [("ml.p3.2xlarge", False), ("ml.g4dn.xlarge", False), ("ml.g5.xlarge", True), ("ml.m5.large", None)],
)
def test_only_newer_gpus_compute_in_bfloat16(name: str, bf16: bool | None) -> None:
    assert instance_types()[name].has_bf16 is bf16


def test_legacy_types_say_so() -> None:
    assert instance_types()["ml.p2.xlarge"].notes == ("retired", "K80 has no bf16")
    assert instance_types()["ml.p3.2xlarge"].notes == ("old type, often not available", "V100 has no bf16")
    assert instance_types()["ml.g5.xlarge"].notes == ()


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("ml.g5.12xlarge", "g5"),
        ("g5.12xlarge", "g5"),
        ("ml.p6e-gb200.36xlarge", "p6e-gb200"),
        ("ml.m7i-flex.large", "m7i-flex"),
        ("", ""),
        ("local", ""),
    ],
)
def test_the_family_is_the_middle_of_a_type_name(name: str, family: str) -> None:
    assert family_of(name) == family


def test_an_unknown_type_has_no_facts() -> None:
    assert instance_type("ml.z9.gigantic") is None

"""Remedies applied to runs: what changes, what the line says, and when there is nothing to apply."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.account.quotas import QuotaFacts
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.fixes import Fix, FixKind
from jsft_tui.core.instances.types import instance_type
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.request.build import build_request
from jsft_tui.core.request.rerun.fix import apply_fix, cannot_fix, first_fix, fixes_of
from jsft_tui.core.run.run import MAX_RUNTIME, InstanceChoice, KmsKeys, Run
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.core.sizing.suggest import Market
from tests.common.shared_data import PLACE
from tests.core.catalog.small_spec import GATED_KEYS, gated_spec
from tests.core.catalog.specs import hyperparameter, model_spec, training_run
from tests.core.jobs.examples import answer
from tests.core.preflight.examples import findings, inputs, plan

ANY = Market()
KEY = "arn:aws:kms:us-west-2:123456789012:key/a"


def changed(kind: FixKind, run: Run, spec: ModelSpec | None = None, market: Market = ANY, **fix: Any) -> str | None:
    """What the change says."""
    fixed = apply_fix(Fix(kind, **fix), run, spec or model_spec(), market)
    return fixed.change if fixed else None


def on(type_: str, **fields: Any) -> Run:
    return training_run(instance=InstanceChoice(type_), **fields)


def supporting(*types: str, **fields: Any) -> ModelSpec:
    return model_spec(supported_training_instance_types=list(types), **fields)


def market(**free: tuple[float, int]) -> Market:
    """Type (with _ for .) -> what is free, what is in use."""
    types = {f"ml.{name.replace('_', '.')}": numbers for name, numbers in free.items()}
    prices = {name: Price(float(number), "a test", "2026-11-23") for number, name in enumerate(types, 1)}
    return Market(prices, {name: n[0] for name, n in types.items()}, {name: n[1] for name, n in types.items()})


# -- batch size


@pytest.mark.parametrize(
    ("type_", "values", "expected"),
    [
        ("ml.g5.2xlarge", {"batch_size": "auto"}, "batch_size 32 -> 16"),
        ("ml.g5.12xlarge", {"batch_size": "auto"}, "batch_size 128 -> 64"),
        ("ml.g5.12xlarge", {}, "batch_size 32 -> 16"),
        ("ml.g5.12xlarge", {"batch_size": "7"}, "batch_size 7 -> 3"),
        ("ml.z9.gigantic", {"batch_size": "auto"}, "batch_size 32 -> 16"),
        ("ml.g5.2xlarge", {"batch_size": "2"}, "batch_size 2 -> 1"),
        ("ml.g5.2xlarge", {"batch_size": "1"}, None),
        ("ml.g5.2xlarge", {"batch_size": "many"}, None),
    ],
)
def test_the_batch_size_is_halved_from_what_would_be_sent(
    type_: str, values: dict[str, str], expected: str | None
) -> None:
    run = on(type_, hyperparameters={"epochs": "5", **values})
    fixed = apply_fix(Fix(FixKind.HALVE_BATCH), run, model_spec(), ANY)
    assert (fixed.change if fixed else None) == expected
    if fixed and expected:
        assert fixed.run == replace(run, hyperparameters={"epochs": "5", "batch_size": expected.rpartition(" ")[2]})


def test_a_batch_size_is_not_halved_below_what_the_model_takes() -> None:
    spec = model_spec(hyperparameters=[hyperparameter("batch_size", 8, min=8, max=64)])
    assert changed(FixKind.HALVE_BATCH, on("ml.g5.2xlarge"), spec) is None
    assert changed(FixKind.HALVE_BATCH, on("ml.g5.2xlarge"), model_spec(hyperparameters=[])) is None


def test_an_llms_batch_is_halved_per_device() -> None:
    batch = hyperparameter("per_device_train_batch_size", 4, min=1, max=1000)
    spec = model_spec("meta-textgeneration-llama-2-7b", hyperparameters=[batch])
    run = on("ml.g5.12xlarge", hyperparameters={"per_device_train_batch_size": "auto"})
    assert changed(FixKind.HALVE_BATCH, run, spec) == "per_device_train_batch_size 4 -> 2"


@given(st.integers(1, 1024))
def test_halving_ends_at_one(size: int) -> None:
    run, steps = on("ml.g5.2xlarge", hyperparameters={"batch_size": str(size)}), 0
    while fixed := apply_fix(Fix(FixKind.HALVE_BATCH), run, model_spec(), ANY):
        run, steps = fixed.run, steps + 1
    assert run.hyperparameters["batch_size"] == "1"
    assert steps == size.bit_length() - 1


def test_when_the_batch_is_one_the_gpus_have_to_be_larger() -> None:
    spec = supporting("ml.g4dn.12xlarge", "ml.g5.12xlarge", "ml.g5.48xlarge")
    run = on("ml.g4dn.12xlarge", hyperparameters={"batch_size": "1"})
    fixes = (Fix(FixKind.HALVE_BATCH), Fix(FixKind.MORE_GPU_MEMORY))

    fixed = first_fix(fixes, run, spec, market(g5_12xlarge=(2, 0)))

    assert fixed is not None
    assert (fixed.fix.kind, fixed.run.instance.type) == (FixKind.MORE_GPU_MEMORY, "ml.g5.12xlarge")
    assert fixed.change == "instance ml.g4dn.12xlarge -> ml.g5.12xlarge (0 of 2 in use)"
    assert first_fix(fixes, fixed.run, spec, ANY) is None


def test_the_learning_rate_is_lowered_to_a_tenth() -> None:
    assert changed(FixKind.LOWER_LEARNING_RATE, training_run()) == "learning_rate 0.001 -> 0.0001"
    run = training_run(hyperparameters={"learning_rate": "0.5"})
    assert changed(FixKind.LOWER_LEARNING_RATE, run) == "learning_rate 0.5 -> 0.05"
    wrong = training_run(hyperparameters={"learning_rate": "fast"})
    assert changed(FixKind.LOWER_LEARNING_RATE, wrong) is None
    assert changed(FixKind.LOWER_LEARNING_RATE, training_run(), model_spec(hyperparameters=[])) is None


# -- instance type


def next_type(type_: str, spec: ModelSpec, known: Market, kind: FixKind = FixKind.NEXT_INSTANCE) -> str | None:
    fixed = apply_fix(Fix(kind), on(type_), spec, known)
    return fixed.run.instance.type if fixed else None


def test_the_next_instance_has_quota_and_no_less_gpu_memory() -> None:
    spec = supporting("ml.g5.12xlarge", "ml.g4dn.12xlarge", "ml.g5.4xlarge", "ml.g6.12xlarge", "ml.g5.48xlarge")
    free = market(g5_12xlarge=(0, 2), g4dn_12xlarge=(4, 0), g5_4xlarge=(4, 0), g6_12xlarge=(1, 1), g5_48xlarge=(1, 0))

    assert changed(FixKind.NEXT_INSTANCE, on("ml.g5.12xlarge"), spec, free) == (
        "instance ml.g5.12xlarge -> ml.g6.12xlarge (1 of 2 in use)"
    )
    assert next_type("ml.g4dn.12xlarge", spec, market(g5_48xlarge=(1, 0))) == "ml.g5.48xlarge"
    assert next_type("ml.g5.48xlarge", spec, free) is None


def test_the_cheapest_of_those_that_are_alike_is_taken() -> None:
    spec = supporting("ml.g5.12xlarge", "ml.g6.24xlarge", "ml.g6.12xlarge")
    assert next_type("ml.g5.12xlarge", spec, market(g6_24xlarge=(1, 0), g6_12xlarge=(1, 0))) == "ml.g6.24xlarge"
    assert next_type("ml.g5.12xlarge", spec, market(g6_12xlarge=(1, 0), g6_24xlarge=(1, 0))) == "ml.g6.12xlarge"


def test_quota_has_to_be_there_for_all_instances() -> None:
    spec, known = supporting("ml.g5.2xlarge", "ml.g6.2xlarge"), market(g6_2xlarge=(2, 0))
    run = training_run(instance=InstanceChoice("ml.g5.2xlarge", count=3))
    assert changed(FixKind.NEXT_INSTANCE, run, spec, known) is None
    assert changed(FixKind.NEXT_INSTANCE, run, spec, ANY) == (
        "instance ml.g5.2xlarge -> ml.g6.2xlarge (quota not known)"
    )


def test_legacy_types_other_hardware_and_unknown_types_are_not_offered() -> None:
    spec = supporting("ml.g4dn.2xlarge", "ml.p3.2xlarge", "ml.m5.24xlarge", "ml.trn1.32xlarge", "ml.p6e-gb200.36xlarge")
    assert next_type("ml.g4dn.2xlarge", spec, ANY) is None
    assert next_type("ml.z9.gigantic", spec, ANY) is None
    assert next_type("ml.m5.xlarge", supporting("ml.m5.xlarge", "ml.m5.large", "ml.m5.4xlarge"), ANY) == "ml.m5.4xlarge"


def test_a_gated_model_moves_only_to_types_that_have_its_weights() -> None:
    types = {"supported_training_instance_types": ["ml.g5.2xlarge", "ml.p5.4xlarge"]}
    assert next_type("ml.g5.2xlarge", gated_spec(GATED_KEYS, **types), ANY) is None
    everywhere = {**GATED_KEYS, "p5": "gated/p5.tar.gz"}
    assert next_type("ml.g5.2xlarge", gated_spec(everywhere, **types), ANY) == "ml.p5.4xlarge"


def test_more_host_memory_means_more() -> None:
    spec = supporting("ml.g5.2xlarge", "ml.g6.2xlarge", "ml.g5.4xlarge")
    assert next_type("ml.g5.2xlarge", spec, ANY, FixKind.MORE_MEMORY) == "ml.g5.4xlarge"


# -- disk, key, license


@pytest.mark.parametrize(
    ("volume", "needed", "expected"),
    [
        (None, 0, "volume 30 GB -> 60 GB"),
        (500, 0, "volume 500 GB -> 1000 GB"),
        (500, 2000, "volume 500 GB -> 2000 GB"),
        (500, 100, "volume 500 GB -> 1000 GB"),
        (10_000, 0, "volume 10000 GB -> 16384 GB"),
        (16_384, 0, None),
        (30, 20_000, None),
    ],
)
def test_the_disk_is_raised(volume: int | None, needed: int, expected: str | None) -> None:
    assert changed(FixKind.RAISE_DISK, on("ml.m5.xlarge", volume_gb=volume), disk_gb=needed) == expected


def test_a_disk_that_is_the_types_own_is_raised_with_the_type() -> None:
    spec = supporting("ml.g5.xlarge", "ml.g5.2xlarge", "ml.g5.8xlarge")
    run = on("ml.g5.xlarge")
    assert changed(FixKind.RAISE_DISK, run, spec) == "instance ml.g5.xlarge -> ml.g5.2xlarge (quota not known)"
    larger = apply_fix(Fix(FixKind.RAISE_DISK, disk_gb=800), run, spec, ANY)
    assert larger is not None
    assert larger.run.instance.type == "ml.g5.8xlarge"
    assert changed(FixKind.RAISE_DISK, run, spec, disk_gb=2000) is None


def test_the_volume_key_is_dropped_where_the_disk_takes_none() -> None:
    keys = KmsKeys(KEY, KEY)
    fixed = apply_fix(Fix(FixKind.DROP_VOLUME_KEY), on("ml.g5.2xlarge", kms=keys), model_spec(), ANY)
    assert fixed is not None
    assert (fixed.run.kms, fixed.change) == (KmsKeys(None, KEY), "volume key dropped (NVMe)")
    assert changed(FixKind.DROP_VOLUME_KEY, on("ml.m5.xlarge", kms=keys)) is None
    assert changed(FixKind.DROP_VOLUME_KEY, on("ml.g5.2xlarge")) is None


@pytest.mark.parametrize("accepted", [False, True])
def test_accepting_the_license_takes_a_contradiction_away(accepted: bool) -> None:
    spec = gated_spec(GATED_KEYS)
    run = on("ml.g5.2xlarge", accept_eula=accepted, environment={"accept_eula": "false", "OWN": "1"})
    fixed = apply_fix(Fix(FixKind.ACCEPT_EULA), run, spec, ANY)
    assert fixed is not None
    assert (fixed.run.accept_eula, fixed.run.environment) == (True, {"OWN": "1"})
    assert fixed.change.startswith("accept_eula: true")
    assert build_request(fixed.run, spec, PLACE)["Environment"]["accept_eula"] == "true"
    assert apply_fix(Fix(FixKind.ACCEPT_EULA), fixed.run, spec, ANY) is None
    assert changed(FixKind.ACCEPT_EULA, run, model_spec()) is None


# -- times, name


def test_times_are_doubled_up_to_what_the_service_takes() -> None:
    spot = InstanceChoice("ml.g5.2xlarge", spot=True, max_runtime=3600, max_wait=5400)
    fixed = apply_fix(Fix(FixKind.LONGER_RUN), training_run(instance=spot), model_spec(), ANY)
    assert fixed is not None
    assert (fixed.run.instance.max_runtime, fixed.run.instance.max_wait) == (7200, 7200)
    assert fixed.change == "max_runtime 1h -> 2h"
    assert changed(FixKind.LONGER_WAIT, training_run(instance=spot)) == "max_wait 1h30m -> 3h"
    assert changed(FixKind.LONGER_WAIT, training_run()) is None
    longest = InstanceChoice("ml.g5.2xlarge", spot=True, max_runtime=MAX_RUNTIME)
    assert changed(FixKind.LONGER_RUN, training_run(instance=longest)) is None
    assert changed(FixKind.LONGER_WAIT, training_run(instance=longest)) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("flowers", "flowers-2"),
        ("flowers-2", "flowers-3"),
        ("flowers-20261123-030000", "flowers-20261123-030000-2"),
        ("a" * 63, "a" * 61 + "-2"),
        ("x" * 60 + "-99", "x" * 59 + "-100"),
        ("", None),
    ],
)
def test_a_name_is_counted_on(name: str, expected: str | None) -> None:
    said = changed(FixKind.NEW_NAME, training_run(name=name))
    assert said == (expected and f"name {name} -> {expected}")


# -- whatever the fix


@given(
    st.sampled_from(FixKind),
    st.sampled_from(["ml.g5.2xlarge", "ml.g5.12xlarge", "ml.m5.xlarge", "ml.p3.2xlarge", "ml.z9.x"]),
    st.sampled_from([ANY, market(g5_12xlarge=(1, 0))]),
    st.booleans(),
)
def test_a_fix_changes_the_run_and_says_so_or_does_not_apply(
    kind: FixKind, type_: str, known: Market, spot: bool
) -> None:
    run = training_run(instance=InstanceChoice(type_, spot=spot), kms=KmsKeys(KEY))
    fixed = apply_fix(Fix(kind), run, model_spec(), known)
    if fixed is not None:
        assert fixed.run != run
        assert fixed.change.isprintable()
        assert fixed.run.instance.type == type_ or instance_type(fixed.run.instance.type)
    assert kind.label


# -- what carries a fix


def test_the_findings_of_quota_volume_and_license_carry_their_fix() -> None:
    def kinds(name: str, planned: Any, known: Any = None) -> list[FixKind | None]:
        return [finding.fix.kind if finding.fix else None for finding in findings(name, planned, known)]

    none = inputs(quota=QuotaFacts("ml.g5.2xlarge for training job usage", 0.0, 0))
    held = inputs(quota=QuotaFacts("ml.g5.2xlarge for training job usage", 1.0, 1))
    assert kinds("quota", plan(), none) == kinds("quota", plan(), held) == [FixKind.NEXT_INSTANCE]
    assert kinds("quota", plan()) == [None]
    assert kinds("volume", plan(kms=KmsKeys(KEY)))[0] is FixKind.DROP_VOLUME_KEY
    gated = gated_spec(GATED_KEYS)
    assert kinds("eula", plan(model=gated)) == [FixKind.ACCEPT_EULA]
    assert kinds("eula", plan(model=gated, accept_eula=True, environment={"accept_eula": "no"})) == [
        FixKind.ACCEPT_EULA
    ]


def test_a_job_without_a_remedy_that_can_be_applied_says_so() -> None:
    done = TrainingJob.parse(answer(), {})
    with pytest.raises(Problem, match="flowers-1 is Completed; there is nothing to fix"):
        fixes_of(done)
    failed = TrainingJob.parse({**answer(), "TrainingJobStatus": "Failed", "FailureReason": "AlgorithmError: x"}, {})
    with pytest.raises(Problem, match="no fix for") as caught:
        fixes_of(failed)
    assert caught.value.remedy == "Read the end of its log: jsft logs flowers-1"
    odd = TrainingJob.parse({**answer(), "TrainingJobStatus": "Failed", "FailureReason": "???"}, {})
    assert cannot_fix(odd).remedy == "Read its log: jsft logs flowers-1"

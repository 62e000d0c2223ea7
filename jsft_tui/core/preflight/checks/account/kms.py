"""The KMS keys of the run: existing, enabled, of the right kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jsft_tui.core.account.kms import ENABLED, ENCRYPTION, SYMMETRIC, KeyFacts, is_alias, region_of_key
from jsft_tui.core.account.limits import KMS_KEY
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, not_checked, nothing_to_tell, passed
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.run.run import Run
from jsft_tui.core.sizing.disk import disk_is_fixed

KEYS = Requirement[Mapping[str, KeyFacts | Problem]]("keys")

VOLUME, OUTPUT = "kms.volume", "kms.output"


def used_keys(run: Run) -> dict[str, str]:
    """Return the keys that will be sent, by setting (a fixed disk takes none)."""
    volume = None if disk_is_fixed(run) else run.kms.volume
    return {setting: key for setting, key in ((VOLUME, volume), (OUTPUT, run.kms.output)) if key}


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block keys that the service would refuse, or that could not encrypt the finished model."""
    keys = used_keys(plan.run)
    if not keys:
        yield nothing_to_tell("no KMS keys of your own.")
        return
    wrong = [judgement for setting, key in keys.items() for judgement in _form(setting, key, plan)]
    yield from wrong
    if wrong or not all(KMS_KEY.fullmatch(key) for key in keys.values()):  # reported by `limits`
        return
    found = inputs[KEYS]
    for setting, key in keys.items():
        yield from _judge_key(setting, key, found[setting])


def _form(setting: str, key: str, plan: Plan) -> Iterator[CheckResult]:
    if setting == VOLUME and is_alias(key):
        # CreateTrainingJob, ResourceConfig.VolumeKmsKeyId: a key id or its ARN.
        message = f"{setting}: {key} is an alias, but a volume takes a key id or ARN only."
        yield block(message, "Look it up in the KMS console.")
    region = region_of_key(key)
    if region is not None and region != plan.place.region:
        message = f"{setting}: {key} is in {region}, the job would be in {plan.place.region}."
        yield block(message, f"Choose a key in {plan.place.region}.")


def _judge_key(setting: str, key: str, found: KeyFacts | Problem) -> Iterator[CheckResult]:
    if isinstance(found, Problem):
        yield not_checked(found)
    elif not found.exists:
        yield block(f"{setting}: there is no KMS key {key}.", "Check its id, the account and the region.")
    elif found.state != ENABLED:
        remedy = "Enable it in KMS, or choose another." if found.state == "Disabled" else "Choose another key."
        yield block(f"{setting}: the key {key} is {found.state}.", remedy)
    elif found.usage != ENCRYPTION or found.spec != SYMMETRIC:
        yield block(f"{setting}: the key {key} is for {found.usage} ({found.spec}).", "Choose a symmetric key.")
    else:
        yield passed(f"{setting}: {key} is enabled.")


CHECK = Check("kms", Subject.OUTPUT, 190, evaluate, (KEYS,), label="KMS key")

"""Plans and made-up inputs for the tests of the preflight checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsft_tui.core.account.identity import Identity, RoleFacts, TokenFacts
from jsft_tui.core.account.kms import KeyFacts
from jsft_tui.core.account.network import NetworkFacts, S3Route, SecurityGroup, Subnet
from jsft_tui.core.account.permissions import Permissions, Verdict
from jsft_tui.core.account.quotas import QuotaFacts
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.findings import Level, verdict
from jsft_tui.core.customization.cost.price import SkuPrice
from jsft_tui.core.customization.model_packages import GroupFacts, PackageFacts
from jsft_tui.core.customization.reward.evaluators import EvaluatorFacts
from jsft_tui.core.datasets.base.reader import LintReport, passed
from jsft_tui.core.datasets.customization.count import RecordCount
from jsft_tui.core.preflight.base.check import Finding, Plan
from jsft_tui.core.preflight.base.inputs import Inputs
from jsft_tui.core.preflight.checks import checks, requirements
from jsft_tui.core.preflight.checks.customization.cost import SkuFacts
from jsft_tui.core.preflight.checks.job.name import NameFacts
from jsft_tui.core.run.run import InstanceChoice
from jsft_tui.core.sizing.disk import SizeFacts
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.core.storage.bucket import BucketFacts, LocationFacts
from jsft_tui.core.tuning.build import request_of
from jsft_tui.core.tuning.results.tuning_job import TuningJob
from tests.common.shared_data import PLACE, REGION
from tests.core.catalog.specs import ROLE, model_spec, training_run

DENIED = Problem("AccessDenied", "could not look: not authorized.", "Ask for the permission.")
KEY = f"arn:aws:kms:{REGION}:123456789012:key/1a2b"
URI = "s3://my-data/flowers/"
HERE = BucketFacts(True, REGION)
ELSEWHERE = BucketFacts(True, "eu-west-1")


REQUIREMENT = {requirement.name: requirement for requirement in requirements()}
"""What the checks require, by name."""

GOOD: Mapping[str, Any] = {
    "identity": Identity("123456789012", "arn:aws:iam::123456789012:user/ana"),
    "role": RoleFacts(True, True),
    "data": {"training": LocationFacts(URI, HERE, True)},
    "lint": {"training": LintReport((passed("", "2 classes, 24 images."),), 24, 1000, False)},
    "output": HERE,
    "quota": QuotaFacts("ml.g5.2xlarge for training job usage", 1.0, 0),
    "prices": {"ml.g5.2xlarge": Price(1.5, "a test", "2026-11-23")},
    "name": NameFacts(False),
    "artifact": LocationFacts("s3://my-models/former/output/model.tar.gz", HERE, True),
    "checkpoint": HERE,
    "token": TokenFacts(),
    "permissions": Permissions({("iam:PassRole", ROLE): Verdict.ALLOWED}),
    "role_permissions": Permissions({("s3:PutObject", "arn:aws:s3:::my-output/*"): Verdict.ALLOWED}),
    "size": {"training": SizeFacts(5_000_000, 24)},
    "content": {"model": SizeFacts(20_000_000, 1), "code": SizeFacts(9_000, 1)},
    "offers": {"ml.g5.2xlarge": ("us-west-2a", "us-west-2b"), "ml.m5.xlarge": ("us-west-2a",)},
    "network": NetworkFacts(
        {"subnet-1": Subnet("subnet-1", "vpc-1", "us-west-2a", 100, S3Route.ENDPOINT)},
        {"sg-1": SecurityGroup("sg-1", "vpc-1", lets_members_talk=True)},
    ),
    "parents": {},
    "past_runs": (),
    "model package group": GroupFacts(True, "Completed"),
    "source model package": PackageFacts(True, "Completed", "my-models", "huggingface-reasoning-tiny"),
    "evaluator": EvaluatorFacts(True, "arn:aws:lambda:us-west-2:123456789012:function:reward"),
    "serverless price": SkuFacts(SkuPrice(0.002, "1K tokens")),
    "records": {"train": RecordCount(200, 40_000, 50_000, 50_000)},
    "keys": {"kms.volume": KeyFacts(True, KEY), "kms.output": KeyFacts(True, KEY)},
}


def inputs(**changes: Any) -> Inputs:
    """Inputs with which everything passes, with some (by the requirement's name) changed."""
    return Inputs({REQUIREMENT[name]: value for name, value in {**GOOD, **changes}.items()})


def plan(*, sandbox: bool = False, model: Any = None, **run: Any) -> Plan:
    return Plan(training_run(**run), model or model_spec(), PLACE, sandbox)


def findings(name: str, planned: Plan, known: Inputs | None = None) -> list[Finding]:
    check = next(check for check in checks() if check.name == name)
    return check.run(planned, known if known is not None else inputs())


def level(name: str, planned: Plan, known: Inputs | None = None) -> Level:
    """What a check's findings add up to; unknown when that is all there is."""
    found = [finding.level for finding in findings(name, planned, known)]
    return Level.UNKNOWN if set(found) == {Level.UNKNOWN} else verdict(found)


def assert_says(name: str, expected: Level, *parts: str, planned: Plan, known: Inputs | None = None) -> None:
    found = findings(name, planned, known)
    assert level(name, planned, known) is expected, found
    texts = [f"{finding.message} {finding.remedy}" for finding in found if finding.level is expected]
    assert any(all(part in text for part in parts) for text in texts), texts


def chosen(type_: str = "ml.g5.2xlarge", **fields: Any) -> InstanceChoice:
    return InstanceChoice(type_, **fields)


def former_search(planned: Plan, **members: Any) -> TuningJob:
    """A former search like this one, that has ended."""
    request = request_of(planned.run, planned.spec, PLACE)
    counters = {"Completed": 8, "InProgress": 0, "RetryableError": 0, "NonRetryableError": 1, "Stopped": 1}
    status = {"HyperParameterTuningJobStatus": "Completed", "TrainingJobStatusCounters": counters}
    return TuningJob.parse({**request, **status, "HyperParameterTuningJobName": "former", **members}, {})

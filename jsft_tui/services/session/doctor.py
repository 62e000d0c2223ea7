"""The doctor: what this installation has, who it is at AWS, and what it may do there."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from jsft_tui import __version__
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.findings import Level
from jsft_tui.services.session.services import Services
from jsft_tui.services.target.sandbox import INSTALL, missing_packages

# What the person needs for each feature (jumpstart-facts §7.1).
FEATURES = {
    "launch": ("sagemaker:CreateTrainingJob", "sagemaker:AddTags", "iam:PassRole"),
    "watch": ("sagemaker:DescribeTrainingJob", "sagemaker:ListTrainingJobs", "sagemaker:ListTags"),
    "logs": ("logs:DescribeLogStreams", "logs:GetLogEvents"),
    "metrics": ("cloudwatch:GetMetricData",),
    "stop": ("sagemaker:StopTrainingJob",),
    "searches": (
        "sagemaker:CreateHyperParameterTuningJob",
        "sagemaker:DescribeHyperParameterTuningJob",
        "sagemaker:ListHyperParameterTuningJobs",
        "sagemaker:ListTrainingJobsForHyperParameterTuningJob",
        "sagemaker:StopHyperParameterTuningJob",
    ),
    "buckets": ("s3:ListAllMyBuckets",),
    "data": ("s3:ListBucket", "s3:GetObject", "s3:GetBucketLocation"),
    "upload": ("s3:PutObject",),
    "quotas": ("servicequotas:ListServiceQuotas",),
    "prices": ("pricing:GetProducts",),
    "role check": ("iam:GetRole", "iam:SimulatePrincipalPolicy"),
    "zone check": ("ec2:DescribeInstanceTypeOfferings",),
    "network check": (
        "ec2:DescribeSubnets",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeVpcs",
        "ec2:DescribeRouteTables",
        "ec2:DescribeVpcEndpoints",
    ),
    "key check": ("kms:DescribeKey",),
    "finding roles": ("iam:ListRoles",),
    "finding networks": ("ec2:DescribeVpcs",),
    "finding keys": ("kms:ListKeys", "kms:ListAliases"),
}


UNREACHABLE = frozenset({"NoConnection", "Timeout", "ForeignAnswer", "NoCredentials", "BadEndpoint"})
"""Codes of problems after which no other question gets an answer."""


@dataclass(frozen=True)
class Diagnosis:
    """One line of the doctor's report."""

    subject: str
    level: Level
    message: str
    remedy: str = ""


def examine_installation() -> Iterator[Diagnosis]:
    """Report what is installed."""
    packages = ("boto3", "sagemaker-core", "textual")
    versions = ", ".join(f"{name} {_version(name)}" for name in packages)
    yield Diagnosis("jsft", Level.PASS, f"jsft {__version__}, Python {platform.python_version()}, {versions}.")
    missing = missing_packages()
    if missing:
        yield Diagnosis("sandbox", Level.WARN, f"not installed ({', '.join(missing)} missing).", f"Run: {INSTALL}")
    else:
        yield Diagnosis("sandbox", Level.PASS, "installed.")


def examine_target(services: Services) -> Iterator[Diagnosis]:
    """Who the target thinks we are, and what we may do there. Nothing is written."""
    yield Diagnosis("target", Level.PASS, f"{services.target.label}.")
    try:
        identity = services.account.iam.identity()
    except Problem as problem:
        yield Diagnosis("identity", Level.BLOCK, problem.message, problem.remedy)
        if problem.code not in UNREACHABLE:  # the bucket of the catalog can be read without any credentials
            yield from _catalog(services)
        yield from _defaults(services)
        return
    yield Diagnosis("identity", Level.PASS, f"account {identity.account}, {identity.arn}.")
    yield from _catalog(services)
    yield from _permissions(services, identity.arn)
    yield from _defaults(services)


def _catalog(services: Services) -> Iterator[Diagnosis]:
    try:
        count = len(services.catalog.newest_ids())
    except Problem as problem:
        yield Diagnosis("catalog", Level.WARN, problem.message, problem.remedy)
        return
    stale = services.catalog.stale
    if stale is None:
        yield Diagnosis("catalog", Level.PASS, f"{count:,} models.")
    else:
        yield Diagnosis("catalog", Level.WARN, f"{count:,} models, not current: {stale.message}", stale.remedy)


def _permissions(services: Services, arn: str) -> Iterator[Diagnosis]:
    actions = sorted({action for group in FEATURES.values() for action in group})
    try:
        denied = set(services.account.iam.denied_actions(services.account.iam.principal(arn), actions))
    except Problem as problem:
        yield Diagnosis("permissions", Level.UNKNOWN, f"not told: {problem.message}", problem.remedy)
        return
    for feature, needed in FEATURES.items():
        lacking = [action for action in needed if action in denied]
        if lacking:
            remedy = f"Ask for {', '.join(lacking)}; a policy for some resources only looks like this too."
            yield Diagnosis(feature, Level.WARN, f"may be denied ({', '.join(lacking)}).", remedy)
        else:
            yield Diagnosis(feature, Level.PASS, "allowed.")


def _defaults(services: Services) -> Iterator[Diagnosis]:
    try:
        defaults = services.defaults
    except Problem as problem:
        yield Diagnosis("defaults", Level.BLOCK, problem.message, problem.remedy)
        return
    if defaults.role:
        yield Diagnosis("role", Level.PASS, f"{defaults.role} ({defaults.origins.get('role', 'default')}).")
    else:
        remedy = "Set `role` in jsft's config.yaml, or RoleArn in SageMaker's."
        yield Diagnosis("role", Level.WARN, "no default execution role.", remedy)
    if defaults.output:
        yield Diagnosis("output", Level.PASS, f"{defaults.output} ({defaults.origins.get('output', 'default')}).")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"

"""Preflight: parallel, bounded, and never crashed by what it may not see."""

from __future__ import annotations

import time
from pathlib import Path

from jsft_tui.core.checks import ORDER
from tests.cli.runs import run_file, unique_name
from tests.home import Home


def test_with_everything_denied_it_ends_in_time_with_unknowns(home: Home, folder: Path) -> None:
    path = run_file(folder, unique_name("alldenied"))
    home.json("check", path)  # the catalogue is cached from here on
    home.sandbox.forget_calls()
    home.sandbox.set_faults(
        {"do": "denied", "service": "s3", "operation": "(?!GetObject).*", "times": None},
        *({"do": "denied", "service": service, "times": None} for service in _ALL_BUT_S3),
    )

    began = time.monotonic()
    outcome = home.jsft("check", path, "--json")

    assert time.monotonic() - began < 10
    assert outcome.code == 0, outcome
    findings = outcome.document["findings"]
    assert {finding["check"] for finding in findings} == set(ORDER)
    assert sum(finding["level"] == "unknown" for finding in findings) >= 6
    writing = ("Create", "Put", "Delete", "Stop", "Update", "Add")
    assert not [operation for _, operation in home.sandbox.calls() if operation.startswith(writing)]


_ALL_BUT_S3 = ("sts", "iam", "sagemaker", "service-quotas", "pricing", "logs", "cloudwatch")


def test_a_service_that_hangs_makes_its_checks_unknown(home: Home, folder: Path) -> None:
    path = run_file(folder, unique_name("hangs"))
    home.json("check", path)
    home.sandbox.set_faults({"do": "slow", "service": "service-quotas", "seconds": 20, "times": None})

    began = time.monotonic()
    outcome = home.jsft("check", path, "--json")

    assert time.monotonic() - began < 14
    levels = {finding["check"]: finding["level"] for finding in outcome.document["findings"]}
    assert levels["quota"] == "unknown"
    assert levels["data"] == "pass"

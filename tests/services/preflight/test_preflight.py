"""Preflight: parallel, bounded, and never crashed by what it may not see."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from jsft_tui.config import Config
from jsft_tui.core.common.findings import Level
from jsft_tui.core.customization.method import Method
from jsft_tui.core.preflight.base.check import Finding
from jsft_tui.core.preflight.checks import checks_of
from jsft_tui.core.run.defaults import Defaults
from jsft_tui.core.run.file.run_file import parse_run
from jsft_tui.sandbox.seed import RECIPE_MODEL_IDS, RUNNABLE_MODEL_IDS
from jsft_tui.services.session.services import Services
from tests.cli.runs import run_file, unique_name
from tests.common.home import Home
from tests.services.account import target_of

ROLE = "arn:aws:iam::123456789012:role/JsftSandboxRole"
FOR_EVER = 3600
"""Seconds that a call is held: until the faults are cleared."""
READING = re.compile(r"(Get|List|Describe|Head|Simulate)[A-Z]")
"""What the operations of a preflight begin with; everything else could change something."""
ALL_BUT_LAUNCHING = {"do": "denied", "operation": "(?!CreateTrainingJob|GetObject).*", "times": None}
"""Reading an object stays: JumpStart's content is public, and the catalog comes from there."""


def test_with_everything_denied_but_launching_it_ends_with_unknowns(home: Home, folder: Path) -> None:
    """A run that names all there is to ask about; only the catalogue is there already."""
    path = run_file(
        folder,
        unique_name("alldenied"),
        vpc={"subnets": ["subnet-1a2b"], "security_group_ids": ["sg-1a2b"]},
        kms={"output": "alias/ours"},
        checkpoint="s3://jsft-sandbox-us-west-2/checkpoints/",
    )
    home.jsft("check", path)  # the catalogue is cached from here on
    home.sandbox.forget_calls()
    home.sandbox.set_faults(ALL_BUT_LAUNCHING)

    outcome = home.jsft("check", path, "--json")

    assert outcome.code == 0, outcome
    findings = outcome.document["findings"]
    assert not [finding for finding in findings if "no answer" in finding["message"]], "none waited until the end"
    assert {finding["check"] for finding in findings} == {check.name for check in checks_of(Method.SCRIPT)}
    unknown = {finding["check"] for finding in findings if finding["level"] == "unknown"}
    asking = {check.name for check in checks_of(Method.SCRIPT) if check.requires}
    assert unknown == asking - {"cost", "model_state"}  # a bundled price, and no former job to go on from
    assert all(finding["remedy"] for finding in findings if finding["level"] == "unknown")
    asked = home.sandbox.calls()
    assert {service for service, _ in asked} >= {"sts", "iam", "s3", "ec2", "kms", "sagemaker", "service-quotas"}
    assert not [call for call in asked if not READING.match(call[1])]


def test_who_may_do_nothing_but_launch_launches_once(home: Home, folder: Path) -> None:
    path = run_file(folder, unique_name("onlylaunch"))
    home.jsft("check", path)
    home.sandbox.set_faults(ALL_BUT_LAUNCHING)
    home.sandbox.forget_calls()

    outcome = home.jsft("launch", path, "--yes", "--json")

    assert outcome.code == 0, outcome
    assert [call for _, call in home.sandbox.calls() if not READING.match(call)] == ["CreateTrainingJob"]


@pytest.mark.parametrize("model", RUNNABLE_MODEL_IDS)
def test_a_planned_run_of_every_model_that_runs_here_is_not_blocked(home: Home, folder: Path, model: str) -> None:
    assert home.jsft("plan", model, "-o", "run.yaml").code == 0
    path = folder / "run.yaml"
    path.write_text(path.read_text().replace("accept_eula: false", "accept_eula: true"))

    result = home.json("check", path)

    levels = {(f["check"], f["level"]) for f in result["findings"] if f["level"] in ("block", "unknown")}
    assert (result["verdict"] != "block", levels) == (True, set())


def test_no_model_that_runs_here_is_left_out_above(home: Home) -> None:
    assert {row["model_id"] for row in home.json("models", "--runnable")} == {*RUNNABLE_MODEL_IDS, *RECIPE_MODEL_IDS}


def test_a_service_that_hangs_makes_its_checks_unknown_when_the_time_is_over(home: Home, folder: Path) -> None:
    services = Services(target_of(home), home.paths, Config(), Defaults(role=ROLE))
    planned = services.planning.plan(parse_run(run_file(folder, unique_name("hangs")).read_text()))
    home.sandbox.set_faults({"do": "hold", "service": "service-quotas", "seconds": FOR_EVER})

    found = {finding.check: finding for finding in services.preflight.run(planned, deadline=0.5)}

    assert (found["quota"].level, found["quota"].message) == (
        Level.UNKNOWN,
        "not checked: no answer about quota in 0.5 s.",
    )
    assert set(found) == {check.name for check in checks_of(Method.SCRIPT)}


def test_findings_come_as_their_facts_come_and_none_waits_for_a_slow_one(home: Home, folder: Path) -> None:
    services = Services(target_of(home), home.paths, Config(), Defaults(role=ROLE))
    planned = services.planning.plan(parse_run(run_file(folder, unique_name("order")).read_text()))
    home.sandbox.set_faults({"do": "hold", "service": "sts", "seconds": FOR_EVER})
    late = {"credentials", "permissions"}

    found: list[Finding] = []
    for finding in services.preflight.run(planned):
        found.append(finding)
        if {each.check for each in found} == {check.name for check in checks_of(Method.SCRIPT)} - late:
            home.sandbox.set_faults()  # all others are there: STS may answer

    assert not [each.message for each in found if "no answer" in each.message]
    assert {each.check for each in found[-2:]} == late


def test_a_throttled_iam_is_asked_once_more_then_unknown_and_holds_nothing_up(home: Home, folder: Path) -> None:
    services = Services(target_of(home), home.paths, Config(), Defaults(role=ROLE))
    planned = services.planning.plan(parse_run(run_file(folder, unique_name("throttled")).read_text()))
    home.sandbox.set_faults({"do": "throttle", "service": "iam", "times": None})
    home.sandbox.forget_calls()

    found = {finding.check: finding for finding in services.preflight.run(planned)}

    asked = Counter(operation for service, operation in home.sandbox.calls() if service == "iam")
    assert asked == {"GetRole": 2, "SimulatePrincipalPolicy": 4}  # two checks simulate
    for name in ("role", "permissions", "role_access"):
        assert found[name].level is Level.UNKNOWN
        assert "no answer" not in found[name].message
        assert found[name].remedy == "Wait a little and try again."

    home.sandbox.set_faults({"do": "throttle", "service": "iam", "operation": "GetRole", "times": 1})
    assert services.account.iam.role(ROLE).exists

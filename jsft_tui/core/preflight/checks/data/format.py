"""The format of the data: that of the model's task."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jsft_tui.core.catalog.spec.hyperparameter import changed
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.datasets.base.question import DECIDING
from jsft_tui.core.datasets.base.reader import LintFinding, LintReport
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, not_checked, passed
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.request.build import input_data
from jsft_tui.core.run.draft import TRAINING

LINT = Requirement[Mapping[str, LintReport | Problem]]("lint")


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Report the findings on the data's format, channel by channel."""
    reports = inputs[LINT]  # first: where there is no data at all, the `data` check reports it
    uris = input_data(plan.run, plan.spec, plan.place)
    for channel, report in reports.items():
        if isinstance(report, Problem):
            yield not_checked(report)
            continue
        worse = [finding for finding in report.findings if finding.level is not Level.PASS]
        for finding in worse:
            target = f"{uris[channel]}{_settings(plan)}{_technique(plan)}"
            remedy = Remedy("See the details", RemedyCommand.LINT, plan.spec.model_id, target)
            yield CheckResult(finding.level, _sentence(channel, finding), remedy)
        if not worse:
            message = "; ".join(_sentence(channel, finding) for finding in report.findings)
            yield passed(message, headline=_content(channel, report), detail=_looked_into(report))


def _content(channel: str, report: LintReport) -> str:
    """Return what the data is, for example `5 classes, 400 images`."""
    told = ", ".join(finding.message.partition(";")[0].strip(" .") for finding in report.findings if finding.message)
    return told if channel == TRAINING or not told else f"{channel}: {told}"


def _looked_into(report: LintReport) -> str:
    rest = [finding.message.partition(";")[2].strip(" .") for finding in report.findings]
    return "; ".join([*filter(None, rest), "right layout"])


def _settings(plan: Plan) -> str:
    """Return changed hyperparameters that determine the format, as options of `jsft lint`."""
    own = changed(plan.spec.algorithm_hyperparameters, plan.run.hyperparameters)
    return "".join(f" --set {name}={own[name]}" for name in DECIDING if name in own)


def _technique(plan: Plan) -> str:
    wanted = plan.run.customization
    return f" --technique {wanted.technique.value}" if wanted else ""


def _sentence(channel: str, finding: LintFinding) -> str:
    place = f"{finding.where} " if finding.where else ""
    return f"{channel}: {place}{finding.message}"


CHECK = Check("data_format", Subject.DATA, 70, evaluate, (LINT,))

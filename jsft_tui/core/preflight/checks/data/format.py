"""The data has the form that the model's task wants."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.catalog.hyperparameter import changed
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.datasets.base.question import DECIDING
from jsft_tui.core.datasets.base.reader import LintFinding
from jsft_tui.core.preflight.base.check import Check, Facts, Judgement, Need, Plan, good, not_told
from jsft_tui.core.request.build import input_data


def judge(plan: Plan, facts: Facts) -> Iterator[Judgement]:
    """Passes on what the linter says, channel by channel."""
    reports = facts.lint  # first: where there is no data at all, that is what the `data` check says
    uris = input_data(plan.run, plan.spec, plan.place)
    for channel, report in reports.items():
        if isinstance(report, Problem):
            yield not_told(report)
            continue
        worse = [finding for finding in report.findings if finding.level is not Level.PASS]
        for finding in worse:
            remedy = Remedy("Look closer", RemedyCommand.LINT, plan.spec.model_id, f"{uris[channel]}{_settings(plan)}")
            yield Judgement(finding.level, _sentence(channel, finding), remedy)
        if not worse:
            yield good("; ".join(_sentence(channel, finding) for finding in report.findings))


def _settings(plan: Plan) -> str:
    """The hyperparameters that decide on the format and are not at their defaults, as `jsft lint` takes them."""
    own = changed(plan.spec.algorithm_hyperparameters, plan.run.hyperparameters)
    return "".join(f" --set {name}={own[name]}" for name in DECIDING if name in own)


def _sentence(channel: str, finding: LintFinding) -> str:
    place = f"{finding.where} " if finding.where else ""
    return f"{channel}: {place}{finding.message}"


CHECK = Check("data_format", judge, (Need.LINT,))

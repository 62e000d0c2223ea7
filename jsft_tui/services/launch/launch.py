"""Launching once: the name is fixed, the journal is written first, and a doubtful answer is cleared by asking."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jsft_tui.aws.account import Account
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.customization.method import Method
from jsft_tui.core.preflight.base.check import Finding, Plan
from jsft_tui.core.request.created import CreatedJob, JobKind, kind_of, name_of
from jsft_tui.core.request.recipe_job import launch_files
from jsft_tui.core.run.confirmation import Confirmation, confirmation
from jsft_tui.core.sizing.pricing import run_bound
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.launch.launched import Launched, same_job
from jsft_tui.services.launch.sending import Sending
from jsft_tui.services.launch.settling import Settling
from jsft_tui.services.preflight.prices import Prices
from jsft_tui.services.preflight.run import Preflight, checked_request, refuse_blocked


class Launch:
    """Launches runs at one target, the same way for the TUI and the CLI: check, confirm, then send exactly once."""

    def __init__(
        self,
        account: Account,
        sending: Sending,
        settling: Settling,
        preflight: Preflight,
        prices: Prices,
        confirm_above: float,
        refused: Problem | None = None,
    ) -> None:
        """Launch with these services.

        Args:
            account: describes training and tuning jobs.
            sending: creates them.
            settling: finds out what became of those whose answer was lost.
            preflight: makes the checks.
            prices: of instances, for the cost bound.
            confirm_above: USD above which the amount has to be typed.
            refused: why nothing is launched at this target; None when launching is allowed.
        """
        self.refused = refused
        """Why nothing is launched at this target; None when launching is allowed."""
        self._account = account
        self._sending = sending
        self._settling = settling
        self._preflight = preflight
        self._prices = prices
        self._confirm_above = confirm_above

    def check(self, plan: Plan, tell: Callable[[Finding], None]) -> Confirmation | Launched:
        """Make all checks, and return what has to be confirmed; or the job, when this very run was launched before.

        Args:
            plan: the run.
            tell: is given each finding of preflight as it comes.

        Raises:
            Problem: the session is read-only (code `ReadOnly`), something blocks (`Preflight`), another job has the
                name (`NameTaken`), or it is not known whether this run was launched before (`LaunchUnknown`).
        """
        if self.refused is not None:
            raise self.refused
        request = checked_request(plan)
        with self._settling.alone(request):
            existing = self._existing_if_allowed(request)
        if existing is not None:
            return existing
        findings = []
        for finding in self._preflight.run(plan):
            findings.append(finding)
            tell(finding)
        refuse_blocked(findings)
        return confirmation(self._bound(plan), self._confirm_above)

    def _bound(self, plan: Plan) -> float | None:
        """Return what has to be confirmed in USD: the most that instances can cost, or an estimate; None if unknown."""
        if plan.run.method is Method.RECIPE:
            return self._preflight.estimate(plan).usd
        return run_bound(plan.run, self._prices.table())

    def send(self, plan: Plan) -> Launched:
        """Launch a run that was checked and confirmed, exactly once.

        Raises:
            Problem: it is certain that nothing was launched, or it is not known (code `LaunchUnknown`).
        """
        request = checked_request(plan)
        self._put_files(plan)
        return self._sending.send(request, plan.run.max_cost_usd)

    def _put_files(self, plan: Plan) -> None:
        """Put what the request refers to into S3: the recipe of a job on instances.

        Doing it again is safe: the place of a file is named after its content.
        """
        for uri, text in launch_files(plan.run, plan.spec).items():
            self._account.s3.put(S3Uri.parse(uri), text.encode(), plan.run.kms.output or "")

    def existing(self, request: Mapping[str, Any]) -> Launched | None:
        """Return the job of this very request, when it was launched before; None when the name is free.

        Raises:
            Problem: another job has the name (code `NameTaken`).
        """
        job = self._find(name_of(request), kind_of(request))
        return None if job is None else same_job(job, request)

    def _find(self, name: str, kind: JobKind) -> CreatedJob | None:
        if kind is JobKind.TUNING:
            search = self._account.tuning.find(name)
            if search is None:
                return None
            return CreatedJob(kind, search.name, search.arn, search.status.value, search.request)
        job = self._account.training.find(name)
        return None if job is None else CreatedJob(kind, job.name, job.arn, job.status.value, job.request)

    def _existing_if_allowed(self, request: Mapping[str, Any]) -> Launched | None:
        """Do as `existing`; None without the permission: the service itself refuses a name that is taken."""
        try:
            return self.existing(request)
        except Problem as problem:
            if problem.code != "AccessDenied":
                raise
            return None

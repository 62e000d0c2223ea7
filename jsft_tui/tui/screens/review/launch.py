"""Launching: check once more, ask the person as the risk demands, launch once."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from jsft_tui.core.common.durations import duration_words
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import dollars, plural
from jsft_tui.core.jobs.history import runs_of
from jsft_tui.core.preflight.base.check import Finding, Plan
from jsft_tui.core.preflight.review import Review
from jsft_tui.core.run.name import next_job_name, tuning_name
from jsft_tui.services.launch.launched import UNKNOWN, Launched
from jsft_tui.tui.base.header import spaced_account
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.dialogs.text import ReadingDialog
from jsft_tui.tui.screens.review.detail import UNKNOWN_COST, trial_words
from jsft_tui.tui.screens.review.rows import problem_lines, with_money
from jsft_tui.tui.theme.glyphs import glyph
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, fact, line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jsft_tui.core.run.confirmation import Confirmation
    from jsft_tui.core.run.run import Run
    from jsft_tui.services.background.tasks import Reporter
    from jsft_tui.services.session.session import Session
    from jsft_tui.tui.base.screens.work_screen import WorkScreen

LABEL = 9
"""Cells of a label of the question."""
BLOCKED = "Preflight"
"""Code of the Problem that says which checks block; all of them were made then."""


@dataclass
class _Attempt:
    """One launch: the target and the draft (with the target's defaults) as they were when it began."""

    session: Session
    run: Run
    plan: Plan | None = None
    review: Review = field(default_factory=Review)
    is_sent: bool = False

    def has_changed(self) -> bool:
        """Return whether the draft is another one now."""
        return self.session.run != self.run

    def take(self, told: Plan | Finding) -> None:
        """Keep what the checks report."""
        if isinstance(told, Plan):
            self.plan = told
        else:
            self.review = self.review.with_finding(told)


class LaunchFlow:
    """One launch at a time, from the key to the job."""

    def __init__(
        self, screen: WorkScreen, checked: Callable[[Run, Plan, Review], None], not_checked: Callable[[], None]
    ) -> None:
        """Where a launch ends before all of its own checks were made, `not_checked` is called, else `checked`."""
        self._screen, self._checked, self._not_checked = screen, checked, not_checked
        self._attempt: _Attempt | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether a launch is being checked, confirmed, or sent."""
        return self._attempt is not None

    @property
    def loss(self) -> str:
        """What leaving now would leave open; empty when nothing."""
        if self._attempt is None or not self._attempt.is_sent:
            return ""
        name = self._attempt.run.name
        return f"The launch of {name} is not answered yet. jsft looks for the job at its next start."

    def reset(self) -> None:
        """Forget the launch of another target, whose flow is cancelled."""
        self._attempt = None

    def begin(self) -> None:
        """Begin a launch, unless one is under way or another target is being opened."""
        session = self._screen.session
        if self._attempt is None and self._screen.jsft.session is session:
            self._attempt = _Attempt(session, session.run)
            self._screen.start("launch", self._run)

    async def _run(self) -> None:
        attempt = self._attempt
        if attempt is None:
            return
        try:
            launched = await self._launch(attempt)
        except Problem as problem:
            self._end(attempt)
            await self._tell_problem(attempt, problem)
        else:
            self._end(attempt)
            if launched is not None:
                await self._tell_launched(attempt, launched)

    async def _launch(self, attempt: _Attempt) -> Launched | None:
        """Check, ask, and send; None when the person does not agree or has changed the draft."""
        screen, session, draft = self._screen, attempt.session, attempt.session.drafts.run
        launch = session.services.launch

        def check(reporter: Reporter[Plan | Finding]) -> tuple[Plan, Confirmation | Launched]:
            plan = session.services.planning.plan(draft)
            reporter.tell(plan)
            return plan, launch.check(plan, reporter.tell)

        screen.say("Checking once more before the launch …")
        plan, asked = await screen.call_with_progress(check, attempt.take)
        if isinstance(asked, Launched):
            return asked
        attempt.review = attempt.review.done()
        self._show_checks(attempt)
        if attempt.has_changed():
            self._say_changed()
            return None
        screen.say("")
        if not await screen.open_dialog(_question(attempt, asked, screen.key("stop_job"))):
            screen.say("Not launched.")
            return None
        if attempt.has_changed():  # the question waited while the person was elsewhere
            self._say_changed()
            return None
        attempt.is_sent = True
        screen.say(f"Launching {attempt.run.name} …", Status.RUNNING)
        return await screen.call(lambda: launch.send(plan))

    def _say_changed(self) -> None:
        key = self._screen.key("launch")
        why = f"Not launched: the draft was changed meanwhile. {key} checks it and asks again."
        self._screen.say(why, Status.WARNING)

    def _show_checks(self, attempt: _Attempt) -> None:
        if attempt.plan is not None:
            self._checked(attempt.run, attempt.plan, attempt.review)

    def _end(self, attempt: _Attempt) -> None:
        """End the launch; a draft that was changed meanwhile is checked now."""
        if self._attempt is attempt:
            self._attempt = None
            if self._screen.is_current:
                self._screen.draw()

    async def _tell_launched(self, attempt: _Attempt, launched: Launched) -> None:
        """Show the job, and give the draft the next name: the next launch is another job."""
        drafts, plan, jsft = attempt.session.drafts, attempt.plan, self._screen.jsft
        if plan is not None and drafts.run.name == launched.name:
            drafts.put_launched(replace(drafts.run, name=_next_name(plan, attempt.session.now(), launched.name)))
        if attempt.run.tuning is not None:
            jsft.open_search(launched.name)
        else:
            jsft.open_job(launched.name)
        if not launched.existed:
            jsft.say(f"Launched {launched.name}.", Status.COMPLETED)
            return
        text = f"{launched.name} was launched before ({launched.status}); nothing is launched now."
        again = f"The draft has another name now: {self._screen.key('launch')} in Review launches it as another job."
        await jsft.open_dialog(ReadingDialog("Found, not launched", problem_lines(text, again)))

    async def _tell_problem(self, attempt: _Attempt, problem: Problem) -> None:
        if problem.code == BLOCKED and attempt.review.findings:
            attempt.review = attempt.review.done()
            self._show_checks(attempt)
        elif not attempt.review.is_done:
            self._not_checked()
        self._screen.jsft.say_problem(problem)
        title = "It is not known whether it was launched" if problem.code == UNKNOWN else "Not launched"
        await self._screen.open_dialog(ReadingDialog(title, problem_lines(problem.message, problem.remedy)))


def _next_name(plan: Plan, now: float, taken: str) -> str:
    base = plan.spec.resource_name_base or plan.spec.model_id
    if plan.run.tuning is None:
        return next_job_name(base, now, taken)
    name = tuning_name(base, now)
    return name if name != taken else tuning_name(base, now + 1)


def _question(attempt: _Attempt, asked: Confirmation, stop_key: str) -> ConfirmDialog:
    amount = "" if asked.whole_dollars is None else str(asked.whole_dollars)
    return ConfirmDialog(
        "Launch this job?" if attempt.run.tuning is None else "Launch this search?",
        question_lines(attempt, asked, stop_key),
        typed=amount,
        label="launch",
    )


def question_lines(attempt: _Attempt, asked: Confirmation, stop_key: str) -> list[TextLine]:
    """Return what would be launched, where, and what it can cost at most."""
    lines = [
        fact("Job" if attempt.run.tuning is None else "Search", attempt.run.name, width=LABEL),
        TextLine((_label("On"), *_place_cells(attempt)), LABEL + 1),
        TextLine((_label("Cost"), *_cost_cells(attempt, asked)), LABEL + 1),
    ]
    if attempt.run.tuning is not None:
        lines.insert(1, fact("Trials", trial_words(attempt.run), width=LABEL))
    if not asked.is_typed:
        return [*lines, line(""), line(f"It goes on when you leave jsft. {stop_key} stops it.")]
    above = attempt.session.services.config.confirm_above_usd
    threshold = f"${above:,.0f}" if above == int(above) else dollars(above)
    return [*lines, line(""), line(f"That is over {threshold}. Type the whole dollars to launch:")]


def _label(label: str) -> Cell:
    return Cell(label.ljust(LABEL + 1), "muted")


def _place_cells(attempt: _Attempt) -> Iterator[Cell]:
    choice, session = attempt.run.instance, attempt.session
    what = choice.type if choice.is_serverless else f"{choice.count} × {choice.type}{', spot' if choice.spot else ''}"
    yield Cell(what)
    if session.target.sandbox:
        sandbox = Cell(f"{glyph(Status.SANDBOX, os.environ)} SANDBOX", "sandbox")
        yield from (Cell(" in "), sandbox, Cell(f" {session.target.region}"))
        return
    account = spaced_account(session.identity.account) if session.identity else "?"
    yield Cell(f", account {account}, {session.target.region}")
    if session.target.endpoint_label:
        yield Cell(f" at {session.target.endpoint_label}", Status.WARNING.value)


def _cost_cells(attempt: _Attempt, asked: Confirmation) -> Iterator[Cell]:
    if attempt.run.instance.is_serverless:
        estimate = attempt.review.estimate
        yield from with_money(estimate) if estimate else (Cell(f"! {UNKNOWN_COST}", Status.WARNING.value),)
        return
    if asked.bound is None:
        yield Cell("! unknown: there is no price for this type", Status.WARNING.value)
        return
    yield from (Cell("at most "), Cell(dollars(asked.bound), "money-strong"))
    session, run = attempt.session, attempt.run
    if asked.is_typed:
        trials = "" if run.tuning is None else f"{plural(run.tuning.jobs, 'trial')} × "
        yield Cell(f" ({trials}{duration_words(run.instance.max_runtime)})", "muted")
        return
    if run.tuning is not None:
        yield Cell(f" for all {plural(run.tuning.jobs, 'trial')} together")
        return
    past = runs_of(run.model.id, session.job_list.state.jobs, session.prices, session.now())
    if past and past[0].usd is not None:
        yield from (Cell(", last time "), Cell(dollars(past[0].usd), "money"))

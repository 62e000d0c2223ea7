"""Launching: check once more, ask the person as the risk demands, launch once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import dollars
from jsft_tui.core.preflight.base.check import Finding, Plan
from jsft_tui.core.preflight.review import Review
from jsft_tui.core.run.name import next_job_name
from jsft_tui.core.run.run import Run
from jsft_tui.core.sizing.summary import instance_text
from jsft_tui.services.background.tasks import Reporter
from jsft_tui.services.launch.launch import Cleared, Launched
from jsft_tui.services.session.session import Session
from jsft_tui.tui.base.screen import WorkScreen
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.dialogs.text import ReadingDialog
from jsft_tui.tui.screens.review.rows import problem_lines
from jsft_tui.tui.theme.themes import Status
from jsft_tui.tui.widgets.text.text_pane import TextLine, fact

BLOCKED = "Preflight"
"""Code of the Problem that says which checks block; all of them were made then."""

UNCERTAIN = "LaunchUnknown"
"""Code of the Problem of a launch whose answer was lost, and that could not be asked about."""


@dataclass
class _Attempt:
    """One press of the key: the draft (with the target's defaults) as it was then, at the target that it was for."""

    session: Session
    run: Run
    plan: Plan | None = None
    review: Review = field(default_factory=Review)
    is_sent: bool = False


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
        """Whether a launch is being checked, asked about or made."""
        return self._attempt is not None

    @property
    def loss(self) -> str:
        """What leaving now would leave open; empty when nothing."""
        if self._attempt is None or not self._attempt.is_sent:
            return ""
        name = self._attempt.run.name
        return f"The launch of {name} is not answered yet. Launching it again finds the job, and pays nothing twice."

    def reset(self) -> None:
        """Another target was opened: nobody waits for its predecessor's launch."""
        self._attempt = None

    def begin(self) -> None:
        """Check the draft once more, then ask."""
        session = self._screen.session
        if self._attempt is not None or self._screen.jsft.session is not session:
            return  # pressed twice, or another target is being opened
        draft = session.drafts.run
        attempt = self._attempt = _Attempt(session, session.run)

        def call(wanted: Reporter[Plan | Finding]) -> Cleared | Launched:
            plan = session.services.plan(draft)
            wanted.tell(plan)
            return session.services.launch_guard.clear(plan, wanted.tell)

        self._screen.say("Checking once more before the launch …")
        self._screen.ask(
            "launch",
            call,
            lambda found: self._cleared(attempt, found),
            lambda problem: self._failed(attempt, problem),
            lambda told: self._told(attempt, told),
        )

    def _told(self, attempt: _Attempt, told: Plan | Finding) -> None:
        if isinstance(told, Plan):
            attempt.plan = told
        else:
            attempt.review = attempt.review.with_finding(told)

    def _cleared(self, attempt: _Attempt, found: Cleared | Launched) -> None:
        if isinstance(found, Launched):
            self._launched(attempt, found)
            return
        attempt.review = attempt.review.done()
        self._show_checks(attempt)
        if attempt.session.run != attempt.run:
            self._end_changed()
            return
        self._screen.say("")
        amount = found.confirmation.whole_dollars
        question = ConfirmDialog(
            "Launch this job?",
            question_lines(attempt, found),
            typed="" if amount is None else str(amount),
            label="launch",
        )
        self._screen.ask_person(question, lambda agreed: self._answered(attempt, found, agreed))

    def _answered(self, attempt: _Attempt, cleared: Cleared, agreed: bool | None) -> None:
        if not agreed:
            self._end("Not launched.")
            return
        if attempt.session.run != attempt.run:  # the question waited while the person was elsewhere
            self._end_changed()
            return
        guard = attempt.session.services.launch_guard
        attempt.is_sent = True
        self._screen.say(f"Launching {attempt.run.name} …", Status.RUNNING)
        self._screen.ask(
            "launch",
            lambda _: guard.launch(cleared),
            lambda launched: self._launched(attempt, launched),
            lambda problem: self._failed(attempt, problem),
        )

    def _launched(self, attempt: _Attempt, launched: Launched) -> None:
        self._attempt = None
        drafts, plan, jsft = attempt.session.drafts, attempt.plan, self._screen.jsft
        if plan is not None and drafts.run.name == launched.name:
            # The next launch is another job; this one's name is taken.
            base = plan.spec.resource_name_base or plan.spec.model_id
            name = next_job_name(base, attempt.session.now(), launched.name)
            drafts.put_launched(replace(drafts.run, name=name))
        jsft.open_job(launched.name)
        if launched.existed:
            text = f"{launched.name} was launched before ({launched.status}); nothing is launched now."
            again = (
                f"The draft has another name now: {self._screen.key('launch')} in Review launches it as another job."
            )
            lines = problem_lines(text, again)
            jsft.ask_person(ReadingDialog("Found, not launched", lines), lambda _: None)
        else:
            jsft.say(f"Launched {launched.name}.", Status.COMPLETED)

    def _failed(self, attempt: _Attempt, problem: Problem) -> None:
        self._over()
        if problem.code == BLOCKED and attempt.review.findings:
            attempt.review = attempt.review.done()
            self._show_checks(attempt)
        elif not attempt.review.is_done:
            self._not_checked()
        self._screen.jsft.say_problem(problem)
        title = "It is not known whether it was launched" if problem.code == UNCERTAIN else "Not launched"
        self._screen.ask_person(ReadingDialog(title, problem_lines(problem.message, problem.remedy)), lambda _: None)

    def _show_checks(self, attempt: _Attempt) -> None:
        if attempt.plan is not None:
            self._checked(attempt.run, attempt.plan, attempt.review)

    def _over(self) -> None:
        """A draft that was changed meanwhile is checked now."""
        self._attempt = None
        if self._screen.is_current:
            self._screen.draw()

    def _end_changed(self) -> None:
        key = self._screen.key("launch")
        self._end(f"Not launched: the draft was changed meanwhile. {key} checks it and asks again.", Status.WARNING)

    def _end(self, why: str, sign: Status | None = None) -> None:
        self._over()
        self._screen.say(why, sign)


def question_lines(attempt: _Attempt, cleared: Cleared) -> list[TextLine]:
    """What would be launched, where, and what it can cost at most."""
    run = attempt.run
    cost = fact("cost", f"at most {dollars(cleared.bound)}", "strong")
    if cleared.bound is None:
        cost = fact("cost", "! unknown: there is no price for this type", Status.WARNING.value)
    return [
        fact("job", run.name),
        fact("instance", instance_text(run)),
        cost,
        fact("target", attempt.session.target.label),
    ]

"""Screen 5: whether it can be launched, what to fix first, what it costs, the exact request; and the launch."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import clean
from jsft_tui.core.jobs.history import runs_of
from jsft_tui.core.preflight.base.check import Finding, Plan
from jsft_tui.core.preflight.review import Review
from jsft_tui.core.preflight.summary import label_of, needing_attention, verdict
from jsft_tui.core.request.build import input_data
from jsft_tui.core.run.draft import gaps
from jsft_tui.core.run.run import Run
from jsft_tui.core.sizing.pricing import run_bound
from jsft_tui.services.background.tasks import Reporter
from jsft_tui.services.session.session import Session
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.base.screens.work_screen import screen_bindings
from jsft_tui.tui.base.texts.remedy_text import remedy_text
from jsft_tui.tui.base.texts.states import empty, unread
from jsft_tui.tui.dialogs.text import ReadingDialog
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.keymap.gaps import CHOOSE
from jsft_tui.tui.screens.review.detail import KnownRun, no_detail, run_detail, waits_for
from jsft_tui.tui.screens.review.documents import View, view_cells
from jsft_tui.tui.screens.review.launch import CHECKING, LaunchFlow
from jsft_tui.tui.screens.review.rows import (
    ALL_COLUMNS,
    COLUMNS,
    AllRows,
    Keys,
    ReviewRows,
    Room,
    finding_lines,
    review_rows,
)
from jsft_tui.tui.screens.review.views import ReviewViews
from jsft_tui.tui.terminal.one_shot import one_shot
from jsft_tui.tui.theme.glyphs import glyph
from jsft_tui.tui.widgets.master_detail import BESIDE, BORDERS
from jsft_tui.tui.widgets.table.virtual_table import AIRY
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_view import Detail, Shape

if TYPE_CHECKING:
    from textual.binding import BindingType
    from textual.timer import Timer

CHECK_AFTER = 0.3
"""Seconds that the draft has to rest before it is checked."""
ROOM_FOR_GAPS, ROOM_FOR_NAMES = 64, 70
"""Cells from which the names of the views have their gaps in a border, and are whole in their own row."""
UNBLOCKED = frozenset({"launch", "rename", "all_checks"})
"""Actions that the key row names while nothing blocks."""
SEARCH = "search_settings"
FIXES = frozenset({"fix", "fix_all"})


class ReviewScreen(ReviewViews):
    """Checks the draft whenever it is another one than the last time."""

    WHERE = ScreenId.REVIEW
    TITLE = "Review"
    LIST_COLUMNS = COLUMNS
    NATURAL_WIDTH = 84
    LIST_MARGIN = 0
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(ScreenId.REVIEW)

    def __init__(self) -> None:
        super().__init__()
        self._checked: Run | None = None
        self._checked_beside: frozenset[str] = frozenset()
        """The jobs that ran when the checks began: others take up another part of the quotas."""
        self._plan: Plan | None = None
        self._review = Review()
        self._problem: Problem | None = None
        self._launch = LaunchFlow(self, self._checked_to_launch, self.action_check)
        self._rest: Timer | None = None
        self._began, self._took = 0.0, 0.0
        """When the checks began, and how many seconds they took; 0 while they run."""
        self._shows_all = False
        """Whether all checks are shown one by one."""

    def on_mount(self) -> None:
        """Begin with the checks."""
        self._show_view(View.CHECKS)

    # Checking

    def load(self) -> None:
        """Nothing is known of another target's draft."""
        self._stop_checking()
        self._launch.reset()
        self._checked, self._plan, self._review, self._problem = None, None, Review(), None

    def draw(self) -> None:
        """Check a draft that changed; show what is known."""
        is_old = self.session.run != self._checked or self._jobs_beside != self._checked_beside
        if is_old and not self._launch.is_under_way:
            self._stop_resting()
            self._rest = one_shot(self, CHECK_AFTER, self.check_if_shown)
        self._draw_checks()

    @property
    def _jobs_beside(self) -> frozenset[str]:
        return frozenset(job.name for job in self.session.job_list.state.running)

    def action_check(self) -> None:
        """Run all checks."""
        if self._launch.is_under_way:
            return  # it makes them itself
        self._stop_checking()
        session, self._plan, self._problem = self.session, None, None
        self._checked, self._checked_beside = session.run, self._jobs_beside
        self._review = Review(method=session.run.method, is_search=session.run.tuning is not None)
        self._took = 0.0
        if session.is_complete:
            self._check(session)
        self._draw_checks()

    @flow("check")
    async def _check(self, session: Session) -> None:
        run = session.drafts.run
        self._began = session.now()

        def check(reporter: Reporter[Plan | Finding]) -> None:
            plan = session.services.planning.plan(run)
            reporter.tell(plan)
            session.services.quotas.forget_jobs()  # a job that has just ended takes up nothing
            for finding in session.services.preflight.run(plan):
                reporter.tell(finding)

        try:
            await self.call_with_progress(check, self._take)
        except Problem as problem:
            self._not_checked(problem)
        else:
            if self._checked is not None and self._plan is not None:
                self._took = session.now() - self._began
                self._keep(self._checked, self._plan, self._review.done())

    def _stop_resting(self) -> None:
        if self._rest is not None:
            self._rest.stop()

    def _stop_checking(self) -> None:
        self._stop_resting()
        self.cancel("check")

    @property
    def _fresh_plan(self) -> Plan | None:
        """The plan of the draft as it is now; None when that is not checked."""
        return self._plan if self._checked == self.session.run else None

    def _take(self, found: Plan | Finding) -> None:
        if isinstance(found, Plan):
            self._plan = found
        else:
            self._review = self._review.with_finding(found)
        self._draw_checks()

    def _keep(self, run: Run, plan: Plan, review: Review) -> None:
        """All checks of a run were made, here or for a launch."""
        self._checked, self._plan, self._review, self._problem = run, plan, review, None
        self.session.keep_review(run, review)
        self._draw_checks()
        self.draw_frame()

    def _checked_to_launch(self, run: Run, plan: Plan, review: Review) -> None:
        """Keep the checks that a launch has made, and show what blocks it."""
        self._took = 0.0
        self._keep(run, plan, review)
        self._look_at_blocks()

    def _look_at_blocks(self) -> None:
        if self._review.blocks:
            self._show_view(View.CHECKS)
            self._table.cursor = 0

    def _not_checked(self, problem: Problem) -> None:
        self._problem = problem
        self._draw_checks()
        self.say_problem(problem)

    # The list

    def list_title(self) -> Cell:
        """Return the verdict."""
        if not self.session.is_complete:
            return Cell("Nothing to check yet", "muted")
        if self._problem is not None:
            return Cell("! Not checked", "warn")
        found = verdict(self._review)
        if found.level is None:
            return Cell(found.text, "muted")
        status = found.level.as_status
        return Cell(f"{glyph(status, os.environ)} {found.text}", status.value)

    def list_foot(self) -> Sequence[Cell]:
        """Return the views where they have no row of their own, else how long the checks took."""
        if self.panes.is_stacked:
            is_list = self._view is View.CHECKS and len(self._table.source)
            gap = "  " if self.app.size.width >= ROOM_FOR_GAPS else " "
            return () if is_list else view_cells(self._view, gap=gap, is_short=True)
        return (Cell(f"checked in {self._took:.1f} s", "muted"),) if self._took else ()

    def _draw_checks(self) -> None:
        if not self.is_mounted:
            return
        was_first = self._table.cursor == 0
        counts = verdict(self._review).counts if self._review.is_done and self._problem is None else ""
        state = (Cell(counts, "muted"),) if counts else ()
        if self._shows_all:
            self._table.set_columns(ALL_COLUMNS)
            self.show_rows(AllRows(self._review.worst_first), state)
        else:
            self._table.set_columns(COLUMNS)
            keys = Keys(self.key("fix"), self.key("all_checks"))
            nothing = ReviewRows((), (), (), 0)
            shown = nothing if self._nothing_to_show else review_rows(self._review, self._room, keys)
            self.show_rows(shown, state)
        if was_first:  # what comes in above is worse, and is looked at first
            self._table.cursor = 0
        self._draw_notice()
        self._views.show(view_cells(self._view, is_short=self.panes.list_width < ROOM_FOR_NAMES))
        self.draw_hints()
        self.draw_message()
        if self._view is not View.CHECKS:
            self._draw_document()

    @property
    def _nothing_to_show(self) -> bool:
        return not self.session.is_complete or self._problem is not None

    @property
    def _room(self) -> Room:
        width, height = self.app.size
        return Room(self.panes.list_width - BORDERS, is_roomy=height >= AIRY and width >= BESIDE)

    def _draw_notice(self) -> None:
        is_shown = self._view is View.CHECKS and self._nothing_to_show
        self._table.display = self._view is View.CHECKS
        if not is_shown:
            self.show_notice(())
        elif self._problem is not None:
            again = (self.key("recheck"), "try again")
            self.show_notice(unread("The run cannot be checked.", str(self._problem), (again,)))
        else:
            ways = [(self.key(CHOOSE[gap.part]), gap.what) for gap in gaps(self.session.run)]
            self.show_notice(empty("This run is not complete.", ways))

    def _draw_place(self) -> None:
        if self.panes.is_stacked and (self._view is not View.CHECKS or not len(self._table.source)):
            key = self.key("next_view")
            self.panes.set_place((Cell(key, "key"), Cell(" next", "muted")))
        elif self._view is View.CHECKS:
            super()._draw_place()
        else:
            self.panes.set_place(())

    @property
    def _finding(self) -> Finding | None:
        found = self._review.worst_first if self._shows_all else needing_attention(self._review)
        return found[self._table.cursor] if self._table.cursor < len(found) else None

    def row_chosen(self) -> None:
        """Do what enter means on this screen; behind the key of a launch it is meant for the question that comes."""
        if self._launch.is_checking:
            self.say(f"{CHECKING} Answer the question once it is here.")
        elif (finding := self._finding) is not None:
            self.app.push_screen(ReadingDialog(label_of(finding.check), finding_lines(finding, self.key("fix"))))

    def action_all_checks(self) -> None:
        """Show all checks one by one, and back."""
        self._show_view(View.CHECKS)
        self._shows_all = not self._shows_all
        self._draw_checks()

    # The run beside it

    def detail(self, key: str, shape: Shape) -> Detail:
        """Return what is told about the run, whatever row the cursor is on."""
        del key
        return self._run_detail(shape)

    def no_detail(self) -> Detail:
        """Return the same while there is no row."""
        return self._run_detail(self.panes.shape) if self._loaded is not None else no_detail()

    def _run_detail(self, shape: Shape) -> Detail:
        session = self.session
        run, spec, prices = session.run, session.spec, session.prices
        if not run.model.id:
            return no_detail()
        jobs = session.job_list.state.jobs
        past = runs_of(run.model.id, jobs, prices, session.now())
        known = KnownRun(
            run,
            spec,
            self._data_places(),
            self._review if self._fresh_plan is not None else Review(),
            run_bound(run, prices) if prices is not None else None,
            past[0] if past else None,
            self.key("launch"),
            self._waits_for(),
        )
        return run_detail(known, shape, self.panes.detail_width)

    def _data_places(self) -> dict[str, str]:
        plan = self._fresh_plan
        try:
            return input_data(plan.run, plan.spec, plan.place) if plan is not None else {}
        except Problem:
            return {}  # reported by the checks

    def _waits_for(self) -> str:
        if self.session.services.launch.refused is not None:
            return "launches where jsft is not read-only"
        if not self.session.is_complete:
            return "launches once the run is complete"
        return waits_for(self._review) if self._checked == self.session.run else ""

    def jobs_changed(self) -> None:
        """Tell of the last run of the model; check again once other jobs run than during the checks."""
        super().jobs_changed()
        if self.is_mounted and self._loaded is not None and self._loaded is self.jsft.session:
            self.draw_detail()
            if self.is_current and self._jobs_beside != self._checked_beside:
                self.draw()

    # Views

    def step_back(self) -> bool:
        """From a document, and from all checks one by one, to what needs a look."""
        if self.panes.zoomed is not None:
            return super().step_back()
        if self._view is not View.CHECKS:
            self._show_view(View.CHECKS)
        elif self._shows_all:
            self.action_all_checks()
        else:
            return super().step_back()
        return True

    def action_copy(self) -> None:
        """Send what is shown to the clipboard; not while the question of a launch is about to come."""
        if self._launch.is_under_way:
            return
        if self._view is View.CHECKS:
            found = [self._finding] if self._finding is not None else self._review.worst_first
            text = "\n".join(
                clean(f"{each.check}: {each.message} {remedy_text(each.remedy)}").strip() for each in found
            )
        else:
            text = self._document_text()
        self.app.copy_to_clipboard(text)
        key = self.key("save_run")
        self.say(f"Sent to the clipboard (OSC 52); where the terminal does not take it, save it with {key}.")

    def offers(self, action_id: str) -> bool:
        """Return whether an action makes sense; a fix is offered where a finding has one, a launch if none blocks."""
        if action_id in FIXES:
            return self._view is View.CHECKS and any(finding.fix is not None for finding in self._review.findings)
        if action_id == SEARCH:
            return self._loaded is not None and self.session.drafts.run.tuning is not None
        if action_id in UNBLOCKED:
            return not self._review.blocks
        return True

    # Launching

    @property
    def would_lose(self) -> str:
        """A launch whose answer is not there yet."""
        return self._launch.loss

    def action_launch(self) -> None:
        """Check once more, ask, launch once."""
        if self._launch.is_under_way:
            return
        if why := self._why_not():
            self.say(why, Status.FAILED)
            self._look_at_blocks()
            return
        self._stop_checking()
        self._launch.begin()

    def _why_not(self) -> str:
        """Why nothing can be launched now; empty when it can."""
        if (refused := self.session.services.launch.refused) is not None:
            return str(refused)
        if not self.session.is_complete:
            missing = ", ".join(f"{gap.what} ({self.key(CHOOSE[gap.part])})" for gap in gaps(self.session.run))
            return f"The run is not complete: {missing}."
        if self._checked == self.session.run and (blocks := self._review.blocks):
            names = ", ".join(dict.fromkeys(label_of(finding.check) for finding in blocks))
            return f"{verdict(Review(blocks, is_done=True)).text}: {names}."
        return ""

"""Screen 5: what preflight finds, what it costs at most, the exact request; and the launch."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.timer import Timer

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.fixes import FixKind
from jsft_tui.core.common.text import clean_block, plural, unwrapped
from jsft_tui.core.preflight.base.check import Finding, Plan
from jsft_tui.core.preflight.review import Review
from jsft_tui.core.request.export import export_formats
from jsft_tui.core.request.rerun.fix import FixedRun, apply_fix
from jsft_tui.core.run.draft import gaps
from jsft_tui.core.run.name import GRAMMAR, suggest
from jsft_tui.core.run.run import Run
from jsft_tui.core.run.run_file import dump_run
from jsft_tui.core.sizing.pricing import cost_range
from jsft_tui.services.background.tasks import Reporter
from jsft_tui.services.session.session import Session
from jsft_tui.tui.base.remedy_text import remedy_text
from jsft_tui.tui.base.screen import WorkScreen, screen_bindings
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.dialogs.prompt import PromptDialog
from jsft_tui.tui.dialogs.save_as import save_as
from jsft_tui.tui.dialogs.text import ReadingDialog
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.keymap.labels import CHOOSE
from jsft_tui.tui.screens.review.documents import View, document_text, exported
from jsft_tui.tui.screens.review.launch import LaunchFlow
from jsft_tui.tui.screens.review.rows import COLUMNS, FindingRows, finding_lines
from jsft_tui.tui.theme.themes import Status
from jsft_tui.tui.widgets.pane import Pane
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_pane import DetailPane
from jsft_tui.tui.widgets.text.text_pane import TextPane, line

CHECK_AFTER = 0.3
"""Seconds that the draft has to rest before it is checked."""


class ReviewScreen(WorkScreen):
    """Checks the draft whenever it is another one than the last time."""

    WHERE = ScreenId.REVIEW
    AUTO_FOCUS = "#findings"
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(ScreenId.REVIEW)
    DEFAULT_CSS = """
    ReviewScreen #detail { height: 7; }
    ReviewScreen.-narrow #detail { height: 6; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._checked: Run | None = None
        self._plan: Plan | None = None
        self._review = Review()
        self._problem: Problem | None = None
        self._launch = LaunchFlow(self, self._checked_to_launch, self.action_check)
        self._rest: Timer | None = None
        self._view = View.FINDINGS
        self._table = VirtualTable(COLUMNS, id="findings")
        self._list = Pane("Findings", self._table)
        self._detail_text = DetailPane()
        self._detail = Pane("Finding", self._detail_text, id="detail")
        self._text = TextPane(id="text")
        self._document = Pane("Request", self._text)

    def compose_body(self) -> ComposeResult:
        """The findings, or a document."""
        yield self._list
        yield self._detail
        yield self._document

    def on_mount(self) -> None:
        """Begin with the findings."""
        self._show_view(View.FINDINGS)

    # Checking

    def load(self) -> None:
        """Nothing is known of another target's draft."""
        self._stop_checking()
        self._launch.reset()
        self._checked, self._plan, self._review, self._problem = None, None, Review(), None

    def draw(self) -> None:
        """Check a draft that changed; show what is known."""
        if self.session.run != self._checked and not self._launch.is_under_way:
            self._stop_resting()
            self._rest = self.set_timer(CHECK_AFTER, self.action_check)
        self._draw_findings()

    def action_check(self) -> None:
        """Run all checks."""
        if self._launch.is_under_way:
            return  # it makes them itself
        self._stop_checking()
        session = self.session
        self._checked, self._plan, self._review, self._problem = session.run, None, Review(), None
        if session.is_complete:
            self._begin_checking(session)
        else:
            self._table.set_message(self._what_is_missing())
        self._draw_findings()

    def _begin_checking(self, session: Session) -> None:
        run = session.drafts.run
        self._table.set_message("Checking …")

        def call(wanted: Reporter[Plan | Finding]) -> None:
            plan = session.services.plan(run)
            wanted.tell(plan)
            for finding in session.services.preflight.run(plan):
                wanted.tell(finding)

        self.ask("check", call, self._all_checked, self._not_checked, self._take)

    def _stop_resting(self) -> None:
        if self._rest is not None:
            self._rest.stop()

    def _stop_checking(self) -> None:
        self._stop_resting()
        self.forget("check")

    @property
    def _fresh_plan(self) -> Plan | None:
        """The plan of the draft as it is now; None when that is not checked."""
        return self._plan if self._checked == self.session.run else None

    def _what_is_missing(self) -> str:
        missing = ", ".join(f"{gap.what} (press {self.key(CHOOSE[gap.part])})" for gap in gaps(self.session.run))
        return f"The draft is not complete: {missing}."

    def _take(self, found: Plan | Finding) -> None:
        if isinstance(found, Plan):
            self._plan = found
        else:
            self._review = self._review.with_finding(found)
        self._draw_findings()

    def _all_checked(self, _: None) -> None:
        if self._checked is not None and self._plan is not None:
            self._keep(self._checked, self._plan, self._review.done())

    def _keep(self, run: Run, plan: Plan, review: Review) -> None:
        """All checks of a run were made, here or for a launch."""
        self._checked, self._plan, self._review, self._problem = run, plan, review, None
        self.session.keep_review(run, review)
        self._draw_findings()
        self._draw_target_bar(self.session)

    def _checked_to_launch(self, run: Run, plan: Plan, review: Review) -> None:
        """A launch made all checks: what blocks it is looked at."""
        self._keep(run, plan, review)
        self._look_at_blocks()

    def _look_at_blocks(self) -> None:
        if self._review.blocks:
            self._show_view(View.FINDINGS)
            self._table.action_cursor_to_end(-1)

    def _not_checked(self, problem: Problem) -> None:
        self._problem = problem
        self._table.set_message(f"The draft cannot be checked: {problem} Press {self.key('recheck')} to try again.")
        self._draw_findings()
        self.say_problem(problem)

    # Showing

    def _draw_findings(self) -> None:
        found = self._review.worst_first
        was_first = self._table.cursor == 0
        self._table.set_source(FindingRows(found, self.key("fix")))
        if was_first:  # what comes in above is worse, and is looked at first
            self._table.action_cursor_to_end(-1)
        self._list.set_title(self._title, [Cell(self._cost_text())])
        self.draw_hints()
        self._draw_detail()
        if self._view is not View.FINDINGS:
            self._draw_document()

    @property
    def _title(self) -> str:
        if not self.session.is_complete:
            return "Nothing to check yet"
        return "not checked" if self._problem else self._review.summary

    def _cost_text(self) -> str:
        cost = cost_range(self.session.run.instance, self.session.prices or {})
        return "cost unknown" if cost is None else f"{'at most ' if cost.low == cost.high else ''}{cost}"

    def _draw_detail(self) -> None:
        finding = self._finding
        if finding is None:
            self._detail.set_title("Finding")
            self._detail_text.show([])
            return
        self._detail.set_title(finding.check)
        self._detail_text.show_from_top(finding_lines(finding, self.key("fix")))

    @property
    def _finding(self) -> Finding | None:
        found = self._review.worst_first
        return found[self._table.cursor] if self._table.cursor < len(found) else None

    @on(VirtualTable.RowHighlighted)
    def _highlighted(self, event: VirtualTable.RowHighlighted) -> None:
        event.stop()
        self.when_cursor_rests(self._draw_detail)

    @on(VirtualTable.RowSelected)
    def _selected(self, event: VirtualTable.RowSelected) -> None:
        event.stop()
        if (finding := self._finding) is not None:
            self.app.push_screen(ReadingDialog(finding.check, finding_lines(finding, self.key("fix"))))

    def action_next_view(self) -> None:
        """Show the next view."""
        views = list(View)
        self._show_view(views[(views.index(self._view) + 1) % len(views)])

    def step_back(self) -> bool:
        """From a document to the findings."""
        if self._view is View.FINDINGS:
            return False
        self._show_view(View.FINDINGS)
        return True

    def _show_view(self, view: View) -> None:
        self._view = view
        is_list = view is View.FINDINGS
        self._list.display = self._detail.display = is_list
        self._document.display = not is_list
        if is_list:
            self._table.focus()
            return
        self._draw_document()
        self._text.action_scroll_to_row(0)
        self._text.focus()

    def _draw_document(self) -> None:
        keys = (
            ("next_view", "next view"),
            ("copy_request", "copy"),
            ("export", "export"),
            ("save_run", "save"),
        )
        hints = "   ".join(f"{self.key(action)} {label}" for action, label in keys)
        self._document.set_title(self._view.value, [Cell(hints)])
        self._text.show(line(text) for text in self._document_text().splitlines())

    def _document_text(self) -> str:
        plan = self._fresh_plan
        if plan is None:
            return "The draft is not complete yet, or not checked."
        return document_text(self._view, plan, self.session.drafts.run)

    def action_copy(self) -> None:
        """Send what is shown to the clipboard; not while the question of a launch is about to come."""
        if self._launch.is_under_way:
            return
        if self._view is View.FINDINGS:
            finding = self._finding
            text = f"{finding.check}: {finding.message} {remedy_text(finding.remedy)}".strip() if finding else ""
        else:
            text = self._document_text()
        self.app.copy_to_clipboard(text)
        keys = f"{self.key('save_run')} or {self.key('export')}"
        self.say(f"Sent to the clipboard (OSC 52); where the terminal does not take it, save it with {keys}.")

    # Mending

    def offers(self, action_id: str) -> bool:
        """A remedy is offered where there is one."""
        return action_id != "fix" or any(finding.fix is not None for finding in self._review.findings)

    def action_fix(self) -> None:
        """Show what the remedy of this finding changes, and apply it when the person agrees."""
        finding, plan = self._finding, self._fresh_plan
        if finding is None or plan is None:
            return
        if finding.fix is None:
            self.say(remedy_text(finding.remedy) or f"{finding.check} needs no remedy.")
            return
        if finding.fix.kind is FixKind.ACCEPT_EULA:
            self.action_eula()
            return
        fix, session, run = finding.fix, self.session, self.session.drafts.run

        def call(_: Reporter[None]) -> FixedRun | None:
            return apply_fix(fix, run, plan.spec, session.services.market_left(plan.spec, spot=run.instance.spot))

        self.ask("fix", call, lambda fixed: self._offer_fix(run, fixed))

    def _offer_fix(self, run: Run, fixed: FixedRun | None) -> None:
        if not self._is_still(run):
            return
        if fixed is None:
            self.say(
                "There is nothing here that this remedy could change, such as another type with quota.",
                Status.WARNING,
            )
            return

        def answered(agreed: bool | None) -> None:
            if agreed and self._is_still(run):
                self.session.drafts.put(fixed.run)
                self.say(f"Changed: {fixed.change}", Status.COMPLETED)

        self.ask_person(ConfirmDialog("Apply this remedy?", [line(fixed.change)], label="apply"), answered)

    def action_eula(self) -> None:
        """Read the licence of a gated model, and accept it."""
        plan = self._fresh_plan
        if plan is None or not plan.spec.gated:
            self.say("This model asks for no licence." if plan else "Nothing was checked yet.")
            return
        if not plan.spec.eula_key:
            self.say("Its licence is not in the catalogue: accept it on the model's page.", Status.WARNING)
            return
        catalog, spec, run = self.session.services.catalog, plan.spec, self.session.drafts.run
        self.say("Reading the licence …")
        self.ask("licence", lambda _: catalog.licence(spec), lambda text: self._show_licence(run, text))

    def _is_still(self, run: Run) -> bool:
        """Whether the draft is the one that something was asked for; says so when it is not."""
        is_same = self.session.drafts.run == run
        if not is_same:
            self.say("The draft is another one now: nothing was changed.", Status.WARNING)
        return is_same

    def _show_licence(self, run: Run, text: str) -> None:
        if not self._is_still(run):
            return

        def answered(agreed: bool | None) -> None:
            if agreed and self._is_still(run):
                self.session.drafts.put(replace(run, accept_eula=True))
                self.say("The licence is accepted for this run.", Status.COMPLETED)

        self.say("")
        lines = [line(each) for each in unwrapped(clean_block(text)).splitlines()]
        self.ask_person(ReadingDialog("Licence", lines, agree="accept the licence for this run"), answered)

    def action_rename(self) -> None:
        """Give the job another name."""

        def named(name: str | None) -> None:
            if name:
                self.session.drafts.put(replace(self.session.drafts.run, name=name))

        about = "The name is the training job's, and its model lies at <output>/<name>/output/model.tar.gz."
        self.app.push_screen(PromptDialog("Job name", self.session.run.name, check=_wrong_name, about=about), named)

    # Files

    def action_save(self) -> None:
        """Save the draft as a run file."""
        run = self.session.drafts.run
        save_as(self, "Save the run file as", f"{run.name or 'run'}.yaml", lambda: dump_run(run))

    def action_export(self) -> None:
        """Save the request as code."""
        plan = self._fresh_plan
        if plan is None:
            self.say("There is no request yet: the draft is not complete.", Status.WARNING)
            return

        def chosen(key: str | None) -> None:
            if key is not None:
                form = export_formats()[key]
                name = f"{plan.run.name}{form.suffix}"
                save_as(self, f"Save as {form.title}", name, lambda: exported(plan, form))

        choices = [Choice(form.name, form.title, form.suffix) for form in export_formats().values()]
        self.app.push_screen(ChoiceDialog("Export the request", choices), chosen)

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
        if (refused := self.session.services.launch_guard.refused) is not None:
            return str(refused)
        if not self.session.is_complete:
            return self._what_is_missing()
        blocks = self._review.blocks if self._checked == self.session.run else ()
        if blocks:
            count = plural(len(blocks), "finding blocks", "findings block")
            return f"{count} ({', '.join(dict.fromkeys(finding.check for finding in blocks))}): mend that first."
        return ""


def _wrong_name(name: str) -> str | None:
    if GRAMMAR.fullmatch(name):
        return None
    offer = suggest(name)
    return "1 to 63 letters, digits and hyphens, no hyphen at the ends." + (f" For example: {offer}" if offer else "")

"""Actions of the Review screen on the draft: fix what was found, accept the license, rename, save, export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from jsft_tui.core.catalog.model_name import shortest_model_id
from jsft_tui.core.common.fixes import FixKind
from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import clean_block, unwrapped
from jsft_tui.core.preflight.summary import label_of
from jsft_tui.core.request.export import export_formats
from jsft_tui.core.run.draft import with_customization
from jsft_tui.core.run.file.run_file import dump_run
from jsft_tui.core.run.name import GRAMMAR, TUNING_GRAMMAR, suggest, suggest_tuning_name
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.base.screens.master_detail_screen import MasterDetailScreen
from jsft_tui.tui.base.texts.remedy_text import remedy_text
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.dialogs.prompt import PromptDialog
from jsft_tui.tui.dialogs.run.license import LicenseAnswer, LicenseDialog
from jsft_tui.tui.dialogs.run.package_group import choose_group, create_group
from jsft_tui.tui.dialogs.run.save_as import save_as
from jsft_tui.tui.screens.review.documents import View, file_name, saved_text
from jsft_tui.tui.screens.review.search_settings import edit_search
from jsft_tui.tui.widgets.text.text_pane import line

if TYPE_CHECKING:
    from jsft_tui.core.common.fixes import Fix
    from jsft_tui.core.preflight.base.check import Finding, Plan
    from jsft_tui.core.preflight.review import Review
    from jsft_tui.core.request.rerun.fix import FixedRun
    from jsft_tui.core.run.run import Run
    from jsft_tui.services.session.session import Session

NO_CHANGE = "There is nothing here that this fix could change, such as another type with quota."


class DraftActions(MasterDetailScreen):
    """A screen that shows the findings on the draft."""

    _review: Review
    _view: View

    @property
    def _finding(self) -> Finding | None:
        """The finding under the cursor."""
        raise NotImplementedError

    @property
    def _fresh_plan(self) -> Plan | None:
        """The plan of the draft as it is now; None when that is not checked."""
        raise NotImplementedError

    def action_check(self) -> None:
        """Run all checks."""
        raise NotImplementedError

    def _is_still(self, run: Run) -> bool:
        """Return whether the draft is the one that something was asked for, and say so when it is not."""
        is_same = self.session.drafts.run == run
        if not is_same:
            self.say("The draft is another one now: nothing was changed.", Status.WARNING)
        return is_same

    # Fixing

    def action_fix(self) -> None:
        """Show what the fix of this finding changes, and apply it when the person agrees."""
        finding, plan = self._finding, self._fresh_plan
        if finding is None or plan is None:
            return
        if finding.fix is None:
            self.say(remedy_text(finding.remedy) or f"{label_of(finding.check)} needs no fix.")
        elif finding.fix.kind is FixKind.ACCEPT_EULA:
            self.action_eula()
        elif not finding.fix.kind.is_applied:
            self._settle_group(finding.fix)
        else:
            self._apply((finding.fix,), plan)

    def action_fix_all(self) -> None:
        """Show what all fixes change, and apply them when the person agrees; a license is accepted alone."""
        plan = self._fresh_plan
        if plan is None:
            return
        fixes = [finding.fix for finding in self._review.worst_first if finding.fix is not None]
        # Another model makes the other problems others.
        fixes = [fix for fix in fixes if fix.kind is FixKind.SWITCH_MODEL] or fixes
        alone = [fix for fix in fixes if fix.kind is FixKind.ACCEPT_EULA or not fix.kind.is_applied]
        others = [fix for fix in dict.fromkeys(fixes) if fix not in alone]
        if others:
            self._apply(others, plan)
        elif alone and not alone[0].kind.is_applied:
            self._settle_group(alone[0])
        elif alone:
            self.action_eula()
        else:
            self.say("Nothing that was found can be fixed here.")

    @flow("fix")
    async def _apply(self, fixes: Sequence[Fix], plan: Plan) -> None:
        session, run = self.session, self.session.drafts.run
        applied = await self.call(lambda: _fixed(session, fixes, run, plan))
        if not self._is_still(run):
            return
        if not applied:
            self.say(NO_CHANGE, Status.WARNING)
            return
        title = "Apply this fix?" if len(applied) == 1 else f"Apply these {len(applied)} fixes?"
        lines = [line(_change(fixed)) for fixed in applied]
        question = ConfirmDialog(title, lines, label="apply" if len(applied) == 1 else "apply all")
        if await self.open_dialog(question) and self._is_still(run):
            session.drafts.put(applied[-1].run)
            said = "; ".join(_change(fixed) for fixed in applied)
            self.say(f"Changed: {said}", Status.COMPLETED)

    @flow("fix")
    async def _settle_group(self, fix: Fix) -> None:
        """Create the model package group of the run, or choose one; each creation is confirmed."""
        session, run = self.session, self.session.drafts.run
        if fix.kind.changes_account:
            if await create_group(self, fix.name):
                self.action_check()
            return
        group = await choose_group(self)
        if group and self._is_still(run):
            session.drafts.put(with_customization(run, model_package_group=group))

    @flow("license")
    async def action_eula(self) -> None:
        """Read the license of a gated model, and accept it."""
        plan = self._fresh_plan
        if plan is None or not plan.spec.gated:
            self.say("This model asks for no license." if plan else "Nothing was checked yet.")
            return
        if not plan.spec.eula_key:
            self.say("Its license is not in the catalog: accept it on the model's page.", Status.WARNING)
            return
        session, spec, run = self.session, plan.spec, self.session.drafts.run
        self.say("Reading the license …")
        text = clean_block(await self.call(lambda: session.services.catalog.license_text(spec)))
        if not self._is_still(run):
            return
        self.say("")
        lines = [line(each) for each in unwrapped(text).splitlines()]
        name = shortest_model_id(spec.model_id)
        address = f"s3://{plan.place.buckets.content}/{spec.eula_key}"
        while (answer := await self.open_dialog(LicenseDialog(name, lines, address))) is LicenseAnswer.SAVE:
            await save_as(self, "Save the license to", f"{name}-license.txt", lambda: f"{text}\n")
        if answer is LicenseAnswer.ACCEPT and self._is_still(run):
            session.drafts.put(replace(run, accept_eula=True))
            self.say("The license is accepted for this run.", Status.COMPLETED)

    # The search

    @flow("search")
    async def action_search(self) -> None:
        """Change how the run is searched."""
        run, spec = self.session.drafts.run, self.session.spec
        if run.tuning is None or spec is None:
            key, where = self.key("tune_value"), self.key("go_hyperparameters")
            self.say(f"The run is no search. {where} shows the values; there, {key} tries several of one.")
            return
        await edit_search(self, spec)

    # Name and files

    @flow("rename")
    async def action_rename(self) -> None:
        """Give the job another name."""
        session = self.session
        is_search = session.run.tuning is not None
        about = "The name is the training job's, and its model lies at <output>/<name>/output/model.tar.gz."
        about = "The name is the tuning job's; its trials are named after it." if is_search else about
        check = _wrong_search_name if is_search else _wrong_name
        name = await self.open_dialog(PromptDialog("Job name", session.run.name, check=check, about=about))
        if name:
            session.drafts.put(replace(session.drafts.run, name=name))

    @flow("save")
    async def action_save(self) -> None:
        """Save the view that is shown; the draft as a run file where it is the checks, or nothing is checked."""
        plan, run, view = self._fresh_plan, self.session.drafts.run, self._view
        if plan is None or view in (View.CHECKS, View.RUN_FILE):
            await save_as(self, "Save the run file as", file_name(View.RUN_FILE, run), lambda: dump_run(run))
        else:
            name = file_name(view, plan.run)
            await save_as(self, f"Save {view.value} as", name, lambda: saved_text(view, plan, run))

    @flow("save")
    async def action_export(self) -> None:
        """Save the request as code, and name the keys that do it now."""
        plan = self._fresh_plan
        if plan is None:
            self.say("There is no request yet: the run is not complete.", Status.WARNING)
            return
        choices = [Choice(form.name, form.title, form.suffix) for form in export_formats().values()]
        key = await self.open_dialog(ChoiceDialog("Export the request", choices, noun="forms"))
        if key is not None:
            form = export_formats()[key]
            view = View.of_form(form.name)
            name = f"{plan.run.name}{form.suffix}"
            await save_as(self, f"Save as {form.title}", name, lambda: saved_text(view, plan, plan.run))
        keys = f"{self.key('next_view')} shows the code, {self.key('save_run')} saves what is shown."
        self.say(f"{self.status}. {keys}" if key is not None and self.status else keys)


def _fixed(session: Session, fixes: Sequence[Fix], run: Run, plan: Plan) -> list[FixedRun]:
    """Return the run after each fix that changes it, one on top of the other."""
    applied: list[FixedRun] = []
    for fix in fixes:
        fixed = session.services.reruns.fixed_run(fix, applied[-1].run if applied else run, plan.spec)
        applied += [fixed] if fixed is not None else []
    return applied


def _change(fixed: FixedRun) -> str:
    return fixed.change.replace(" -> ", " → ")


def _wrong_name(name: str) -> str | None:
    if GRAMMAR.fullmatch(name):
        return None
    offer = suggest(name)
    return "1 to 63 letters, digits and hyphens, no hyphen at the ends." + (f" For example: {offer}" if offer else "")


def _wrong_search_name(name: str) -> str | None:
    if TUNING_GRAMMAR.fullmatch(name):
        return None
    offer = suggest_tuning_name(name)
    rule = "A search takes 1 to 32 letters, digits and hyphens, no hyphen at the ends."
    return rule + (f" For example: {offer}" if offer else "")

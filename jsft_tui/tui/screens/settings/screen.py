"""The Settings screen: what every run gets besides model, data and instance, with the origin of each value."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.status import Status
from jsft_tui.core.preflight.base.check import Finding
from jsft_tui.core.preflight.review import Review
from jsft_tui.core.preflight.setting_findings import findings_about, is_checked
from jsft_tui.core.run.draft import gaps
from jsft_tui.core.run.run import Run
from jsft_tui.core.run.settings.origin import origin_chain
from jsft_tui.core.run.settings.own import OwnSetting
from jsft_tui.core.run.settings.settings import (
    Setting,
    config_entries,
    parse_setting,
    setting_rows,
    setting_text,
    switched,
    with_choice,
    with_setting,
    without_setting,
)
from jsft_tui.services.background.tasks import Reporter
from jsft_tui.services.settings.save_setting import save_settings
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.base.screens.master_detail_screen import MasterDetailScreen
from jsft_tui.tui.base.screens.work_screen import screen_bindings
from jsft_tui.tui.dialogs.prompt import PromptDialog, parsed_by
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.screens.settings.detail import KnownSetting, fact_detail, own_detail, setting_detail
from jsft_tui.tui.screens.settings.facts import fact_rows
from jsft_tui.tui.screens.settings.finder import BY_HAND, SettingFinder, can_be_found
from jsft_tui.tui.screens.settings.own import OwnSettingEditor, own_rows
from jsft_tui.tui.screens.settings.rows import (
    COLUMNS,
    NATURAL_WIDTH,
    AnyRow,
    FactRow,
    OwnRow,
    key_of,
    table_rows,
)
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_view import Detail, Shape


class SettingsScreen(MasterDetailScreen):
    """View the settings, change them for this run, or keep them for every run."""

    WHERE = ScreenId.SETTINGS
    TITLE = "Settings"
    LIST_COLUMNS = COLUMNS
    NATURAL_WIDTH = NATURAL_WIDTH
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(ScreenId.SETTINGS)

    def __init__(self) -> None:
        super().__init__()
        self._table.is_dense = True
        self._rows: dict[str, AnyRow] = {}
        self._own = OwnSettingEditor(self)

    # Showing

    def draw(self) -> None:
        """Draw the settings that are in effect."""
        session, factory = self.session, self.jsft.session_factory
        rows: list[AnyRow] = [
            *setting_rows(session.drafts.run, session.defaults, session.spec),
            *own_rows(factory.config, self.app.theme),
            *fact_rows(session, factory.config_file),
        ]
        found = {key_of(row): row for row in rows}
        if found != self._rows:
            self._rows = found
            self.show_rows(table_rows(rows, Path.home()), (Cell("every run gets these", "muted"),))
        else:
            self.draw_detail()

    def detail(self, key: str, shape: Shape) -> Detail:
        """Return what is known of a setting."""
        row, keys = self._rows[key], self.jsft.key_names
        if isinstance(row, FactRow):
            return fact_detail(row, shape, keys)
        if isinstance(row, OwnRow):
            return own_detail(row, str(self.jsft.session_factory.config_file), shape, keys)
        session = self.session
        chain = origin_chain(row.setting, session.drafts.run, session.defaults, session.spec)
        review = session.review
        known = review.findings if review is not None else ()
        findings = findings_about(row.setting, known) if is_checked(row.setting) else None
        return setting_detail(KnownSetting(row, chain, findings), shape, keys)

    @property
    def _row(self) -> AnyRow | None:
        return self._rows.get(self._table.cursor_key or "")

    @property
    def _setting(self) -> Setting | None:
        row = self._row
        return None if row is None or isinstance(row, FactRow | OwnRow) else row.setting

    @property
    def _own_setting(self) -> OwnSetting | None:
        row = self._row
        return row.setting if isinstance(row, OwnRow) else None

    # Changing

    def row_chosen(self) -> None:
        """Do what enter means on this screen."""
        self.action_edit()

    def action_edit(self) -> None:
        """Toggle the setting, or choose or enter a value."""
        setting, own = self._setting, self._own_setting
        if own is OwnSetting.THEME:
            self.call_later(self.app.run_action, "app.choose_theme")
        elif own is not None:
            self._edit_own(own)
        elif setting is None:
            self.say(f"It cannot be edited here. {self.key('target')} switches the target.", Status.WARNING)
        elif setting.is_switch:
            self._put(switched(self.session.drafts.run, setting), setting)
        elif can_be_found(setting):
            self._find(setting)
        else:
            self._type(setting)

    @flow("edit")
    async def _edit_own(self, setting: OwnSetting) -> None:
        await self._own.edit(setting)
        self.draw()

    @flow("edit")
    async def _clear_own(self, setting: OwnSetting) -> None:
        await self._own.clear(setting)
        self.draw()

    @flow("edit")
    async def _find(self, setting: Setting) -> None:
        session = self.session
        chosen = [part.strip() for part in setting_text(session.run, setting).split(",")]
        try:
            value = await SettingFinder(self, setting, chosen).choose()
        except Problem as problem:
            self.say_problem(problem)
            await self._ask_value(setting, str(problem))
            return
        if value == BY_HAND:
            await self._ask_value(setting)
        elif value is not None:
            try:
                run = with_choice(session.drafts.run, setting, value, session.defaults)
            except (ValueError, Problem) as error:
                self.say(str(error), Status.WARNING)
            else:
                self._put(run, setting)

    def action_type_value(self) -> None:
        """Enter a value."""
        if (setting := self._setting) is not None:
            self._type(setting)
        elif (own := self._own_setting) is not None:
            self._edit_own(own)

    @flow("edit")
    async def _type(self, setting: Setting) -> None:
        await self._ask_value(setting)

    async def _ask_value(self, setting: Setting, why: str = "") -> None:
        """Ask for a value; `why` says why there is nothing to choose from."""
        session = self.session
        check = parsed_by(lambda text: parse_setting(setting, text))
        value = setting_text(session.run, setting)
        title = f"{setting.label.capitalize()} of this run"
        about = f"{why} {setting.about} {setting.example}".strip()
        text = await self.open_dialog(PromptDialog(title, value, check=check, about=about))
        if text is not None:
            self._put(with_setting(session.drafts.run, setting, text, session.defaults), setting)

    def action_clear(self) -> None:
        """Take back what this run, or for jsft's own settings its file, says itself."""
        if (setting := self._setting) is not None:
            self._put(without_setting(self.session.drafts.run, setting), setting)
        elif (own := self._own_setting) is not None:
            self._clear_own(own)

    def _put(self, run: Run, setting: Setting) -> None:
        if run == self.session.drafts.run:
            self.say(f"This run has no {setting.label} of its own.")
            return
        self.session.drafts.put(run)
        rows = setting_rows(self.session.drafts.run, self.session.defaults, self.session.spec)
        row = next(row for row in rows if row.setting is setting)
        self.say(f"{setting.label}: {row.text} ({row.origin})", Status.COMPLETED)

    @flow("keep")
    async def action_keep(self) -> None:
        """Keep the value for every run."""
        setting = self._setting
        if setting is None:
            return
        if setting.config_key is None:
            self.say(f"The {setting.label} belong to one run and cannot be kept for every run.", Status.WARNING)
            return
        entries = config_entries(self.session.run, setting)
        if not entries:
            self.say(f"There is no {setting.label} to keep.", Status.WARNING)
            return
        path = self.jsft.session_factory.config_file
        self.jsft.take_config(await self.call(lambda: save_settings(path, entries)))

    # Checking

    @flow("check")
    async def action_check(self) -> None:
        """Check the run, and show what that tells of the settings."""
        session = self.session
        run = session.run
        if missing := gaps(run):
            what = ", ".join(gap.what for gap in missing)
            self.say(f"The checks need the whole run: choose {what} first.", Status.WARNING)
            return
        self.say("Checking …")

        def check(reporter: Reporter[Finding]) -> tuple[Finding, ...]:
            del reporter
            return tuple(session.services.preflight.run(session.services.planning.plan(run)))

        findings = await self.call_with_progress(check, lambda _: None)
        session.keep_review(run, Review(findings, is_done=True))
        self.say("Checked.", Status.COMPLETED)
        self.draw()

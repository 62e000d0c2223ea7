"""Settings: what every run gets beside model, data and instance, each with where it came from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.run.run import Run
from jsft_tui.core.run.settings import (
    NOT_SET,
    THIS_RUN,
    Setting,
    SettingRow,
    config_entries,
    parse_setting,
    setting_rows,
    setting_text,
    switched,
    with_choice,
    with_setting,
    without_setting,
)
from jsft_tui.services.settings.save_setting import keep_settings
from jsft_tui.tui.base.screen import WorkScreen, screen_bindings
from jsft_tui.tui.dialogs.prompt import PromptDialog, parsed_by
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.screens.settings.finder import SettingFinder, can_be_found
from jsft_tui.tui.theme.themes import Status
from jsft_tui.tui.widgets.pane import Pane
from jsft_tui.tui.widgets.table.columns import Column
from jsft_tui.tui.widgets.table.virtual_table import Rows, VirtualTable
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextPane, line

COLUMNS = (
    Column("setting", "SETTING", width=17),
    Column("value", "VALUE", min_width=18),
    Column("origin", "ORIGIN", width=23),
)
FACT = "fact "
"""Keys of rows that only tell something begin so."""

Row = tuple[str, Sequence[Cell]]


class SettingsScreen(WorkScreen):
    """Look at the settings, change them for this run, keep them for all."""

    WHERE = ScreenId.SETTINGS
    AUTO_FOCUS = "#settings"
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(ScreenId.SETTINGS)
    DEFAULT_CSS = "SettingsScreen #about { height: 3; }"

    def __init__(self) -> None:
        super().__init__()
        self._table = VirtualTable(COLUMNS, id="settings")
        self._about = TextPane(can_focus=False)
        self._rows: list[Row] = []

    def compose_body(self) -> ComposeResult:
        """The settings, and a sentence about the one under the cursor."""
        yield Pane("Settings", self._table)
        yield Pane("About", self._about, id="about")

    # Showing

    def draw(self) -> None:
        """Every setting as it takes effect."""
        session = self.session
        rows = [*map(_setting_cells, setting_rows(session.drafts.run, session.defaults, session.spec)), *self._facts()]
        if rows != self._rows:
            self._rows = rows
            self._table.set_source(Rows(rows))
        self._draw_about()

    def _facts(self) -> list[Row]:
        target, identity = self.session.target, self.session.identity
        problem = self.session.problems.get("identity")
        unknown = f"? {problem}" if problem else "…"
        endpoint = target.endpoint or "AWS's own"
        facts = (
            ("account", identity.account if identity else unknown, "credentials"),
            ("signed in as", identity.arn if identity else unknown, "credentials"),
            ("region", target.region, "target"),
            ("endpoint", endpoint, "target"),
            ("config file", str(self.jsft.session_factory.config_file), "this machine"),
        )
        return [(FACT + name, (Cell(name, "quiet"), Cell(text), Cell(where, "quiet"))) for name, text, where in facts]

    @on(VirtualTable.RowHighlighted)
    def _highlighted(self, event: VirtualTable.RowHighlighted) -> None:
        event.stop()
        self.when_cursor_rests(self._draw_about)

    def _draw_about(self) -> None:
        setting = self._setting
        row = next((cells for key, cells in self._rows if key == self._table.cursor_key), None)
        # The value may be longer than its cell.
        lines = [line(row[1].text)] if row is not None and (setting is None or row[2].text != NOT_SET) else []
        self._about.show_from_top([*lines, *([line(setting.about, "quiet")] if setting else [])])

    @property
    def _setting(self) -> Setting | None:
        key = self._table.cursor_key
        return None if key is None or key.startswith(FACT) else Setting(key)

    # Changing

    @on(VirtualTable.RowSelected)
    def _selected(self, event: VirtualTable.RowSelected) -> None:
        event.stop()
        self.action_edit()

    def action_edit(self) -> None:
        """Switch it, or find or type a value."""
        setting = self._setting
        if setting is None:
            self.say(f"That is found out, not set. Another target: {self.key('target')}", Status.WARNING)
        elif setting.is_switch:
            self._put(switched(self.session.drafts.run, setting), setting)
        elif can_be_found(setting):
            self._find(setting)
        else:
            self._type(setting)

    def _find(self, setting: Setting) -> None:
        session = self.session

        def take(value: str) -> None:
            try:
                run = with_choice(session.drafts.run, setting, value, session.defaults)
            except (ValueError, Problem) as error:
                self.say(str(error), Status.WARNING)
            else:
                self._put(run, setting)

        chosen = [part.strip() for part in setting_text(session.run, setting).split(",")]
        SettingFinder(self, setting, chosen, take, lambda why: self._type(setting, why)).start()

    def action_type_value(self) -> None:
        """Type a value for this run."""
        if (setting := self._setting) is not None:
            self._type(setting)

    def _type(self, setting: Setting, why: str = "") -> None:
        session = self.session

        def typed(text: str | None) -> None:
            if text is not None:
                self._put(with_setting(session.drafts.run, setting, text, session.defaults), setting)

        check = parsed_by(lambda text: parse_setting(setting, text))
        value = setting_text(session.run, setting)
        title = f"{setting.label.capitalize()} of this run"
        dialog = PromptDialog(title, value, check=check, about=f"{why} {setting.about}".strip())
        if why:  # an answer said that there is nothing to choose from
            self.ask_person(dialog, typed)
        else:
            self.app.push_screen(dialog, typed)

    def action_clear(self) -> None:
        """Take back what this run says itself."""
        if (setting := self._setting) is not None:
            self._put(without_setting(self.session.drafts.run, setting), setting)

    def _put(self, run: Run, setting: Setting) -> None:
        if run == self.session.drafts.run:
            self.say(f"This run says nothing of its own about {setting.label}.")
            return
        self.session.drafts.put(run)
        rows = setting_rows(self.session.drafts.run, self.session.defaults, self.session.spec)
        row = next(row for row in rows if row.setting is setting)
        self.say(f"{setting.label}: {row.text} ({row.origin})", Status.COMPLETED)

    def action_keep(self) -> None:
        """Keep the value for every run."""
        setting = self._setting
        if setting is None:
            return
        if setting.config_key is None:
            self.say(f"The {setting.label} belongs to one run; it is not kept.", Status.WARNING)
            return
        entries = config_entries(self.session.run, setting)
        if not entries:
            self.say(f"There is no {setting.label} to keep.", Status.WARNING)
            return
        path = self.jsft.session_factory.config_file

        self.ask("keep", lambda _: keep_settings(path, entries), self.jsft.take_config)


def _setting_cells(row: SettingRow) -> Row:
    origin = "" if row.origin.startswith(THIS_RUN) else "quiet"
    value = "quiet" if row.origin == NOT_SET else ""
    shown = row.origin.replace(".yaml (", " (")  # which of SageMaker's two files matters more than its name
    return row.setting.value, (Cell(row.setting.label), Cell(row.text, value), Cell(shown, origin))

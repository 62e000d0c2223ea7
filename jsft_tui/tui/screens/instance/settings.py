"""How a run uses its instances: the settings in the detail of the Instance screen, and their prompts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual import on

from jsft_tui.core.common.durations import duration_words, format_duration
from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import plural
from jsft_tui.core.sizing import choice as instance_choice
from jsft_tui.core.sizing.run_settings import Setting
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.base.screens.master_detail_screen import MasterDetailScreen
from jsft_tui.tui.dialogs.prompt import PromptDialog, parsed_by
from jsft_tui.tui.screens.instance.settings_view import SettingsView
from jsft_tui.tui.widgets.master_detail import focus_within
from jsft_tui.tui.widgets.text.detail_view import DetailView

if TYPE_CHECKING:
    from jsft_tui.core.run.run import Run

OF_INSTANCES = frozenset({"count", "spot", "disk", "max_wait", "keep_warm"})
"""Actions that need instances of one's own."""


class InstanceSettings(MasterDetailScreen):
    """Edits the settings of the run, by their keys or with a cursor in the detail."""

    def __init__(self) -> None:
        super().__init__()
        self._setting = Setting.COUNT
        """Where the cursor of the detail is."""

    def detail_view(self) -> DetailView:
        """Return a view with a cursor over the settings."""
        return SettingsView()

    # The cursor

    @property
    def selected_setting(self) -> Setting | None:
        """The setting under the cursor; None while the focus is elsewhere."""
        if not self.panes.view.has_focus:
            return None
        is_serverless = self._loaded is not None and self.session.run.instance.is_serverless
        return Setting.MAX_RUNTIME if is_serverless else self._setting

    def action_how_it_runs(self) -> None:
        """Go to the settings in the detail, and back to the list."""
        panes = self.panes
        if panes.zoomed is None:
            focus_within(panes.list_pane if self.selected_setting is not None else panes.detail_pane)

    @on(SettingsView.Moved)
    def _setting_moved(self, event: SettingsView.Moved) -> None:
        event.stop()
        every = [Setting.MAX_RUNTIME] if self.session.run.instance.is_serverless else list(Setting)
        at = (every.index(self._setting) if self._setting in every else 0) + event.by
        self._setting = every[max(0, min(at, len(every) - 1))]
        self.draw_detail()

    @on(SettingsView.FocusChanged)
    def _detail_focused(self, event: SettingsView.FocusChanged) -> None:
        event.stop()
        if self._loaded is not None:
            self.draw_detail()
            self.draw_hints()

    async def edit_setting(self, setting: Setting) -> None:
        """Edit a setting."""
        await self.run_action(_RUNS[setting])

    # The settings

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Of a job whose instances SageMaker chooses, only the time can be set."""
        if action in OF_INSTANCES and self._loaded is not None and self.session.run.instance.is_serverless:
            self.say(f"SageMaker chooses the instances: only {self.key('max_runtime')}, the time, can be set.")
            return False
        return super().check_action(action, parameters)

    def action_count(self) -> None:
        """Set the number of instances."""
        self._prompt(
            "Number of instances",
            str(self.session.drafts.run.instance.count),
            instance_choice.parse_count,
            lambda run, count: instance_choice.with_count(run, count),
            lambda run: f"{plural(run.instance.count, 'instance')}",
            "A batch size per GPU grows with them; a global one does not.",
        )

    def action_spot(self) -> None:
        """Turn managed spot training on or off."""
        run = self.session.drafts.run
        if run.instance.spot:
            self.session.drafts.put(instance_choice.on_demand(run))
            self.say("Spot is off.")
            return
        changed = instance_choice.with_spot(run)
        self.session.drafts.put(changed)
        wait = duration_words(changed.instance.max_wait or 0)
        cold = " Nothing is kept warm." if run.instance.keep_alive else ""
        self.say(f"Spot is on: jobs may be interrupted. {self.key('max_runtime')} sets the wait, now {wait}.{cold}")

    def action_disk(self) -> None:
        """Set the disk size of each instance."""
        run, spec = self.session.drafts.run, self.session.spec
        if fixed := instance_choice.fixed_disk(run.instance.type):
            self.say(f"{run.instance.type} has {fixed}: its size is fixed.", Status.WARNING)
            return
        usual = instance_choice.disk_text(instance_choice.with_volume(run, None), spec)
        self._prompt(
            "Disk of each instance in GB",
            str(run.volume_gb or ""),
            instance_choice.parse_volume_gb,
            instance_choice.with_volume,
            lambda changed: f"The disk has {instance_choice.disk_text(changed, spec)}",
            f"Empty: {usual}, as the model has it.",
        )

    @flow("prompt")
    async def action_max_runtime(self) -> None:
        """Set the time after which the job is stopped, and with spot the wait as well."""
        if await self._ask_max_runtime() and self.session.drafts.run.instance.spot:
            await self._ask_max_wait()

    async def _ask_max_runtime(self) -> bool:
        return await self._ask(
            "Stop after",
            format_duration(self.session.drafts.run.instance.max_runtime),
            instance_choice.parse_max_runtime,
            instance_choice.with_max_runtime,
            lambda run: f"The job is stopped after {duration_words(run.instance.max_runtime)}",
            "Like 90m, 6h, 1h30m, 2d. The job is stopped then; this bounds the cost.",
        )

    @flow("prompt")
    async def action_max_wait(self) -> None:
        """Set the maximum of run time and waiting for spot capacity."""
        if not self.session.drafts.run.instance.spot:
            self.say(f"Only spot training waits: {self.key('spot')} turns it on.", Status.WARNING)
            return
        await self._ask_max_wait()

    async def _ask_max_wait(self) -> bool:
        run = self.session.drafts.run
        return await self._ask(
            "Maximum wait time, including the run time",
            format_duration(run.instance.max_wait or run.instance.max_runtime),
            lambda text: instance_choice.parse_max_wait(text, run),
            instance_choice.with_max_wait,
            lambda changed: f"Spot waits and runs {duration_words(changed.instance.max_wait or 0)} in all",
            f"At least the run time, {format_duration(run.instance.max_runtime)}.",
        )

    def action_keep_warm(self) -> None:
        """Set how long the instances are kept for the next job."""
        run = self.session.drafts.run
        if run.instance.spot:
            self.say(f"Spot instances cannot be kept warm: {self.key('spot')} turns spot off.", Status.WARNING)
            return
        self._prompt(
            "Keep the instances for the next job",
            format_duration(run.instance.keep_alive) if run.instance.keep_alive else "",
            instance_choice.parse_keep_alive,
            instance_choice.with_keep_alive,
            _said_of_warmth,
            "Like 10m, 1h; empty: not at all. They are billed while they wait, and need a warm pool quota.",
        )

    @flow("prompt")
    async def _prompt(
        self,
        title: str,
        value: str,
        parse: Callable[[str], Any],
        change: Callable[[Run, Any], Run],
        said: Callable[[Run], str],
        about: str,
    ) -> None:
        await self._ask(title, value, parse, change, said, about)

    async def _ask(
        self,
        title: str,
        value: str,
        parse: Callable[[str], Any],
        change: Callable[[Run, Any], Run],
        said: Callable[[Run], str],
        about: str,
    ) -> bool:
        """Ask for a setting and change it; return whether there was an answer."""
        text = await self.open_dialog(PromptDialog(title, value, check=parsed_by(parse), about=about))
        if text is None:
            return False
        changed = change(self.session.drafts.run, parse(text))
        self.session.drafts.put(changed)
        self.say(f"{said(changed)}.", Status.COMPLETED)
        return True


_RUNS = {
    Setting.COUNT: "screen.count",
    Setting.MAX_RUNTIME: "screen.max_runtime",
    Setting.SPOT: "screen.spot",
    Setting.DISK: "screen.disk",
    Setting.KEEP_WARM: "screen.keep_warm",
}
"""What enter runs on a setting."""


def _said_of_warmth(run: Run) -> str:
    kept = run.instance.keep_alive
    return f"The instances are kept for {duration_words(kept)} after the job" if kept else "Nothing is kept warm"

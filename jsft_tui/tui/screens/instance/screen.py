"""Screen 3: the instance types that the model supports, and what each would mean for batch and cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from jsft_tui.core.common.durations import format_duration
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import plural
from jsft_tui.core.run.run import Run
from jsft_tui.core.sizing import choice as instance_choice
from jsft_tui.core.sizing.offers import (
    InstanceOffer,
    Order,
    QuotaState,
    Supply,
    all_types,
    gpu_counts,
    next_gpu_count,
    offers,
    ordered,
    types_of,
)
from jsft_tui.services.preflight.quotas import quotas_by_type
from jsft_tui.tui.base.screen import WorkScreen, screen_bindings
from jsft_tui.tui.dialogs.prompt import PromptDialog, parsed_by
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.screens.instance.rows import (
    OfferRows,
    about_lines,
    columns,
    meaning_lines,
    narrowing_cells,
    setting_cells,
)
from jsft_tui.tui.theme.themes import Status
from jsft_tui.tui.widgets.filter_bar import FilterBar
from jsft_tui.tui.widgets.line_bar import LineBar
from jsft_tui.tui.widgets.pane import Pane
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from jsft_tui.tui.widgets.text.detail_pane import DetailPane
from jsft_tui.tui.widgets.text.text_pane import TextLine, line

GOOD_FOR = 15.0
"""Seconds after which the running jobs are asked for again when the screen is shown again."""

Held = Mapping[bool, Mapping[str, int]]
"""Whether spot -> instance type -> instances that running jobs hold."""


class InstanceScreen(WorkScreen):
    """Choose the machine."""

    WHERE = ScreenId.INSTANCE
    AUTO_FOCUS = "#instances"
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(ScreenId.INSTANCE)
    DEFAULT_CSS = """
    InstanceScreen #details { height: 7; }
    InstanceScreen.-narrow #details { height: 5; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._table = VirtualTable(columns(()), id="instances")
        self._filter = FilterBar(lambda: self.key("filter_instances"), placeholder="filter by type, GPU, note")
        self._settings = LineBar(id="settings")
        self._list = Pane("Instance types", self._table)
        self._text = DetailPane()
        self._details = Pane("Type", self._text, id="details")
        self._gpus: int | None = None
        self._order = Order.PRICE
        self._shows_all = False
        self._found: list[InstanceOffer] = []
        self._about: list[TextLine] = []
        self._held: Held | None = None
        self._held_problem: Problem | None = None
        self._asked_at: float | None = None
        self._at_home = ""
        """The model whose chosen type the cursor was put on."""

    def compose_body(self) -> ComposeResult:
        """Filter, settings, types, details."""
        yield self._filter
        yield self._settings
        yield self._list
        yield self._details

    # Loading

    def load(self) -> None:
        """Ask which instances are in use; prices and quotas are the desk's."""
        self._held, self._held_problem, self._at_home = None, None, ""
        self._table.set_message("Loading …")
        self._ask_held()

    def on_screen_resume(self) -> None:
        """Jobs may have begun or ended since."""
        session = self.jsft.session
        if session is not None and self._asked_at is not None and session.now() - self._asked_at > GOOD_FOR:
            session.services.quotas.forget_jobs()
            self._ask_held()

    def _ask_held(self, then: Callable[[], None] = lambda: None) -> None:
        """Ask which instances are in use; `then` is called when that is told, or why it is not."""
        session = self.session
        self._asked_at = session.now()

        def settled(held: Held | None, problem: Problem | None) -> None:
            self._held, self._held_problem = held, problem
            self.draw()
            then()

        def call(_: object) -> Held:
            return _held_in(session.services.quotas.held)

        self.ask("held", call, lambda held: settled(held, None), lambda problem: settled(None, problem))

    # Showing

    @property
    def _supply(self) -> Supply:
        session, spot = self.session, self.session.run.instance.spot
        quotas = quotas_by_type(session.quotas, spot=spot) if session.quotas is not None else None
        return Supply(session.prices, quotas, self._held[spot] if self._held is not None else None)

    def draw(self) -> None:
        """Types, settings and details follow the desk."""
        session = self.session
        run, spec = session.run, session.spec
        self._settings.show(setting_cells(run, spec))
        if run.model.id and spec is None:
            self._found = []
            self._table.set_message(self._why_no_spec(run.model.id))
        else:
            types = all_types(spec) if self._shows_all else types_of(spec)
            self._found = offers(types, spec, self._supply, run)
            gpus, filter_ = self.key("gpu_filter"), self.key("filter_instances")
            clear = f"clear the filter: {filter_} and esc"
            self._table.set_message(f"No type fits. Press {gpus} for any number of GPUs, or {clear}.")
        self._show_rows()
        if self._found and self._at_home != run.model.id:
            self._at_home = run.model.id
            self._table.move_to_key(run.instance.type)

    def _why_no_spec(self, model: str) -> str:
        problem = self.session.problems.get("spec")
        if problem is None:
            return f"Reading what {model} runs on …"
        return f"What {model} runs on cannot be read: {problem}  {self.key('retry')} asks again."

    def _show_rows(self) -> None:
        counts = gpu_counts(self._found)
        if self._gpus not in counts:
            self._gpus = None
        words = self._filter.value.lower().split()
        fitting = [
            offer
            for offer in self._found
            if (self._gpus is None or offer.hardware.gpus == self._gpus) and _fits(offer, words)
        ]
        self._table.set_columns(columns(self._found))
        self._table.set_source(OfferRows(ordered(fitting, self._order), self.session.run.instance.type))
        self._list.set_title(self._title(len(fitting)), narrowing_cells(counts, self._gpus, self._order))
        self._draw_details()

    def _title(self, count: int) -> str:
        total = plural(len(self._found), "type")
        of = total if count == len(self._found) else f"{count} of {total}"
        if not self.session.run.model.id:
            return f"{of}, no model"
        return of if self._shows_all else f"{of} in the spec"

    def _draw_details(self) -> None:
        offer = self._offer
        if offer is None:
            self._details.set_title("Type")
            self._text.show([])
            return
        notices = [line(f"! {notice}", Status.WARNING.value, indent=2) for notice in self._notices()]
        self._about = [*about_lines(offer), *notices]
        self._draw_meaning()

    def _draw_meaning(self) -> None:
        """What the type under the cursor means for batch and cost: told at once, the rest when the cursor rests."""
        if (offer := self._offer) is not None:
            self._details.set_title(offer.name)
            meaning = meaning_lines(offer, self.session.run, self.session.spec, self._supply, self.key)
            self._text.show_from_top([*meaning, *self._about])

    def _notices(self) -> list[str]:
        """What could not be found out, and why."""
        session = self.session
        found = []
        if (quotas := session.problems.get("quotas")) is not None:
            found.append(f"quotas unknown: {quotas}")
        if self._held_problem is not None:
            found.append(f"instances in use unknown: {self._held_problem}")
        if (prices := session.problems.get("prices")) is not None:
            found.append(f"prices unknown: {prices}")
        elif (denied := session.services.prices.denied) is not None:
            found.append(f"price list not read: {denied}")
        return found

    @property
    def _offer(self) -> InstanceOffer | None:
        source = self._table.source
        if not isinstance(source, OfferRows) or self._table.cursor >= len(source):
            return None
        return source.offers[self._table.cursor]

    @on(VirtualTable.RowHighlighted)
    def _highlighted(self, event: VirtualTable.RowHighlighted) -> None:
        event.stop()
        self._draw_meaning()
        self.when_cursor_rests(self._draw_details)

    # Narrowing

    @on(FilterBar.Changed)
    def _filtered(self, event: FilterBar.Changed) -> None:
        event.stop()
        if self._loaded is None:
            return
        self._show_rows()
        if event.value:
            self._table.action_cursor_to_end(-1)
            self._table.move_to_key(event.value.strip())

    @on(FilterBar.Left)
    def _filter_left(self, event: FilterBar.Left) -> None:
        event.stop()
        self._table.focus()

    def action_filter(self) -> None:
        """Begin to type a filter."""
        self._filter.focus()

    def action_gpus(self) -> None:
        """Only types with the next number of GPUs."""
        self._gpus = next_gpu_count(gpu_counts(self._found), self._gpus)
        self._show_rows()

    def action_sort(self) -> None:
        """The next order."""
        self._order = self._order.next
        self._show_rows()

    def action_all(self) -> None:
        """Show types that the model's spec does not list, or hide them."""
        self._shows_all = not self._shows_all
        if self.session.run.model.id:
            shown = "Types that the spec does not list are shown, too" if self._shows_all else "Only the spec's types"
            self.say(f"{shown}.")
        self.draw()

    def action_reload(self) -> None:
        """Ask for prices, quotas and running jobs again."""
        session = self.session
        session.services.prices.forget()
        session.services.quotas.forget()
        self.say("Asking for prices and quotas again …")
        waits = {"prices", "quotas", "held"}

        def settled(name: str) -> None:
            waits.discard(name)
            if not waits:
                self._say_reloaded()

        for fact in session.facts():
            if fact.name in waits:
                self.jsft.find_out(fact, partial(settled, fact.name))
        self._ask_held(partial(settled, "held"))

    def _say_reloaded(self) -> None:
        notices = self._notices()
        if notices:
            self.say(notices[0], Status.WARNING)
        else:
            self.say("Prices and quotas are those of now.", Status.COMPLETED)

    # Choosing

    @on(VirtualTable.RowSelected)
    def _selected(self, event: VirtualTable.RowSelected) -> None:
        event.stop()
        self.action_choose()

    def action_choose(self) -> None:
        """Run on the type under the cursor."""
        offer = self._offer
        if offer is None:
            return
        before = self.session.drafts.run
        after = instance_choice.with_type(before, offer.name)
        self.session.drafts.put(after)
        said = [f"The run is on {offer.name} now", instance_choice.batch_change(before, after, self.session.spec)]
        if offer.supported is False or offer.quota_state in (QuotaState.ZERO, QuotaState.SHORT):
            said.append(offer.notes[0])
            self.say(" · ".join(filter(None, said)), Status.WARNING)
        else:
            self.say(" · ".join(filter(None, said)), Status.COMPLETED)

    def action_count(self) -> None:
        """How many instances."""
        self._prompt(
            "How many instances",
            str(self.session.drafts.run.instance.count),
            instance_choice.parse_count,
            lambda run, count: instance_choice.with_count(run, count),
            lambda run: f"The run is on {plural(run.instance.count, 'instance')}",
            "A global batch size does not grow with them; one per device does.",
        )

    def action_spot(self) -> None:
        """Managed spot training on or off."""
        run = self.session.drafts.run
        if run.instance.spot:
            self.session.drafts.put(instance_choice.on_demand(run))
            self.say("Spot is off.")
        else:
            changed = instance_choice.with_spot(run)
            self.session.drafts.put(changed)
            wait = format_duration(changed.instance.max_wait or 0)
            self.say(f"Spot is on: jobs may be interrupted. Max wait {wait}: {self.key('max_wait')} changes it.")

    def action_disk(self) -> None:
        """Disk of each instance."""
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

    def action_max_runtime(self) -> None:
        """After so long the job is stopped."""
        self._prompt(
            "Longest run",
            format_duration(self.session.drafts.run.instance.max_runtime),
            instance_choice.parse_max_runtime,
            instance_choice.with_max_runtime,
            lambda run: f"The job is stopped after {format_duration(run.instance.max_runtime)}",
            "Like 90m, 6h, 1h30m, 2d. The job is stopped then; this bounds the cost.",
        )

    def action_max_wait(self) -> None:
        """Spot: run time and waiting together."""
        run = self.session.drafts.run
        if not run.instance.spot:
            self.say(f"Only spot training waits: {self.key('spot')} turns it on.", Status.WARNING)
            return
        self._prompt(
            "Longest wait, running included",
            format_duration(run.instance.max_wait or run.instance.max_runtime),
            lambda text: instance_choice.parse_max_wait(text, run),
            instance_choice.with_max_wait,
            lambda changed: f"Spot waits and runs {format_duration(changed.instance.max_wait or 0)} in all",
            f"At least max run, {format_duration(run.instance.max_runtime)}.",
        )

    def _prompt(
        self,
        title: str,
        value: str,
        parse: Callable[[str], Any],
        change: Callable[[Run, Any], Run],
        said: Callable[[Run], str],
        about: str,
    ) -> None:
        def answered(text: str | None) -> None:
            if text is None:
                return
            changed = change(self.session.drafts.run, parse(text))
            self.session.drafts.put(changed)
            self.say(f"{said(changed)}.", Status.COMPLETED)

        dialog = PromptDialog(title, value, check=parsed_by(parse), about=about)
        self.app.push_screen(dialog, answered)


def _fits(offer: InstanceOffer, words: list[str]) -> bool:
    text = " ".join((offer.name, offer.accelerator, *offer.notes)).lower()
    return all(word in text for word in words)


def _held_in(held: Callable[..., Mapping[str, int]]) -> Held:
    return {spot: held(spot=spot) for spot in (False, True)}

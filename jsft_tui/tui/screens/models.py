"""Screen 1: all models of the region, filtered as one types, with a card of the one under the cursor."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.timer import Timer

from jsft_tui.core.catalog.spec import CardIndex, Facets, ModelCard, ModelSpec
from jsft_tui.core.catalog.task import find_task
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import plural
from jsft_tui.core.hyperparameters.values import changed_values
from jsft_tui.core.run.draft import taken_up, with_model
from jsft_tui.core.run.run import Run
from jsft_tui.core.sizing.model_card import card_facts, card_notes, short_model_id
from jsft_tui.services.background.tasks import Reporter
from jsft_tui.services.preflight.quotas import ON_DEMAND
from jsft_tui.tui.base.screen import WorkScreen, screen_bindings
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.theme.themes import Status
from jsft_tui.tui.widgets.filter_bar import FilterBar
from jsft_tui.tui.widgets.pane import Pane
from jsft_tui.tui.widgets.table.columns import Column
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_pane import DetailPane
from jsft_tui.tui.widgets.text.text_pane import fact, line

SHOW_AFTER = 0.5
"""Seconds after which the card is shown with what is known without the spec."""
ANY = "any"

COLUMNS = (
    Column("flag", "", width=1),
    Column("model", "MODEL", min_width=46),
    Column("task", "TASK", width=11, priority=1),
    Column("note", "NOTE", width=22, priority=2),
    Column("framework", "FRAMEWORK", width=12, priority=3),
    Column("version", "VERSION", width=8, priority=4),
)


@dataclass(frozen=True)
class CardRows:
    """The models that fit, as rows of the table."""

    cards: Sequence[ModelCard]

    def __len__(self) -> int:
        return len(self.cards)

    def key(self, index: int) -> str:
        """The model id."""
        return self.cards[index].model_id

    def cells(self, index: int) -> Sequence[Cell]:
        """The row."""
        card = self.cards[index]
        quiet = "" if card.fine_tunable else "quiet"
        is_warned = card.deprecated or card.vulnerable
        warning = Status.WARNING.value if is_warned else "quiet"
        return (
            Cell("!" if is_warned else "▸" if card.sandbox_runnable else "", warning),
            Cell(card.model_id, quiet),
            Cell(card.task.abbreviation, quiet),
            Cell(card_notes(card), warning),
            Cell(card.framework, quiet),
            Cell(card.version, "quiet"),
        )


class ModelsScreen(WorkScreen):
    """Browse and pick."""

    WHERE = ScreenId.MODELS
    AUTO_FOCUS = "#models"
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(ScreenId.MODELS)
    DEFAULT_CSS = """
    ModelsScreen #card { height: 9; }
    ModelsScreen.-narrow #card { height: 7; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._index = CardIndex(())
        self._facets = Facets(fine_tunable=True)
        self._synced: float | None = None
        self._table = VirtualTable(COLUMNS, id="models")
        self._filter = FilterBar(lambda: self.key("filter_models"), placeholder="filter by id, task, framework")
        self._list = Pane("Models", self._table)
        self._text = DetailPane()
        self._card = Pane("Card", self._text, id="card")
        self._specs: dict[str, ModelSpec | Problem] = {}
        self._late: Timer | None = None
        self._at_home = False
        """Whether the cursor was put on the draft's model; later on it is where the person put it."""

    def compose_body(self) -> ComposeResult:
        """Filter, list, card."""
        yield self._filter
        yield self._list
        yield self._card

    # Loading

    def load(self) -> None:
        """Show the cached catalogue, then ask for the region's own."""
        self._index, self._synced, self._specs, self._at_home = CardIndex(()), None, {}, False
        self._table.set_message("Loading the catalogue …")
        catalog = self.session.services.catalog
        self.ask("cached", lambda _: CardIndex(catalog.cached_cards()), self._show_cached, self._no_cache)

    def _show_cached(self, index: CardIndex) -> None:
        self._take(index)
        self._sync()

    def _no_cache(self, problem: Problem) -> None:
        del problem  # the sync says what is wrong
        self._sync()

    def _sync(self) -> None:
        catalog = self.session.services.catalog

        def call(wanted: Reporter[tuple[int, int]]) -> CardIndex:
            return CardIndex(catalog.cards(lambda done, total: wanted.tell((done, total))))

        self.say("Syncing the catalogue …")
        self.ask("cards", call, self._synced_now, self._not_synced, self._say_progress)

    def _say_progress(self, progress: tuple[int, int]) -> None:
        done, total = progress
        if done % 25 == 0 or done == total:
            self.say(f"Syncing the catalogue … {done:,} of {total:,} models")

    def _synced_now(self, index: CardIndex) -> None:
        catalog = self.session.services.catalog
        self._synced = time.monotonic()
        self._take(index)
        if catalog.stale is not None:
            self.say(f"From the cache: {self.jsft.told(catalog.stale)}", Status.WARNING)
        elif catalog.left_out:
            count = plural(len(catalog.left_out), "model")
            self.say(f"{count} left out: {catalog.left_out[0].message}", Status.WARNING)
        elif self.status.startswith("Syncing"):
            self.say(self.jsft.greeting)

    def _not_synced(self, problem: Problem) -> None:
        self._table.set_message(
            f"The catalogue cannot be read: {problem}  Press {self.key('reload_models')} to try again."
        )
        self.say_problem(problem)

    def _take(self, index: CardIndex) -> None:
        self._index = index
        self._show_rows()
        if index.cards and not self._at_home:
            self._at_home = True
            if not self._filter.value:
                self._table.move_to_key(self.session.drafts.run.model.id)

    # Showing

    def draw(self) -> None:
        """Title and card follow the desk."""
        self._draw_title()
        self._draw_card()

    def _show_rows(self) -> None:
        found = self._index.search(self._filter.value, self._facets)
        if self._index.cards and not found:
            every = self.key("all_models")
            self._table.set_message(f"No model fits. Clear the filter with esc, or press {every} for all models.")
        self._table.set_source(CardRows(found))
        self._draw_title()
        self._draw_card()

    def _draw_title(self) -> None:
        tunable = sum(card.fine_tunable for card in self._index.cards)
        every = len(self._index.cards)
        only_tunable = self._facets.fine_tunable
        of = f"{tunable:,} fine-tunable, {every:,} in all" if only_tunable else f"{every:,}, {tunable:,} fine-tunable"
        facets = [f"{word} {value} ×" for word, value in self._facet_words()]
        synced = self._synced_text() if self.is_wide else ""
        right = "  ".join(filter(None, [*facets, synced]))
        self._list.set_title(f"{len(self._table.source):,} of {of}", [Cell(right)] if right else [])

    def _facet_words(self) -> Iterable[tuple[str, str]]:
        if self._facets.task is not None:
            yield "task", self._facets.task.label
        if self._facets.framework is not None:
            yield "framework", self._facets.framework
        if not self._facets.fine_tunable:
            yield "all", "models"

    def _synced_text(self) -> str:
        if self._synced is None:
            return "from the cache" if self._index.cards else ""
        minutes = int((time.monotonic() - self._synced) // 60)
        return f"synced {minutes} min ago" if minutes else "synced just now"

    def _draw_card(self) -> None:
        key = self._table.cursor_key
        card = self._card_of(key)
        if card is None:
            self._card.set_title("Card")
            self._text.show([])
            return
        self._card.set_title(f"{card.model_id} · {card.version}")
        spec = self._specs.get(card.model_id)
        if isinstance(spec, Problem):
            self._text.show_from_top([line(f"The card cannot be read: {spec}", "warning")])
        elif spec is None:
            self._text.show_from_top(
                [fact("Task", f"{card.task.label}, {card.framework}"), fact("Note", card_notes(card))]
            )
        else:
            facts = card_facts(spec, self.session.quotas, ON_DEMAND)
            self._text.show([fact(each.label, each.text) for each in facts])

    def _card_of(self, model_id: str | None) -> ModelCard | None:
        source = self._table.source
        if model_id is None or not isinstance(source, CardRows) or self._table.cursor >= len(source):
            return None
        return source.cards[self._table.cursor]

    @on(VirtualTable.RowHighlighted)
    def _highlighted(self, event: VirtualTable.RowHighlighted) -> None:
        event.stop()
        if self._late is not None:
            self._late.stop()
        self.when_cursor_rests(self._look_at_spec)

    def _look_at_spec(self) -> None:
        key = self._table.cursor_key
        if key is None or not self._card.display:
            return
        if key in self._specs:
            self._draw_card()
            return
        # The old card stays until the new one can be shown whole, unless that takes its time.
        self._late = self.set_timer(SHOW_AFTER, self._draw_card)
        catalog = self.session.services.catalog

        def take(spec: ModelSpec | Problem) -> None:
            self._specs[key] = spec
            if self._late is not None:
                self._late.stop()
            self._draw_card()

        self.ask("spec", lambda _: catalog.spec(key), take, take)

    # Narrowing

    @on(FilterBar.Changed)
    def _filtered(self, event: FilterBar.Changed) -> None:
        event.stop()
        self._show_rows()
        if event.value:  # the best fit is the first
            self._table.action_cursor_to_end(-1)

    @on(FilterBar.Left)
    def _filter_left(self, event: FilterBar.Left) -> None:
        event.stop()
        self._table.focus()

    def action_filter(self) -> None:
        """Begin to type a filter."""
        self._filter.focus()

    def action_choose_task(self) -> None:
        """Narrow to a task."""
        within = self._index.search(self._filter.value, replace(self._facets, task=None))
        counts = Counter(card.task for card in within)
        choices = [Choice(task.value, task.label, f"{count:,}") for task, count in counts.most_common()]
        here = self._facets.task.value if self._facets.task else ANY

        def chosen(key: str | None) -> None:
            if key is not None:
                self._narrow(replace(self._facets, task=find_task(key)))

        self.app.push_screen(ChoiceDialog("Task", [Choice(ANY, "any task"), *choices], at=here), chosen)

    def action_choose_framework(self) -> None:
        """Narrow to a framework."""
        within = self._index.search(self._filter.value, replace(self._facets, framework=None))
        counts = Counter(card.framework for card in within)
        choices = [Choice(name, name, f"{count:,}") for name, count in counts.most_common()]

        def chosen(key: str | None) -> None:
            if key is not None:
                self._narrow(replace(self._facets, framework=None if key == ANY else key))

        at = self._facets.framework or ANY
        self.app.push_screen(ChoiceDialog("Framework", [Choice(ANY, "any framework"), *choices], at=at), chosen)

    def action_toggle_all(self) -> None:
        """Show all models, or only those that can be fine-tuned."""
        self._narrow(replace(self._facets, fine_tunable=not self._facets.fine_tunable))

    def _narrow(self, facets: Facets) -> None:
        self._facets = facets
        self._show_rows()

    def action_toggle_card(self) -> None:
        """Show or hide the card."""
        self._card.display = not self._card.display
        self._look_at_spec()

    def action_reload(self) -> None:
        """Ask for the catalogue again."""
        self.session.services.catalog.forget()
        self._sync()

    # Picking

    @on(VirtualTable.RowSelected)
    def _selected(self, event: VirtualTable.RowSelected) -> None:
        event.stop()
        self.action_pick()

    def action_pick(self) -> None:
        """Take the model under the cursor into the run."""
        if (model_id := self._table.cursor_key) is not None:
            self._pick(model_id, "*")

    def action_versions(self) -> None:
        """Choose a version of the model under the cursor."""
        model_id = self._table.cursor_key
        if model_id is None:
            return
        catalog = self.session.services.catalog

        def show(versions: list[str]) -> None:
            notes = {versions[0]: "newest"} if versions else {}
            choices = [Choice(version, version, notes.get(version, "")) for version in versions]
            self.ask_person(ChoiceDialog(f"Versions of {model_id}", choices), chosen)

        def chosen(version: str | None) -> None:
            if version is not None:
                self._pick(model_id, version)

        self.ask("versions", lambda _: catalog.versions(model_id), show)

    def _pick(self, model_id: str, version: str) -> None:
        session = self.session

        def take(found: tuple[Run, ModelSpec]) -> None:
            suggestion, spec = found
            run, left = session.drafts.run, session.drafts.left(model_id)
            kept = self._what_is_kept(model_id)
            session.spec = spec
            session.drafts.put(taken_up(left, run, spec, suggestion) if left else with_model(run, spec, suggestion))
            again = "It is as you had it. " if left else ""
            self.say(
                f"{kept}{again}Next: {self.key('go_data')} for the data of {model_id} {spec.version}.", Status.COMPLETED
            )

        self.say(f"Reading {model_id} …")
        self.ask("pick", lambda _: session.services.first_run(model_id, version), take)

    def _what_is_kept(self, model_id: str) -> str:
        """What is said of the draft when another model is taken and something had been chosen for its own."""
        run, spec = self.session.drafts.run, self.session.spec
        is_other = run.model.id not in ("", model_id)
        if not is_other or not (run.data or (spec is not None and changed_values(run, spec))):
            return ""
        name = short_model_id(run.model.id)
        return f"What you chose for {name} is kept. "

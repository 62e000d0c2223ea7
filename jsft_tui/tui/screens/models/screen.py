"""The Models screen: the models of the region in groups, and what each one needs."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from jsft_tui.core.catalog.cards import CardIndex, Facets
from jsft_tui.core.catalog.model_name import short_model_id
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import plural
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.base.screens.master_detail_screen import MasterDetailScreen
from jsft_tui.tui.base.screens.work_screen import screen_bindings
from jsft_tui.tui.base.texts.states import empty, unread
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.screens.models.rows import (
    COLUMNS,
    NATURAL_WIDTH,
    ModelRows,
    account_rows,
    by_task,
    sandbox_rows,
)
from jsft_tui.tui.terminal.one_shot import one_shot
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_view import Detail, Shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.binding import BindingType
    from textual.timer import Timer

    from jsft_tui.core.catalog.cards import ModelCard
    from jsft_tui.core.catalog.spec.spec import ModelSpec
    from jsft_tui.services.background.tasks import Reporter
    from jsft_tui.tui.screens.models.detail import KnownModel

SHOW_AFTER = 0.5
"""Seconds after which the list's part of a card is displayed without the spec."""


class ModelsScreen(MasterDetailScreen):
    """Browse the models and choose one."""

    WHERE = ScreenId.MODELS
    TITLE = "Models"
    LIST_COLUMNS = COLUMNS
    NATURAL_WIDTH = NATURAL_WIDTH
    FILTER_ACTION = "filter_models"
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(ScreenId.MODELS)

    def __init__(self) -> None:
        super().__init__()
        self._index = CardIndex(())
        self._facets = Facets(fine_tunable=True)
        self._synced: float | None = None
        self._progress: tuple[int, int] | None = None
        """Models that were read and that are to be read, while the catalog is synced."""
        self._specs: dict[str, ModelSpec | Problem] = {}
        self._card_timer: Timer | None = None
        self._used: frozenset[str] = frozenset()
        self._cursor_is_placed = False
        """Whether the cursor was moved to the draft's model, which happens once per target."""

    # Loading

    def load(self) -> None:
        """Display the cached catalog, then sync it with the region's."""
        self._synced, self._specs, self._cursor_is_placed = None, {}, False
        self._used = frozenset()
        self._take(CardIndex(self.session.cards))
        self._sync()

    @flow("cards")
    async def _sync(self) -> None:
        catalog = self.session.services.catalog

        def sync(reporter: Reporter[tuple[int, int]]) -> CardIndex:
            return CardIndex(catalog.cards(lambda done, total: reporter.tell((done, total))))

        self._progress = (0, 0)
        self._show_state()
        try:
            index = await self.call_with_progress(sync, self._say_progress)
        except Problem as problem:
            self._progress = None
            self._not_synced(problem)
        else:
            self._progress = None
            self._show_synced(index)

    def _say_progress(self, progress: tuple[int, int]) -> None:
        done, total = progress
        if done % 25 == 0 or done == total:
            self._progress = progress
            self._show_state()

    def _show_synced(self, index: CardIndex) -> None:
        catalog = self.session.services.catalog
        self._synced = time.monotonic()
        self._take(index)
        if catalog.stale is not None:
            self.say(f"From the cache: {self.jsft.told(catalog.stale)}", Status.WARNING)
        elif catalog.left_out:
            count = plural(len(catalog.left_out), "model")
            self.say(f"{count} left out: {catalog.left_out[0].message}", Status.WARNING)

    def _not_synced(self, problem: Problem) -> None:
        self._show_state()
        if not self._index.cards:
            ways = ((self.key("reload_models"), "try again"), (self.key("target"), "choose another target"))
            self.show_notice(unread("The catalog cannot be read.", str(problem), ways))
        self.say_problem(problem)

    def _take(self, index: CardIndex) -> None:
        self._index = index
        self._show_models()
        if index.cards and not self._cursor_is_placed:
            self._cursor_is_placed = True
            if not self._filter.value:
                self._table.move_to_key(self.session.drafts.run.model.id)

    # Showing

    def draw(self) -> None:
        """Draw what depends on the draft and on facts."""
        if self._used_models() != self._used:
            self._show_models()
        self._show_state()
        self._draw_known()

    def jobs_changed(self) -> None:
        """Draw one's own runs of the model."""
        super().jobs_changed()
        if self.is_mounted and self.jsft.session is not None:
            self._draw_known()

    def _draw_known(self) -> None:
        if self._table.cursor_key in self._specs:
            self.draw_detail()

    def _used_models(self) -> frozenset[str]:
        from jsft_tui.core.jobs.history import models_of

        trained = models_of(self.session.job_list.state.jobs)
        return trained | {self.session.drafts.run.model.id} - {""}

    def _show_models(self) -> None:
        words = self._filter.value
        found = self._index.search(words, self._facets)
        cards: Sequence[ModelCard] = found if words else by_task(found)
        self._used = self._used_models()
        rows = sandbox_rows(cards) if self.session.target.sandbox else account_rows(cards, self._used)
        self.show_rows(rows, self._state_cells(len(found)))
        if self._index.cards and not found:
            ways = (
                (self.key("back"), "take the filter away"),
                (self.key("all_models"), "all models, also those that cannot be fine-tuned"),
            )
            self.show_notice(empty("No model fits.", ways))

    def _show_state(self) -> None:
        self.show_state(self._state_cells(len(self._table.source)))

    def _state_cells(self, found: int) -> Sequence[Cell]:
        from jsft_tui.tui.screens.models.facets import facet_words

        every = len(self._index.cards)
        tunable = sum(card.fine_tunable for card in self._index.cards)
        if self._progress is not None and not every:
            done, _ = self._progress
            return (Cell(f"loading … {done:,} so far" if done else "loading …", "muted"),)
        if self._filter.value:
            return (Cell(f"{found:,} of {tunable:,} fit", "muted"),)
        if words := facet_words(self._facets):
            of = every if not self._facets.fine_tunable else tunable
            return (Cell(f"{words} · {found:,} of {of:,}", "muted"),)
        return (Cell(f"{tunable:,} of {every:,} can be fine-tuned", "muted"),) if every else ()

    def freshness(self) -> str:
        """Return the greeting of the demo, while there is one, or how fresh the list is."""
        if self.jsft.greeting:
            return self.jsft.greeting
        return "from the cache" if self._synced is None and self._index.cards else ""

    def detail(self, key: str, shape: Shape) -> Detail:
        """Return what is known of a model."""
        from jsft_tui.tui.screens.models.detail import model_detail, unread_detail

        spec = self._specs.get(key)
        if spec is None or isinstance(spec, Problem):
            source = self._table.source
            assert isinstance(source, ModelRows)
            return unread_detail(source.cards[self._table.cursor], str(spec or ""))
        return model_detail(self._known(spec), shape)

    def _known(self, spec: ModelSpec) -> KnownModel:
        from jsft_tui.core.jobs.history import runs_of
        from jsft_tui.core.sizing.model_card import runs_on
        from jsft_tui.services.preflight.quotas import ON_DEMAND
        from jsft_tui.tui.screens.models.detail import KnownModel

        session = self.session
        quotas = session.quotas
        by_type = None if quotas is None else {n: quotas.get(ON_DEMAND.format(n), 0) for n in spec.instance_types}
        is_chosen = session.run.model.id == spec.model_id
        return KnownModel(
            spec,
            runs_on(spec, by_type, session.prices),
            runs_of(spec.model_id, session.job_list.state.jobs, session.prices, session.now()),
            (session.run.instance.type if is_chosen else "") or spec.default_instance_type or "",
            session.target.sandbox,
            self.key("pick_model"),
            session.target.region,
        )

    def cursor_moved(self) -> None:
        """Say the place at once; the card follows when the cursor rests."""
        if self._card_timer is not None:
            self._card_timer.stop()
        super().cursor_moved()

    def cursor_rests(self) -> None:
        """Tell what the model is, once its spec is read."""
        key = self._table.cursor_key
        if key is None or key in self._specs:
            self.draw_detail()
            return
        # Keep the old card until the new one is complete, unless that takes long.
        self._card_timer = one_shot(self, SHOW_AFTER, self.draw_detail)
        self._read_spec(key)

    @flow("spec")
    async def _read_spec(self, key: str) -> None:
        catalog = self.session.services.catalog
        try:
            self._specs[key] = await self.call(lambda: catalog.spec(key))
        except Problem as problem:
            self._specs[key] = problem
        if self._card_timer is not None:
            self._card_timer.stop()
        self._draw_known()

    # Filtering

    def filter_changed(self) -> None:
        """Show the rows that fit the filter."""
        super().filter_changed()
        self._show_models()
        if self._filter.value:  # the best match is the first
            self._table.action_cursor_to_end(-1)

    @flow("facet")
    async def action_facets(self) -> None:
        """Narrow the list by a facet."""
        from jsft_tui.tui.dialogs.choice import ChoiceDialog
        from jsft_tui.tui.screens.models.facets import facet_choices, with_facet

        choices = facet_choices(self._index, self._filter.value, self._facets)
        key = await self.open_dialog(ChoiceDialog("Which models?", choices))
        if key is not None:
            self._set_facets(with_facet(self._facets, key))

    def action_toggle_all(self) -> None:
        """Toggle between all models and those that can be fine-tuned."""
        self._set_facets(replace(self._facets, fine_tunable=not self._facets.fine_tunable))

    def _set_facets(self, facets: Facets) -> None:
        self._facets = facets
        self._show_models()

    def action_reload(self) -> None:
        """Load the catalog again."""
        self.session.services.catalog.forget()
        self._sync()

    # Choosing

    def row_chosen(self) -> None:
        """Do what enter means on this screen."""
        self.action_pick()

    def action_pick(self) -> None:
        """Choose the model under the cursor for the draft, and go on to its data."""
        if (model_id := self._table.cursor_key) is not None:
            self._pick(model_id, "*", ScreenId.DATA)

    def action_take(self) -> None:
        """Choose the model under the cursor for the draft, and stay here."""
        if (model_id := self._table.cursor_key) is not None:
            self._pick(model_id, "*", ScreenId.MODELS)

    @flow("versions")
    async def action_versions(self) -> None:
        """Choose a version of the model under the cursor."""
        from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog

        model_id = self._table.cursor_key
        if model_id is None:
            return
        catalog = self.session.services.catalog
        versions = await self.call(lambda: catalog.versions(model_id))
        notes = {versions[0]: "newest"} if versions else {}
        choices = [Choice(version, version, notes.get(version, "")) for version in versions]
        version = await self.open_dialog(ChoiceDialog(f"Versions of {model_id}", choices))
        if version is not None:
            self._pick(model_id, version, ScreenId.MODELS)

    @flow("pick")
    async def _pick(self, model_id: str, version: str, following: ScreenId) -> None:
        from jsft_tui.core.run.draft import restored, with_model

        session = self.session
        self.say(f"Reading {model_id} …")
        suggestion, spec = await self.call(lambda: session.services.planning.first_run(model_id, version))
        run, left = session.drafts.run, session.drafts.previous(model_id)
        kept = self._kept_message(model_id)
        session.spec = spec
        session.drafts.put(restored(left, run, spec, suggestion) if left else with_model(run, spec, suggestion))
        again = "Back to your last settings for this model. " if left else ""
        if self.jsft.work_screen is self:
            goes_on = following is ScreenId.DATA
            self.jsft.go(ScreenId.CUSTOMIZE if goes_on and spec.recipes else following)
        if session.target.sandbox and not spec.sandbox_runnable:
            said, sign = "The sandbox cannot train this. You can plan and export the run.", Status.WARNING
        else:
            said, sign = f"{kept}{again}" or f"{short_model_id(model_id)} {spec.version} is chosen.", Status.COMPLETED
        # Shown where one is then.
        self.jsft.call_later(self.jsft.say, said, sign)

    def _kept_message(self, model_id: str) -> str:
        """Return the message about the settings of the previous model; empty if nothing had been set."""
        from jsft_tui.core.hyperparameters.values import changed_values

        run, spec = self.session.drafts.run, self.session.spec
        is_other = run.model.id not in ("", model_id)
        if not is_other or not (run.data or (spec is not None and changed_values(run, spec))):
            return ""
        name = short_model_id(run.model.id)
        return f"Your settings for {name} are kept. "

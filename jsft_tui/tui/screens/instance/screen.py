"""The Instance screen: the types in groups, what each would cost this run, and how the run uses its instances."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.status import Status
from jsft_tui.core.customization.customization import SERVERLESS
from jsft_tui.core.instances.types import instance_types
from jsft_tui.core.request.recipe_job import refusal
from jsft_tui.core.sizing.choice import batch_change
from jsft_tui.core.sizing.customization import run_on
from jsft_tui.core.sizing.facets import OfferFacets, fits_words
from jsft_tui.core.sizing.groups import Recommendation, grouped, recommended
from jsft_tui.core.sizing.offers import InstanceOffer, Order, QuotaState, Supply, all_types, offers, types_of
from jsft_tui.core.sizing.pricing import price_date
from jsft_tui.services.preflight.quotas import quotas_by_type
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.base.screens.work_screen import screen_bindings
from jsft_tui.tui.base.texts.states import empty, unread
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.screens.instance.detail import ACTIONS, KnownType, type_detail
from jsft_tui.tui.screens.instance.facets import facet_choices, with_facet
from jsft_tui.tui.screens.instance.rows import NATURAL_WIDTH, OfferRows, columns, state_cells
from jsft_tui.tui.screens.instance.serverless import KnownServerless, RecipeRows, serverless_detail
from jsft_tui.tui.screens.instance.settings import InstanceSettings
from jsft_tui.tui.widgets.text.detail_view import Detail, Shape
from jsft_tui.tui.widgets.text.text_pane import line

if TYPE_CHECKING:
    from textual.binding import BindingType

    from jsft_tui.core.catalog.spec.recipe import Recipe
    from jsft_tui.core.customization.cost.price import SkuPrice
    from jsft_tui.core.jobs.history import PastRun
    from jsft_tui.tui.keymap.action import Action

GOOD_FOR = 15.0
"""Seconds after which the running jobs are requested again when the screen is resumed."""

Usage = Mapping[bool, Mapping[str, int]]
"""Spot or not -> instance type -> number of instances used by running jobs."""

_KEYS = ("choose_instance", "go_models", "go_hyperparameters", *ACTIONS.values())
"""Actions that the detail names."""


class InstanceScreen(InstanceSettings):
    """Choose the instance type, and its settings."""

    WHERE = ScreenId.INSTANCE
    TITLE = "Instance types"
    LIST_COLUMNS = columns(())
    NATURAL_WIDTH = NATURAL_WIDTH
    FILTER_ACTION = "filter_instances"
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(ScreenId.INSTANCE)

    def __init__(self) -> None:
        super().__init__()
        self._facets = OfferFacets()
        self._order = Order.PRICE
        self._shows_all = False
        self._found: list[InstanceOffer] = []
        self._star: Recommendation | None = None
        self._used: Usage | None = None
        self._usage_problem: Problem | None = None
        self._asked_at: float | None = None
        self._zones: Mapping[str, tuple[str, ...]] | None = None
        self._zones_of: tuple[str, ...] = ()
        """The types whose zones were asked for."""
        self._recipe_prices: dict[str, SkuPrice | None] = {}
        """Name of a recipe -> its serverless price, once it was asked for."""
        self._cursor_placed_for: str | None = None
        """The model and its way of training for which the cursor was moved to the chosen type."""

    # Loading

    def load(self) -> None:
        """Request the instances in use; the session has prices and quotas."""
        self._used, self._usage_problem, self._cursor_placed_for = None, None, None
        self._zones, self._zones_of, self._recipe_prices = None, (), {}
        self._request_usage()

    def on_screen_resume(self) -> None:
        """Request the instances in use again, as jobs may have started or ended."""
        session = self.jsft.session
        if session is not None and self._asked_at is not None and session.now() - self._asked_at > GOOD_FOR:
            session.services.quotas.forget_jobs()
            self._request_usage()

    @flow("held")
    async def _request_usage(self, then: Callable[[], None] = lambda: None) -> None:
        """Request the instances in use; `then` is called when they or a problem were received."""
        session = self.session
        self._asked_at = session.now()
        try:
            self._used = await self.call(
                lambda: {spot: session.services.quotas.held(spot=spot) for spot in (False, True)}
            )
            self._usage_problem = None
        except Problem as problem:
            self._used, self._usage_problem = None, problem
        self.draw()
        then()

    @flow("zones")
    async def _request_zones(self, types: tuple[str, ...]) -> None:
        """Request the zones of the types, once for a model; without the permission nothing is said of them."""
        ec2 = self.session.services.account.ec2
        try:
            self._zones = await self.call(lambda: ec2.zones_with(types))
        except Problem:
            self._zones = None
        self.draw_detail()

    # Showing

    @property
    def _supply(self) -> Supply:
        session, spot = self.session, self.session.run.instance.spot
        quotas = quotas_by_type(session.quotas, spot=spot) if session.quotas is not None else None
        return Supply(session.prices, quotas, self._used[spot] if self._used is not None else None)

    def draw(self) -> None:
        """Redraw the types and the detail."""
        session = self.session
        run, spec = session.run, session.spec
        if run.model.id and spec is None:
            self._found = []
        else:
            types = all_types(spec) if self._shows_all and not self._recipe else types_of(spec)
            self._found = offers(types, spec, self._supply, run)
        self._star = recommended(self._found, spec) if self._recipe is None else None
        self._price_recipe()
        if spec is not None and spec.instance_types != self._zones_of:
            self._zones, self._zones_of = None, spec.instance_types
            self._request_zones(self._zones_of)
        self._show_types()
        placed_for = f"{run.model.id} {run.method.value}"
        if (self._found or self._recipe) and self._cursor_placed_for != placed_for:
            self._cursor_placed_for = placed_for
            self._table.move_to_key(run.instance.type)
        self.draw_hints()

    def jobs_changed(self) -> None:
        """Draw one's own runs on the type."""
        super().jobs_changed()
        if self.is_mounted and self._loaded is not None:
            self.draw_detail()

    def _show_types(self) -> None:
        words = self._filter.value.lower().split()
        fitting = [offer for offer in self._found if self._facets.fits(offer) and fits_words(offer, words)]
        star = self._star.offer.name if self._star is not None else ""
        rows = OfferRows(grouped(fitting, self._order), self.session.run.instance, self.session.prices, star)
        self._table.set_columns(columns(self._found))
        state = state_cells(self._facets, self._order, shows_all=self._shows_all)
        known = self._serverless
        self.show_rows(rows if known is None else RecipeRows(known, rows, self._why_not), state)
        if not fitting and known is None:
            self._show_why_empty()

    @property
    def _recipe(self) -> Recipe | None:
        """The recipe of the run; None where a training script trains."""
        spec = self.session.spec
        return spec.recipe if spec is not None else None

    @property
    def _why_not(self) -> str:
        """Why jsft does not run the recipe on instances; empty where it does, and for a training script."""
        spec, recipe = self.session.spec, self._recipe
        if spec is None or recipe is None:
            return ""
        region = self.session.target.region
        if not recipe.image_in(region):
            return f"{recipe.title} is not offered on instances in {region}."
        return refusal(spec, recipe.technique)

    @property
    def _serverless(self) -> KnownServerless | None:
        """What is known of running the recipe serverless; None where a training script trains."""
        recipe, session = self._recipe, self.session
        if recipe is None:
            return None
        is_priced = recipe.name in self._recipe_prices
        return KnownServerless(
            session.run,
            recipe,
            session.target.region,
            self._recipe_prices.get(recipe.name),
            is_priced,
            session.review.estimate if session.review is not None else "",
            self.selected_setting is not None,
            {name: self.key(name) for name in ("choose_instance", "max_runtime")},
        )

    def _price_recipe(self) -> None:
        recipe = self._recipe
        if recipe is not None and recipe.name not in self._recipe_prices:
            self._ask_price(recipe)

    @flow("recipe price")
    async def _ask_price(self, recipe: Recipe) -> None:
        customization = self.session.services.customization
        try:
            self._recipe_prices[recipe.name] = await self.call(lambda: customization.price(recipe))
        except Problem:  # not allowed to see prices: unknown, as where the list has none
            self._recipe_prices[recipe.name] = None
        self._show_types()

    def _show_why_empty(self) -> None:
        model = self.session.run.model.id
        if self._found or not model or self.session.spec is not None:
            ways = ((self.key("back"), "take the filter away"), (self.key("gpu_filter"), "other GPUs, quota, family"))
            self.show_notice(empty("No type fits.", ways))
            return
        problem = self.session.problems.get("spec")
        if problem is None:
            self.show_notice([line(f"Reading what {model} runs on …")])
        else:
            self.show_notice(
                unread(f"What {model} runs on cannot be read.", str(problem), ((self.key("retry"), "ask again"),))
            )

    def freshness(self) -> str:
        """Return of when the prices are, where the detail does not say it."""
        session = None if self.panes.is_stacked else self.jsft.session
        date = price_date((session.prices or {}).values()) if session is not None else ""
        return f"prices of {date}" if date else ""

    def hinted(self, action: Action) -> Action:
        """Say how many types there are, and what enter does in the detail; below a list it is named by its keys."""
        if action.id in ("all_instances", "how_it_runs") and not self.is_wide:
            return replace(action, priority=None)
        if action.id == "gpu_filter" and not self.is_wide:
            return replace(action, label=action.short)
        if action.id == "all_instances":
            return replace(action, label=f"all {len(instance_types())} types", short="all")
        if action.id == "choose_instance" and self.selected_setting is not None:
            return replace(action, label="edit")
        return action

    def detail(self, key: str, shape: Shape) -> Detail:
        """Return what is known of a type."""
        offer, serverless = self._offer, self._serverless
        if offer is None:
            return serverless_detail(serverless, shape) if serverless is not None else Detail(key)
        session = self.session
        known = KnownType(
            offer,
            session.run,
            session.spec,
            session.prices,
            self._star,
            self._zones.get(key) if self._zones is not None else None,
            session.target.region,
            self._last_run(key),
            self._notices(),
            {name: self.key(name) for name in _KEYS},
            self.selected_setting,
        )
        told = type_detail(known, shape)
        return replace(told, button=None) if self._why_not else told

    def _last_run(self, type_: str) -> PastRun | None:
        from jsft_tui.core.jobs.history import runs_of

        session = self.session
        jobs = [job for job in session.job_list.state.jobs if job.instance_type == type_ and job.status.is_final]
        return next(iter(runs_of(session.run.model.id, jobs, session.prices, session.now())), None)

    def _notices(self) -> list[str]:
        """Return the problems of quotas, usage and prices."""
        session = self.session
        found = [self._why_not] if self._why_not else []
        if (quotas := session.problems.get("quotas")) is not None:
            found.append(f"quotas unknown: {quotas}")
        if self._usage_problem is not None:
            found.append(f"instances in use unknown: {self._usage_problem}")
        if (prices := session.problems.get("prices")) is not None:
            found.append(f"prices unknown: {prices}")
        elif (denied := session.services.prices.denied) is not None:
            found.append(f"price list not read: {denied}")
        return found

    @property
    def _offer(self) -> InstanceOffer | None:
        source, at = self._table.source, self._table.cursor
        if not isinstance(source, OfferRows | RecipeRows) or at >= len(source):
            return None
        return source.offer(at)

    # Narrowing

    def filter_changed(self) -> None:
        """Show the rows that fit the filter."""
        if self._loaded is None:
            return
        super().filter_changed()
        self._show_types()
        if self._filter.value:
            self._table.action_cursor_to_end(-1)
            self._table.move_to_key(self._filter.value.strip())

    @flow("facet")
    async def action_facets(self) -> None:
        """Narrow the list by GPUs, quota or family."""
        from jsft_tui.tui.dialogs.choice import ChoiceDialog

        key = await self.open_dialog(ChoiceDialog("Which types?", facet_choices(self._found, self._facets)))
        if key is not None:
            self._facets = with_facet(self._facets, key)
            self._show_types()

    def action_sort(self) -> None:
        """Change to the next sort order."""
        self._order = self._order.next
        self._show_types()

    def action_all(self) -> None:
        """Toggle between all types and those that the model supports."""
        self._shows_all = not self._shows_all
        if self.session.run.model.id:
            shown = "All instance types" if self._shows_all else "Only types that the model supports"
            self.say(f"{shown}.")
        self.draw()

    def action_reload(self) -> None:
        """Request prices, quotas and running jobs again."""
        session = self.session
        session.services.prices.forget()
        session.services.quotas.forget()
        self._zones_of = ()
        self.say("Refreshing prices and quotas …")
        waits = {"prices", "quotas", "held"}

        def settled(name: str) -> None:
            waits.discard(name)
            if not waits:
                self._say_reloaded()

        for fact in session.facts():
            if fact.name in waits:
                self.jsft.find_out(fact, partial(settled, fact.name))
        self._request_usage(partial(settled, "held"))

    def _say_reloaded(self) -> None:
        if notices := self._notices():
            self.say(notices[0], Status.WARNING)
        else:
            self.say("Prices and quotas refreshed.", Status.COMPLETED)

    # Choosing

    def row_chosen(self) -> None:
        """Do what enter means in the list."""
        self._choose(goes_on=True)

    async def action_choose(self) -> None:
        """Edit the setting under the cursor of the detail; elsewhere choose the type, and go on."""
        if self.selected_setting is None:
            self._choose(goes_on=True)
        else:
            await self.edit_setting(self.selected_setting)

    def action_take(self) -> None:
        """Choose the type under the cursor, and stay here."""
        self._choose(goes_on=False)

    def _choose(self, *, goes_on: bool) -> None:
        offer = self._offer
        if offer is None:
            if self._recipe is not None:
                self._choose_serverless(goes_on=goes_on)
            return
        if self._why_not:
            self.say(self._why_not, Status.WARNING)
            return
        before, spec = self.session.drafts.run, self.session.spec
        after = run_on(before, offer.name, spec)
        self.session.drafts.put(after)
        said = [f"Instance type: {offer.name}", batch_change(before, after, spec)]
        is_doubtful = offer.supported is False or offer.quota_state in (QuotaState.ZERO, QuotaState.SHORT)
        if is_doubtful:
            said.append(offer.notes[0])
        if goes_on and before.model.id:
            self.jsft.go(ScreenId.HYPERPARAMETERS)
        sign = Status.WARNING if is_doubtful else Status.COMPLETED
        # Shown where one is then.
        self.jsft.call_later(self.jsft.say, " · ".join(filter(None, said)), sign)

    def _choose_serverless(self, *, goes_on: bool) -> None:
        """Run the recipe on instances that SageMaker chooses."""
        self.session.drafts.put(run_on(self.session.drafts.run, SERVERLESS, self.session.spec))
        if goes_on:
            self.jsft.go(ScreenId.HYPERPARAMETERS)
        self.jsft.call_later(self.jsft.say, "Serverless: SageMaker chooses the instances.", Status.COMPLETED)

"""The Customize screen: which recipe trains the model, and where; or its training script."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from textual import on

from jsft_tui.core.catalog.model_name import shortest_model_id
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import clean_block, plural
from jsft_tui.core.customization.customization import SERVERLESS, Customization
from jsft_tui.core.customization.matrix import SCRIPT, Place, Way, WayMatrix, least_type, way_of
from jsft_tui.core.request.recipe_job import refusal
from jsft_tui.core.run.draft import with_customization, with_method
from jsft_tui.core.run.run import on_instance
from jsft_tui.core.sizing.customization import placed
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.base.screens.master_detail_screen import MasterDetailScreen
from jsft_tui.tui.base.screens.work_screen import screen_bindings
from jsft_tui.tui.base.texts.states import empty, unread
from jsft_tui.tui.dialogs.run.package_group import choose_group
from jsft_tui.tui.dialogs.text import ReadingDialog
from jsft_tui.tui.keymap.action import Hint, ScreenId
from jsft_tui.tui.screens.customize.detail import ASKED, KnownWay, not_offered, way_detail, way_title
from jsft_tui.tui.screens.customize.drawing import Scene, columns_for, draw
from jsft_tui.tui.screens.customize.table import WayTable
from jsft_tui.tui.widgets.border_line import TITLE
from jsft_tui.tui.widgets.master_detail import BORDERS
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_view import Detail, Shape
from jsft_tui.tui.widgets.text.text_pane import TextLine, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.binding import BindingType
    from textual.widget import Widget

    from jsft_tui.core.catalog.spec.spec import ModelSpec
    from jsft_tui.core.customization.cost.price import SkuPrice
    from jsft_tui.core.preflight.base.check import Finding
    from jsft_tui.core.run.run import InstanceChoice, Run
    from jsft_tui.services.session.session import Session
    from jsft_tui.tui.keymap.action import Action

ROOMY = 28
"""Rows of the terminal from which on each cell has a second line."""


@dataclass(frozen=True)
class _Asked:
    """What was found out of a way.

    Attributes:
        run: the draft with the defaults of its time: for another model, role or place it is not the answer.
        findings: of the checks in `ASKED`.
        price: of the recipe; None: the price list has none.
        problem: why the rest is not known.
    """

    run: Run
    findings: tuple[Finding, ...] = ()
    price: SkuPrice | None = None
    problem: Problem | None = None


class CustomizeScreen(MasterDetailScreen):
    """Choose how the draft's model is fine-tuned."""

    WHERE = ScreenId.CUSTOMIZE
    TITLE = "How to customize"
    LIST_COLUMNS = ()
    NATURAL_WIDTH = 76
    MOST_DETAIL = 0.6
    AUTO_FOCUS = "WayTable"
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(ScreenId.CUSTOMIZE)

    def __init__(self) -> None:
        self._ways = WayTable()
        super().__init__()
        self._table.display = False
        self._cursor = SCRIPT
        self._placed_for: tuple[str, str] | None = None
        """The model and version whose own way the cursor was put on."""
        self._group = ""
        """The model package group that was chosen here."""
        self._asked: dict[tuple[Way, str], _Asked] = {}
        """Way and group -> what was found out."""

    def above_list(self) -> Sequence[Widget]:
        """Return the table of the ways, which stands in place of rows."""
        return (self._ways,)

    # Showing

    def load(self) -> None:
        """Forget another target's answers."""
        self._placed_for, self._group, self._asked = None, "", {}

    def draw(self) -> None:
        """Show the ways of the draft's model."""
        matrix, run = self._matrix, self.session.run
        if matrix is not None and self._placed_for != (run.model.id, run.model.version):
            self._placed_for = run.model.id, run.model.version
            self._cursor, self._group, self._asked = self._chosen, "", {}
        self._draw_ways()
        self.draw_hints()
        self.cursor_rests()

    @property
    def _matrix(self) -> WayMatrix | None:
        """The ways; None while the model's spec is not known, or where it has no recipes."""
        spec = self.session.spec
        return WayMatrix(spec, self.session.target.region) if spec is not None and spec.recipes else None

    @property
    def _chosen(self) -> Way:
        run = self.session.run
        return way_of(run.customization, is_serverless=run.instance.is_serverless)

    def _draw_ways(self) -> None:
        matrix = self._matrix
        self._ways.display = matrix is not None
        if matrix is None:
            self.show_notice(self._why_empty())
            self._draw_title()
            self.draw_detail()
            return
        self.show_notice(())
        is_stacked, height = self.panes.is_stacked, self.app.size.height
        columns = columns_for(self.panes.list_width - 2 * BORDERS, is_stacked=is_stacked)
        if height < ROOMY:
            columns = replace(columns, is_tall=False)
        scene = Scene(matrix, self._cursor, self._chosen, columns, self.key("choose_way"), explains=not is_stacked)
        self._ways.show_ways(draw(scene), self._cursor)
        self.show_state((Cell(f"{plural(matrix.count, 'recipe')} in {matrix.region}", "muted"),))
        self._draw_place()
        self.draw_detail()

    def _why_empty(self) -> list[TextLine]:
        session, choose = self.session, (self.key("go_models"), "choose a model")
        model = session.run.model.id
        if not model:
            return empty("No model is chosen yet.", (choose,))
        if session.spec is not None:
            return empty(f"{model} has no recipes: its training script trains it.", (choose,))
        problem = session.problems.get("spec")
        if problem is None:
            return [line(f"Reading the recipes of {model} …")]
        return unread("The recipes cannot be read.", str(problem), ((self.key("retry"), "ask again"),))

    def list_title(self) -> Cell:
        """Return what is to be chosen, of which model."""
        model = self.session.run.model.id if self._loaded is not None else ""
        return Cell(f"{self.TITLE} {shortest_model_id(model)}".strip(), TITLE)

    def _draw_place(self) -> None:
        place = way_title(self._cursor).replace(",", "") if self._loaded is not None and self._matrix else ""
        self.panes.set_place((Cell(place, "muted"),) if place and not self.panes.is_stacked else ())

    def _draw_lit(self) -> None:
        super()._draw_lit()
        self._ways.refresh()

    def keys_of_widgets(self) -> Sequence[Hint]:
        """Name the arrows where there is no room for a sentence about them."""
        return (Hint("←↓↑→", "move", 1, "screen.focus_ways"),) if self.panes.is_stacked else ()

    def hinted(self, action: Action) -> Action:
        """Leave what is rarely needed to the page of keys where there is little room."""
        is_rare = action.id in ("show_recipe", "package_group") and self.panes.is_stacked
        return replace(action, priority=None) if is_rare else action

    def action_focus_ways(self) -> None:
        """Go to the table."""
        self._ways.focus()

    def offers(self, action_id: str) -> bool:
        """Return whether an action makes sense: a recipe has a text and a group, the training script has neither."""
        if action_id in ("show_recipe", "package_group"):
            return self._loaded is not None and self._matrix is not None and self._cursor.technique is not None
        return True

    def no_detail(self) -> Detail:
        """Return what is told about the way under the cursor."""
        if self._loaded is None or self._matrix is None:
            return Detail()
        return way_detail(self._known(self._matrix), self.panes.shape)

    def detail(self, key: str, shape: Shape) -> Detail:
        """Return the same: there are no rows."""
        del key, shape
        return self.no_detail()

    def _known(self, matrix: WayMatrix) -> KnownWay:
        asked = self._answer(self._cursor)
        known = KnownWay(
            self._cursor,
            matrix,
            self.session.target.sandbox,
            self.key("choose_way"),
            self.key("package_group"),
            self._wanted_group,
        )
        if asked is None:
            return known
        return replace(known, findings=asked.findings, price=asked.price, is_priced=True)

    def _answer(self, way: Way) -> _Asked | None:
        """Return what was found out of a way for the draft as it is; None: nothing yet."""
        found = self._asked.get((way, self._wanted_group))
        return found if found is not None and found.run == self.session.run else None

    @property
    def _wanted_group(self) -> str:
        wanted = self.session.run.customization
        own = wanted.model_package_group if wanted is not None else ""
        return self._group or own or self.session.defaults.model_package_group or ""

    # Moving

    @on(WayTable.Moved)
    def _moved(self, event: WayTable.Moved) -> None:
        event.stop()
        if (matrix := self._matrix) is not None:
            self._cursor = event.way or matrix.moved(self._cursor, event.across, event.down)
            self._draw_ways()
            self.draw_hints()
            self.when_cursor_rests(self.cursor_rests)

    def cursor_rests(self) -> None:
        """Find out what the way needs, and what it costs."""
        matrix = self._matrix
        if matrix is None:
            return
        way = self._cursor
        can_launch = way.technique is not None and way.place is Place.SERVERLESS and matrix.is_offered(way)
        if not can_launch:
            return
        found = self._answer(way)
        if found is None or (found.problem is not None and found.problem.retryable):
            self._ask(way)

    @flow("needs")
    async def _ask(self, way: Way) -> None:
        session, group, draft = self.session, self._wanted_group, self.session.drafts.run
        asked_of = session.run

        def ask() -> _Asked:
            run, _ = planned(session, draft, way, group)
            plan = session.services.planning.plan(run)
            recipe = plan.spec.recipe
            price = session.services.customization.price(recipe) if recipe is not None else None
            return _Asked(asked_of, session.services.preflight.run_some(plan, ASKED), price)

        try:
            self._asked[way, group] = await self.call(ask)
        except Problem as problem:
            self._asked[way, group] = _Asked(asked_of, problem=problem)
            self.say_problem(problem)
        self.draw_detail()

    # Choosing

    @on(WayTable.Chosen)
    def _row_chosen(self, event: WayTable.Chosen) -> None:
        event.stop()
        self.action_choose()

    def action_choose(self) -> None:
        """Train in the way under the cursor, and go on to the data."""
        matrix, way = self._matrix, self._cursor
        if matrix is None:
            return
        if (why := not_offered(matrix, way)) or (why := _not_by_jsft(matrix, way)):
            self.say(why, Status.WARNING)
        else:
            self._choose(way)

    @flow("choose")
    async def _choose(self, way: Way) -> None:
        session, group, draft = self.session, self._wanted_group, self.session.drafts.run
        run, spec = await self.call(lambda: planned(session, draft, way, group))
        if session.drafts.run != draft:
            self.say("The draft is another one now: nothing was changed.", Status.WARNING)
            return
        session.spec = spec
        session.drafts.put(run)
        if self.jsft.work_screen is self:
            self.jsft.go(ScreenId.DATA)
        # Shown where one is then.
        self.jsft.call_later(self.jsft.say, f"{way_title(way)} is chosen.", Status.COMPLETED)

    @flow("recipe")
    async def action_show_recipe(self) -> None:
        """Read the recipe in full."""
        matrix, way = self._matrix, self._cursor
        recipe = matrix.recipe(way) if matrix is not None and way.technique is not None else None
        if recipe is None:
            self.say("There is no recipe to show here.")
            return
        catalog = self.session.services.catalog
        text = clean_block(await self.call(lambda: catalog.recipe_text(recipe)))
        await self.open_dialog(ReadingDialog(recipe.name, [line(each) for each in text.splitlines()]))

    @flow("group")
    async def action_package_group(self) -> None:
        """Choose or create the model package group."""
        if self._cursor.technique is None:
            self.say("A training script registers nothing: it needs no model package group.")
            return
        group = await choose_group(self, self._wanted_group)
        if group is None:
            return
        self._group, self._asked = group, {}
        session = self.session
        session.drafts.put(with_customization(session.drafts.run, model_package_group=group))
        self.draw()


def _not_by_jsft(matrix: WayMatrix, way: Way) -> str:
    """Return why jsft does not launch a way that the region offers; empty where it does."""
    if way.technique is None or way.place is Place.SERVERLESS:
        return ""
    return refusal(matrix.spec, way.technique)


def planned(session: Session, draft: Run, way: Way, group: str) -> tuple[Run, ModelSpec]:
    """Return the draft as it would be trained in a way, and the spec for it; calls services.

    Raises:
        Problem: the model has no such recipe, or it cannot be read.
    """
    services, model = session.services, draft.model
    own = draft.customization
    if way.technique is None:
        suggestion, spec = services.planning.first_run(model.id, model.version)
        return (draft if own is None else with_method(draft, suggestion)), spec
    if own is not None and (way.technique, way.adapter) == (own.technique, own.adapter):
        run, spec = draft, services.planning.spec_of(draft)
    else:
        wanted = Customization(way.technique, way.adapter)
        suggestion, spec = services.planning.first_run(model.id, model.version, wanted=wanted)
        run = with_method(draft, suggestion)
    run = replace(run, instance=_placed(run.instance, way, spec))
    return with_customization(run, model_package_group=group) if group else run, spec


def _placed(choice: InstanceChoice, way: Way, spec: ModelSpec) -> InstanceChoice:
    """Return where a recipe runs: serverless, or the chosen type if it is on the recipe's list, else the smallest."""
    if way.place is Place.SERVERLESS or spec.recipe is None:
        return on_instance(choice, SERVERLESS)
    type_ = choice.type if choice.type in spec.recipe.instance_types else least_type(spec.recipe)
    return placed(choice, type_, spec) if type_ else choice

"""Screen 7: all endpoints of the region with what they cost and whether anybody calls them, and leftovers."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType
from textual.timer import Timer

from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import dollars
from jsft_tui.core.jobs.listed.words import ago
from jsft_tui.core.jobs.metrics.objective_curve import final_value
from jsft_tui.core.serving.endpoint import Endpoint
from jsft_tui.core.serving.listed.groups import (
    EndpointGroup,
    Leftover,
    Listed,
    endpoint_groups,
    fitting,
    fitting_leftovers,
)
from jsft_tui.core.serving.listed.idle import idle_endpoints
from jsft_tui.core.serving.listed.order import EndpointOrder, in_order
from jsft_tui.core.serving.listed.spending import endpoint_spending
from jsft_tui.core.serving.listed.words import month_words
from jsft_tui.services.serving.endpoint_list import EndpointListState
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.base.screens.work_screen import screen_bindings
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.screens.endpoints.below import EndpointsBelow
from jsft_tui.tui.screens.endpoints.detail import KnownEndpoint, endpoint_detail, leftover_detail
from jsft_tui.tui.screens.endpoints.rows import COLUMNS, NATURAL_WIDTH, EndpointRows, KnownEndpoints, key_of
from jsft_tui.tui.screens.endpoints.states import why_empty
from jsft_tui.tui.theme.glyphs import glyph
from jsft_tui.tui.theme.tokens import MONEY_STRONG, Ink
from jsft_tui.tui.widgets.chart.bars import spark_value
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_view import Detail, Shape

TICK = 60.0
"""Seconds between two paintings of what grows by itself: ages and costs."""
OLD = "What you see is of"
MOST_DETAIL = 0.5
"""Part of the rows above the bottom pane that the detail takes below the list: it has four lines."""


class EndpointsScreen(EndpointsBelow):
    """See what runs, and be rid of it."""

    WHERE = ScreenId.ENDPOINTS
    TITLE = "Endpoints"
    LIST_COLUMNS = COLUMNS
    NATURAL_WIDTH = NATURAL_WIDTH
    MOST_DETAIL = MOST_DETAIL
    FILTER_ACTION = "filter_endpoints"
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(ScreenId.ENDPOINTS)

    def __init__(self) -> None:
        super().__init__()
        self._order = EndpointOrder.TIME
        self._ticker: Timer | None = None

    @property
    def shows_endpoints(self) -> bool:
        """It does."""
        return True

    def on_mount(self) -> None:
        """Nothing ticks while it is not shown."""
        self._ticker = self.set_interval(TICK, self._tick, pause=True)

    def on_screen_resume(self) -> None:
        """Ages and costs grow while the screen is shown."""
        if self._ticker is not None:
            self._ticker.resume()

    def on_screen_suspend(self) -> None:
        """Nothing ticks behind another screen."""
        if self.jsft.work_screen is not self:
            self._leave_log()
            if self._ticker is not None:
                self._ticker.pause()

    # Showing

    def load(self) -> None:
        """Another target: its endpoints are on their way."""
        self.forget_below()
        self.show_rows(EndpointRows((), KnownEndpoints(None, {}, self.session.now())))

    def draw(self) -> None:
        """Show the list as it is."""
        self._show(self.session.endpoint_list.state)
        if (wanted := self.jsft.endpoint_name) and self._table.move_to_key(wanted):
            self.jsft.endpoint_name = ""
        self.draw_detail()
        self.show_below()
        if self.jsft.wants_to_ask and not self.jsft.endpoint_name:
            self.jsft.wants_to_ask = False
            self.action_try()

    def endpoints_changed(self) -> None:
        """Show the list's new state."""
        super().endpoints_changed()
        if self.is_mounted and self.jsft.session is not None and self.jsft.session is self._loaded:
            self.draw()

    def _tick(self) -> None:
        if self._loaded is not None and self.session.endpoint_list.state.endpoints:
            self._show(self.session.endpoint_list.state)
            self.draw_detail()

    def _show(self, state: EndpointListState) -> None:
        rows = EndpointRows(self._groups(state), self._known(state))
        before = self._table.source
        if isinstance(before, EndpointRows) and before.are_like(rows) and len(rows):
            self._table.update_source(rows, list(before.changed(rows)))
            self.show_state(self._state_cells(state))
        else:
            self.show_rows(rows, self._state_cells(state))
        if not len(rows):
            self.show_notice(why_empty(state, self.key))
        self._say_trouble(state)
        self.draw_message()
        self._draw_place()

    def _known(self, state: EndpointListState) -> KnownEndpoints:
        return KnownEndpoints(state.prices, state.calls, self.session.now(), state.problem is None)

    def _groups(self, state: EndpointListState) -> list[EndpointGroup]:
        words = self._filter.value
        endpoints = fitting(state.endpoints, words)
        leftovers = fitting_leftovers(state.leftovers, words)
        if self._order is EndpointOrder.TIME:
            return endpoint_groups(endpoints, leftovers)
        found = tuple(in_order(endpoints, self._order, state.prices or {}, state.calls, self.session.now()))
        by = [EndpointGroup(f"By {self._order.value}", found)] if found else []
        return [*by, *endpoint_groups((), leftovers)]

    def _state_cells(self, state: EndpointListState) -> Sequence[Cell]:
        if state.problem is not None:
            words = "not up to date" if state.asked is not None else "not listed"
            return (Cell(f"{glyph(Status.WARNING, os.environ)} {words}", Ink.WARN),)
        if state.asked is None:
            return (Cell("loading …", Ink.MUTED),)
        spent = state.spending
        if not spent.endpoints:
            return (Cell("none yet" if not state.endpoints else "none runs", Ink.MUTED),)
        if spent.unpriced:
            return (Cell(spent.rate, MONEY_STRONG),)
        return (
            Cell(spent.rate, MONEY_STRONG),
            Cell(", ", Ink.MUTED),
            Cell(month_words(spent.usd_per_month), MONEY_STRONG),
            Cell(" a month", Ink.MUTED),
        )

    def _say_trouble(self, state: EndpointListState) -> None:
        problem = state.problem if state.asked is not None else None
        if problem is not None and state.asked is not None:
            asked = datetime.fromtimestamp(state.asked)
            self.say(f"{OLD} {asked:%H:%M}. {self.jsft.told(problem)}", Status.WARNING)
        elif self.status.startswith(OLD):
            self.say("")

    def list_foot(self) -> Sequence[Cell]:
        """Say what the idle ones cost, else how fresh the list is."""
        if self._loaded is None:
            return ()
        state = self.session.endpoint_list.state
        idle = idle_endpoints(state.endpoints, state.calls, self.session.now())
        if idle and state.prices is not None:
            usd = endpoint_spending(idle, state.prices).usd_per_day
            costs = f"{len(idle)} idle: {'it costs' if len(idle) == 1 else 'they cost'} {dollars(usd)} a day"
            return (Cell(f"{glyph(Status.WARNING, os.environ)} {costs}", Ink.WARN),)
        return super().list_foot()

    def freshness(self) -> str:
        """Return of when the list is."""
        if self._loaded is None or (asked := self.session.endpoint_list.state.asked) is None:
            return ""
        return f"updated {ago(datetime.fromtimestamp(asked), datetime.fromtimestamp(self.session.now()))}"

    # The detail

    @property
    def row(self) -> Listed | None:
        """What is under the cursor."""
        source, key = self._table.source, self._table.cursor_key
        if not isinstance(source, EndpointRows) or key is None:
            return None
        return next((each for each in source.listed if key_of(each) == key), None)

    def detail(self, key: str, shape: Shape) -> Detail:
        """Return what the row means."""
        row = self.row
        if row is None:
            return Detail(key)
        if isinstance(row, Leftover):
            return leftover_detail(row, shape, self.key)
        return endpoint_detail(self._known_endpoint(row), shape)

    def _known_endpoint(self, row: Endpoint) -> KnownEndpoint:
        state = self.session.endpoint_list.state
        known = self._known(state)
        job = self.session.job_list.state.get(row.job) if row.job else None
        final = final_value(job) if job is not None else None
        return KnownEndpoint(
            row,
            self.session.now(),
            known.per_hour(row),
            state.calls.get(row.name),
            known.idle(row),
            spark_value(final[1]) if final is not None else "",
            self.key,
        )

    # Keys

    def row_chosen(self) -> None:
        """Ask the model of the endpoint."""
        self.action_try()

    def offers(self, action_id: str) -> bool:
        """Return whether an action makes sense for the row under the cursor."""
        row = self.row
        if action_id in ("delete_endpoint", "copy_endpoint"):
            return row is not None
        if action_id in ("try_endpoint", "lifetime"):
            return isinstance(row, Endpoint)
        if action_id == "deploy_again":
            return isinstance(row, Endpoint) and bool(row.job)
        return super().offers(action_id)

    def cursor_rests(self) -> None:
        """Tell what the row is; other rows have other keys."""
        if self._loaded is not None:
            self.draw_detail()
            self.draw_hints()
            self.show_below()

    def filter_changed(self) -> None:
        """Show what fits the filter."""
        super().filter_changed()
        if self._loaded is not None:
            self._show(self.session.endpoint_list.state)

    def action_reload(self) -> None:
        """Ask for the list anew, leftovers among it."""
        self.session.endpoint_list.forget()
        self.say("")
        self.jsft.poll_endpoints()

    @flow("sort")
    async def action_sort(self) -> None:
        """Choose what the endpoints are sorted by."""
        choices = [Choice(order.value, f"By {order.value}") for order in EndpointOrder]
        key = await self.open_dialog(ChoiceDialog("Sort the endpoints", choices, at=self._order.value))
        if key is not None:
            self._order = EndpointOrder(key)
            self._show(self.session.endpoint_list.state)

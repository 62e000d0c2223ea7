"""What the row under the cursor means: what an endpoint costs, whose model it is, and what deleting it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from jsft_tui.core.catalog.model_name import shortest_model_id
from jsft_tui.core.common.text import dollars
from jsft_tui.core.jobs.metrics.spark import spark
from jsft_tui.core.jobs.phases.timeline import rough_duration
from jsft_tui.core.serving.cost import HOURS_PER_MONTH
from jsft_tui.core.serving.endpoint import Endpoint, EndpointStatus
from jsft_tui.core.serving.listed.groups import Leftover
from jsft_tui.core.serving.listed.words import age_words, long_words, month_words
from jsft_tui.core.serving.traffic import DAY, Calls
from jsft_tui.tui.keymap.labels import KeyOf
from jsft_tui.tui.screens.endpoints.rows import sign_of
from jsft_tui.tui.theme.tokens import MONEY_STRONG, Ink
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_view import Button, Detail, Section, Shape
from jsft_tui.tui.widgets.text.text_pane import TextLine, fact, line

LABEL = 9
"""Cells of a label; a blank follows."""
SHOWN_DAYS = 10
_STATUS_WORDS = {EndpointStatus.IN_SERVICE: "In service", EndpointStatus.OUT_OF_SERVICE: "Out of service"}
STAYS = "The tuned model stays in S3"


@dataclass(frozen=True)
class KnownEndpoint:
    """All that is known of an endpoint.

    Attributes:
        endpoint: the endpoint.
        now: epoch seconds.
        per_hour: USD; None while the price is unknown.
        calls: its calls; None while they are not known.
        idle: seconds since anybody called it; None while it is not idle.
        score: the objective of its training job, `0.9412`; empty where it is not known.
        key: names the keys.
    """

    endpoint: Endpoint
    now: float
    per_hour: float | None
    calls: Calls | None
    idle: float | None
    score: str
    key: KeyOf

    @property
    def so_far(self) -> float | None:
        """USD until now, if its instances were the same all the time."""
        return None if self.per_hour is None else self.per_hour * self.endpoint.age(self.now) / 3600

    @property
    def per_month(self) -> float | None:
        """USD for a month."""
        return None if self.per_hour is None else self.per_hour * HOURS_PER_MONTH


def state_cells(known: KnownEndpoint) -> tuple[Cell, ...]:
    """Return the status for the border of the pane: `● In service`; its sign there is never that of an idle one."""
    sign, style = sign_of(known.endpoint, None)
    status = known.endpoint.status
    return (Cell(f"{sign} {_STATUS_WORDS.get(status, status.value)}", style),)


def endpoint_detail(known: KnownEndpoint, shape: Shape) -> Detail:
    """Return what is told about an endpoint."""
    name, state = known.endpoint.name, state_cells(known)
    if shape is Shape.LINE:
        return Detail(name, [Section((_verdict_line(known),))], state)
    if shape is Shape.BELOW:
        return Detail(name, [Section(tuple(_short_lines(known)))], state)
    parts = [_verdict(known), _facts(known), _deleting(known)]
    return Detail(name, [Section(tuple(part)) for part in parts if part], state, _button(known))


def leftover_detail(leftover: Leftover, shape: Shape, key: KeyOf) -> Detail:
    """Return what is told about something that was left behind."""
    lines = [line(f"No endpoint uses this {leftover.kind}."), line("It costs nothing; its files in S3 do.", Ink.MUTED)]
    if shape is Shape.LINE:
        return Detail(leftover.name, [Section(tuple(lines[:1]))])
    note = line("A batch transform job may use a model: look before it goes.", Ink.MUTED)
    button = Button(key("delete_endpoint"), f"Delete this {leftover.kind}", "screen.delete")
    return Detail(leftover.name, [Section(tuple(lines)), Section((note,))], button=button)


# The verdict


def _warning(known: KnownEndpoint) -> list[Cell]:
    endpoint = known.endpoint
    if endpoint.failure_reason:
        return [Cell(endpoint.failure_reason, Ink.BAD)]
    if endpoint.expires is not None and endpoint.expires <= known.now:
        return [Cell(f"! Its time was over {long_words(known.now - endpoint.expires)} ago.", Ink.WARN)]
    if known.idle is not None:
        return [Cell(f"! Nobody has called it for {long_words(known.idle)}.", Ink.WARN)]
    if endpoint.status is EndpointStatus.CREATING:
        age = age_words(endpoint.age(known.now))
        return [Cell("It has just begun to start." if age == "now" else f"Starting for {age}.")]
    return []


def _cost(known: KnownEndpoint) -> list[Cell]:
    endpoint, so_far = known.endpoint, known.so_far
    if not endpoint.status.is_billed:
        return [Cell("It costs nothing.", Ink.MUTED)]
    if endpoint.is_async:
        return [Cell("What it has cost is unknown: its instances come and go.", Ink.MUTED)]
    if so_far is None:
        return [Cell("What it costs is unknown: no price.", Ink.MUTED)]
    return [Cell("It has cost "), Cell(dollars(so_far), MONEY_STRONG), Cell(f" since {_day(endpoint.created)}.")]


def _verdict(known: KnownEndpoint) -> list[TextLine]:
    warning = _warning(known)
    first = [TextLine(tuple(warning), 2)] if warning else []
    return [*first, TextLine(tuple(_cost(known)))]


def _verdict_line(known: KnownEndpoint) -> TextLine:
    warning = _warning(known)
    return TextLine((*warning, Cell(" " if warning else ""), *_cost(known)), is_drawing=True)


# Facts


def _facts(known: KnownEndpoint) -> list[TextLine]:
    endpoint = known.endpoint
    lines = [_model(known)]
    lines += [fact("Instance", _instances(endpoint), width=LABEL)] if endpoint.instances else []
    lines.append(fact("Made", f"{_moment(endpoint.created)}{', with jsft' if endpoint.is_ours else ''}", width=LABEL))
    lines.append(_deletes_fact(known))
    if known.calls is not None:
        lines.append(_calls(known.calls, known.now))
    if endpoint.config != endpoint.name:
        lines.append(fact("Config", endpoint.config, width=LABEL))
    return lines


def _model(known: KnownEndpoint) -> TextLine:
    endpoint = known.endpoint
    score = (Cell(f" {known.score}", Ink.MUTED),) if known.score else ()
    return TextLine((Cell("Model".ljust(LABEL + 1), Ink.MUTED), Cell(_whose(endpoint)), *score), LABEL + 1)


def _whose(endpoint: Endpoint) -> str:
    """Return whose model it serves: the training job's, else the JumpStart model, else what SageMaker calls it."""
    if endpoint.job:
        return endpoint.job
    if endpoint.model_id:
        return shortest_model_id(endpoint.model_id)
    return ", ".join(dict.fromkeys(variant.model for variant in endpoint.variants)) or "unknown"


def _instances(endpoint: Endpoint) -> str:
    return ", ".join(f"{count} × {name}" for name, count in endpoint.instances.items())


def _deletes_fact(known: KnownEndpoint) -> TextLine:
    """Return when it is deleted, or, where no schedule of the account does that, when jsft reminds of it."""
    endpoint = known.endpoint
    label = "Deletes" if endpoint.schedule or endpoint.expires is None else "Reminds"
    return fact(label, _deletes(known), width=LABEL)


def _deletes(known: KnownEndpoint) -> str:
    expires = known.endpoint.expires
    if expires is None:
        return f"never: {known.key('lifetime')} sets a lifetime"
    left = expires - known.now
    words = long_words(left) if left >= 2 * DAY else rough_duration(left)
    return f"in {words}, {_moment(expires)}" if left > 0 else f"was due {_moment(expires)}"


def _calls(calls: Calls, now: float) -> TextLine:
    days = calls.by_day(SHOWN_DAYS, now)
    # From zero on: a day with few calls is low beside one with many, and no day is halfway up.
    drawn = spark([0.0, *map(float, days)], SHOWN_DAYS + 1)[1:] if any(days) else "none"
    about = Cell(f"  last {SHOWN_DAYS} days", Ink.MUTED)
    curve = Cell(drawn, Ink.ACCENT if any(days) else "")
    return TextLine((Cell("Calls".ljust(LABEL + 1), Ink.MUTED), curve, about), LABEL + 1)


def _deleting(known: KnownEndpoint) -> list[TextLine]:
    again = f": {known.key('deploy_again')} deploys it again." if known.endpoint.job else "."
    return [line(f"Deleting takes the endpoint, its config and its model. {STAYS}{again}", Ink.MUTED)]


def _button(known: KnownEndpoint) -> Button:
    month = known.per_month if known.endpoint.status.is_billed else None
    saves = f": saves {month_words(month)} a month" if month else ""
    return Button(known.key("delete_endpoint"), f"Delete{saves}", "screen.delete")


# Below the list


def _short_lines(known: KnownEndpoint) -> Sequence[TextLine]:
    endpoint = known.endpoint
    made = f"{_instances(endpoint)}, " if endpoint.instances else ""
    model = TextLine((*_model(known).cells, Cell(f", {made}{_day(endpoint.created)}")), is_drawing=True)
    takes = f"{known.key('delete_endpoint')} deletes endpoint, config and model. {STAYS}."
    return [
        _verdict_line(known),
        model,
        _deletes_fact(known),
        line(takes, Ink.MUTED),
    ]


def _day(moment: float) -> str:
    then = datetime.fromtimestamp(moment)
    return f"{then.day} {then:%b}"


def _moment(moment: float) -> str:
    return f"{_day(moment)} {datetime.fromtimestamp(moment):%H:%M}"

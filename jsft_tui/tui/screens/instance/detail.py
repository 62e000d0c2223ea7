"""What is told about an instance type: hardware, batch, cost, quota, one's own history, and how the run uses it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.catalog.task import BatchMeaning
from jsft_tui.core.common.durations import duration_words
from jsft_tui.core.common.text import dollars, plural
from jsft_tui.core.hyperparameters.batch import BatchPlan
from jsft_tui.core.jobs.history import PastRun
from jsft_tui.core.jobs.training_job import JobStatus
from jsft_tui.core.run.run import Run
from jsft_tui.core.sizing.groups import Recommendation
from jsft_tui.core.sizing.hardware_words import gpu_memory_gb, gpu_words, machine_words, number_formats, wants_bf16
from jsft_tui.core.sizing.offers import NOT_SOLD, InstanceOffer, QuotaState
from jsft_tui.core.sizing.pricing import PRICE_LIST, Price, max_cost, price_date
from jsft_tui.core.sizing.run_settings import Setting, SettingValue, run_settings
from jsft_tui.tui.screens.instance.rows import amount
from jsft_tui.tui.theme.glyphs import Glyph
from jsft_tui.tui.theme.tokens import MONEY_STRONG, Ink
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_view import Button, Detail, Section, Shape, Side, section
from jsft_tui.tui.widgets.text.text_pane import TextLine, fact, line

LABEL = 9
"""Cells of a label; a blank follows."""
SETTING_LABEL = 14
MINUTE = 60
EXACT_BELOW = 2 * MINUTE
"""Seconds below which a time is told to the second."""

ACTIONS = {
    Setting.COUNT: "instance_count",
    Setting.MAX_RUNTIME: "max_runtime",
    Setting.SPOT: "spot",
    Setting.DISK: "disk",
    Setting.KEEP_WARM: "keep_warm",
}
"""The action that edits a setting."""
_SHORT_LABELS = {Setting.KEEP_WARM: "warm"}


@dataclass(frozen=True)
class KnownType:
    """What is known of an instance type, and where it is shown.

    Attributes:
        offer: the type as a choice.
        run: the run.
        spec: its model; None if there is none or it is not known.
        prices: by instance type; None while they are not known.
        recommendation: the type to take without further thought.
        zones: of the region in which the type is offered; None if not known.
        region: its name.
        last: the newest job of the model on this type.
        notices: what could not be found out, a sentence each.
        keys: action -> its key.
        selected: the setting under the cursor; None if the detail has not the focus.
    """

    offer: InstanceOffer
    run: Run
    spec: ModelSpec | None = None
    prices: Mapping[str, Price] | None = None
    recommendation: Recommendation | None = None
    zones: Sequence[str] | None = None
    region: str = ""
    last: PastRun | None = None
    notices: Sequence[str] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    selected: Setting | None = None

    @property
    def is_chosen(self) -> bool:
        """Whether the run has this type."""
        return self.run.instance.type == self.offer.name

    @property
    def price(self) -> Price | None:
        """Of an hour of one instance."""
        return (self.prices or {}).get(self.offer.name)

    @property
    def most(self) -> float | None:
        """USD that the run costs at most on it."""
        return max_cost(replace(self.run.instance, type=self.offer.name), self.prices or {})


def type_detail(known: KnownType, shape: Shape) -> Detail:
    """Return what is told about a type, for the room there is."""
    state = (Cell("● chosen", Ink.ACCENT),) if known.is_chosen else ()
    button = Button(known.keys["choose_instance"], _verb(known), "choose")
    notices = [line(f"! {notice}", Ink.WARN, 2) for notice in known.notices]
    if shape is Shape.LINE:
        return Detail(known.offer.name, [section(_verdict(known))], state)
    if shape is Shape.BELOW:
        return Detail(known.offer.name, [Section((*_short_lines(known), *notices))], state)
    sections = (
        Section(tuple(_hardware(known))),
        Section(tuple(_facts(known))),
        Section((line("How it runs", Ink.STRONG), *(_setting(known, each) for each in _settings(known))), Side.PREVIEW),
        Section(tuple(_star(known))),
        Section(tuple(notices)),
    )
    return Detail(known.offer.name, [each for each in sections if each.lines], state, button)


def _verb(known: KnownType) -> str:
    if known.selected is not None:
        return f"Change: {known.selected.value}"
    return "Keep it and go on" if known.is_chosen else "Run on this type and go on"


def _verdict(known: KnownType) -> TextLine:
    batch = f" · batch {known.offer.batch_text}" if known.offer.batch else ""
    return TextLine((*_cost_cells(known), Cell(f"{batch} · "), *_quota_cells(known)))


def _hardware(known: KnownType) -> list[TextLine]:
    hardware = known.offer.hardware
    if not known.offer.is_known:
        return [line("Its hardware is not known to this version.", Ink.WARN)]
    first = TextLine((Cell(gpu_words(hardware), Ink.STRONG),))
    if hardware.gpus:
        count = f"{hardware.gpus} × " if hardware.gpus > 1 else ""
        memory = gpu_memory_gb(hardware)
        each = f", {memory} GB{' each' if hardware.gpus > 1 else ''}" if memory else ""
        first = TextLine((Cell(f"{count}NVIDIA {hardware.gpu_model}", Ink.STRONG), Cell(each)))
    return [first, line(" · ".join(machine_words(hardware)), Ink.MUTED)]


def _facts(known: KnownType) -> list[TextLine]:
    offer = known.offer
    lines = [*_batch(known), TextLine((_label("Cost"), *_cost_cells(known)), LABEL + 1)]
    stops = f"it stops after {duration_words(known.run.instance.max_runtime)}"
    lines.append(_more(f"{stops}, spot usually costs less" if known.run.instance.spot else stops))
    if known.price is not None and known.price.source != PRICE_LIST:
        lines.append(_more(f"price of {_price_of(known)}"))
    lines.append(TextLine((_label("Quota"), *_quota_cells(known)), LABEL + 1))
    if (where := _region(known)) is not None:
        lines.append(where)
    if numbers := _numbers(known):
        lines.append(_fact("Numbers", numbers))
    lines += [_fact("Note", note, Ink.WARN) for note in _warnings(offer)]
    return [*lines, *_last(known)]


def _batch(known: KnownType) -> list[TextLine]:
    plan = known.offer.batch
    if plan is None:
        return [_fact("Batch", text) for text in [_why_no_batch(known)] if text]
    words, equals, number = plan.explanation.rpartition(" = ")
    if not equals or not number.isdigit():
        words, number = plan.explanation, ""
    first = TextLine((_label("Batch"), Cell(f"{words}{equals}"), Cell(number, Ink.STRONG)), LABEL + 1)
    most = _allowed(plan)
    return [first, _more(most)] if most else [first]


def _allowed(plan: BatchPlan) -> str:
    scales = plan.rule.meaning in (BatchMeaning.GLOBAL, BatchMeaning.UNKNOWN)
    return f"the model allows up to {plan.rule.maximum}" if plan.rule.maximum and scales and not plan.clamped else ""


def _why_no_batch(known: KnownType) -> str:
    if known.spec is None:
        return f"no model is chosen: {known.keys['go_models']} chooses one"
    if not known.offer.is_known:
        return f"its GPUs are not known to this version: type a batch size ({known.keys['go_hyperparameters']})"
    return ""


def _cost_cells(known: KnownType) -> tuple[Cell, ...]:
    most, price = known.most, known.price
    if most is None or price is None:
        return (Cell("unknown: no price is known" if known.prices is not None else "…", Ink.MUTED),)
    hour = f"{dollars(price.usd_per_hour)}/h"
    count = f" × {known.run.instance.count}" if known.run.instance.count > 1 else ""
    return Cell(hour, Ink.MONEY), Cell(f"{count}, at most "), Cell(f"${amount(most)}", MONEY_STRONG)


def _price_of(known: KnownType) -> str:
    price = known.price
    if price is None:
        return ""
    date = price_date([price]) or "an unknown date"
    return date if price.source == PRICE_LIST else f"{date} ({price.source})"


def _quota_cells(known: KnownType) -> tuple[Cell, ...]:
    offer = known.offer
    if offer.quota is None:
        return (Cell("not known", Ink.MUTED),)
    used = "?" if offer.in_use is None else str(offer.in_use)
    shown = Cell(f"{used} of {offer.quota:g} in use: ")
    match offer.quota_state:
        case QuotaState.ZERO:
            return Cell("none", Ink.WARN), Cell(": ask AWS for more")
        case QuotaState.SHORT:
            return shown, Cell(f"{offer.wanted} needed" if offer.quota > (offer.in_use or 0) else "used up", Ink.WARN)
        case _:
            return shown, Cell("free", Ink.GOOD) if offer.in_use is not None else Cell("use not known", Ink.MUTED)


def _region(known: KnownType) -> TextLine | None:
    if known.zones is None:
        return None
    if not known.zones:
        return _fact("Region", f"not offered in {known.region}", Ink.WARN)
    return _fact("Region", f"in {plural(len(known.zones), 'zone')} of {known.region}")


def _numbers(known: KnownType) -> str:
    wanted = known.spec is not None and wants_bf16(known.spec, known.run.hyperparameters)
    return number_formats(known.offer.hardware, with_bf16=wanted)


def _warnings(offer: InstanceOffer) -> list[str]:
    notes = (
        (offer.supported is False, "the model does not name this type"),
        (offer.is_sold is False, NOT_SOLD),
        (offer.hardware.is_legacy, "an old type: often not available"),
    )
    return [note for applies, note in notes if applies]


def _last(known: KnownType) -> list[TextLine]:
    run = known.last
    if run is None:
        return []
    day = Cell(f" ({_day(run.job.created)})", Ink.MUTED)
    cost = [Cell(", "), Cell(dollars(run.usd), Ink.MONEY)] if run.usd is not None else []
    took = run.job.training_seconds
    if run.job.status is JobStatus.COMPLETED and took is not None:
        words = Cell(f"{_rounded(took)} here")
    else:
        words = Cell(run.value, run.job.status.as_status.value)
    return [TextLine((_label("Last time"), words, *cost, day), LABEL + 1)]


def _rounded(seconds: int) -> str:
    return duration_words(seconds if seconds < EXACT_BELOW else round(seconds / MINUTE) * MINUTE)


def _day(seconds: float) -> str:
    """Return a date as `26 Nov`, in local time."""
    moment = time.localtime(seconds)
    return f"{moment.tm_mday} {time.strftime('%b', moment)}"


def _settings(known: KnownType) -> tuple[SettingValue, ...]:
    return run_settings(known.run, known.offer.name, known.spec)


def _setting(known: KnownType, each: SettingValue) -> TextLine:
    is_here = each.setting is known.selected
    mark = Glyph.CURSOR if is_here else " "
    label = Cell(each.setting.value.ljust(SETTING_LABEL), Ink.STRONG if is_here else Ink.MUTED)
    key = Cell(f"{known.keys[ACTIONS[each.setting]]} ", Ink.KEY)
    note = [Cell(f" {each.note}", Ink.MUTED)] if each.note else []
    return TextLine((key, Cell(mark, Ink.ACCENT), label, Cell(each.value), *note), 3 + SETTING_LABEL)


def _star(known: KnownType) -> list[TextLine]:
    found = known.recommendation
    if found is None:
        return []
    offer = found.offer
    usd = max_cost(replace(known.run.instance, type=offer.name), known.prices or {})
    cost = [Cell(": "), Cell(f"${amount(usd)}", Ink.MONEY), Cell(" at most")] if usd is not None else []
    what = [_one(offer), *([f"batch {offer.batch_text}"] if offer.batch else [])]
    star = Cell(f"{Glyph.RECOMMENDED} ", Ink.ACCENT)
    return [TextLine((star, Cell(found.why), *cost, Cell(f", {', '.join(what)}")), 2)]


def _one(offer: InstanceOffer) -> str:
    gpus = offer.hardware.gpus
    return f"one {offer.hardware.gpu_model}" if gpus == 1 else f"{gpus} × {offer.hardware.gpu_model}" if gpus else "CPU"


def _short_lines(known: KnownType) -> list[TextLine]:
    """Return one line for each subject."""
    offer, plan = known.offer, known.offer.batch
    most = _allowed(plan) if plan is not None else ""
    batch = ", ".join(filter(None, (plan.explanation, most))) if plan is not None else _why_no_batch(known)
    stops = f" (stops after {duration_words(known.run.instance.max_runtime)}; price of {_price_of(known)})"
    hardware = ", ".join((offer.gpu_text, *machine_words(offer.hardware)))
    numbers = _numbers(known).replace(" and", "")
    where = _region(known)
    zones = [Cell(f", {where.cells[-1].text}")] if where is not None else []
    lines = [
        *([_fact("Batch", batch)] if batch else []),
        TextLine((_label("Cost"), *_cost_cells(known), Cell(stops if known.most is not None else "", Ink.MUTED)), 10),
        TextLine((_label("Hardware"), Cell(hardware), Cell(f" {numbers}" if numbers else "", Ink.MUTED)), LABEL + 1),
        TextLine((_label("Quota"), *_quota_cells(known), *zones), LABEL + 1),
        *[_fact("Note", "; ".join(notes), Ink.WARN) for notes in [_warnings(offer)] if notes],
        *_last(known),
    ]
    cells: list[Cell] = []
    for each in _settings(known):
        is_here = each.setting is known.selected
        label = _SHORT_LABELS.get(each.setting, each.setting.value)
        cells += [
            Cell(known.keys[ACTIONS[each.setting]], Ink.KEY),
            Cell(Glyph.CURSOR if is_here else " ", Ink.ACCENT),
            Cell(f"{label} ", Ink.STRONG if is_here else Ink.MUTED),
            Cell(f"{each.value}  "),
        ]
    return [*lines, TextLine(tuple(cells))]


def _label(text: str) -> Cell:
    return Cell(text.ljust(LABEL + 1), Ink.MUTED)


def _more(text: str) -> TextLine:
    return line(f"{'':{LABEL}} {text}", Ink.MUTED, LABEL + 1)


def _fact(label: str, text: str, style: str = "") -> TextLine:
    return fact(label, text, style, LABEL)

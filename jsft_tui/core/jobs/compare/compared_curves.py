"""Curves of compared jobs over the same axis: epochs, the time since each job started, or what it had cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from jsft_tui.core.common.durations import clock
from jsft_tui.core.common.text import dollars
from jsft_tui.core.jobs.compare.comparison import ComparedJob
from jsft_tui.core.jobs.metrics.curves import Points
from jsft_tui.core.jobs.metrics.training_axis import place_text, training_axis
from jsft_tui.core.sizing.pricing import Price


class CurveAxis(Enum):
    """What the curves are drawn over."""

    EPOCH = "epoch"
    TIME = "time"
    COST = "cost"

    def text(self, place: float) -> str:
        """Format a place on the axis."""
        match self:
            case CurveAxis.EPOCH:
                return place_text(place)
            case CurveAxis.TIME:
                return clock(place)
            case CurveAxis.COST:
                return dollars(place)


@dataclass(frozen=True)
class ComparedCurves:
    """The curves, one for each job, and the range of their axis."""

    curves: tuple[Points, ...]
    first: float
    last: float


def possible_axes(jobs: Sequence[ComparedJob], prices: Mapping[str, Price]) -> list[CurveAxis]:
    """Return the axes that every job with values can be placed on."""
    told = [each for each in jobs if any(each.metrics.values())]
    has_epochs = bool(told) and all(each.marks for each in told)
    has_prices = bool(told) and all(each.job.instance_type in prices for each in told)
    return [
        *([CurveAxis.EPOCH] if has_epochs else []),
        CurveAxis.TIME,
        *([CurveAxis.COST] if has_prices else []),
    ]


def compared_curves(
    jobs: Sequence[ComparedJob], metric: str, axis: CurveAxis, prices: Mapping[str, Price]
) -> ComparedCurves:
    """Return a metric's curves over an axis."""
    if axis is CurveAxis.EPOCH:
        axes = [training_axis([each.metrics.get(metric, ())], each.marks) for each in jobs]
        curves = tuple(found.over(each.metrics.get(metric, ())) for found, each in zip(axes, jobs, strict=True))
        known = [found for found in axes if found.unit]
        return ComparedCurves(
            curves,
            min((found.first for found in known), default=0.0),
            max((found.last for found in known), default=0.0),
        )
    rates = [1.0 if axis is CurveAxis.TIME else _usd_per_second(each, prices) for each in jobs]
    curves = tuple(
        [
            (rate * (time - (each.job.started or each.job.created)), value)
            for time, value in each.metrics.get(metric, ())
        ]
        for rate, each in zip(rates, jobs, strict=True)
    )
    return ComparedCurves(curves, 0.0, max((points[-1][0] for points in curves if points), default=0.0))


def _usd_per_second(compared: ComparedJob, prices: Mapping[str, Price]) -> float:
    job = compared.job
    price = prices.get(job.instance_type)
    return price.usd_per_hour * max(1, job.instance_count) / 3600 if price is not None else 0.0

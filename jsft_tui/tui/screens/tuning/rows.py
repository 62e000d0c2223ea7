"""The trials of a search as rows: the objective, what was tried, how long it took, what it cost."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len

from jsft_tui.core.common.durations import clock
from jsft_tui.core.jobs.metrics.objective import short_name
from jsft_tui.core.jobs.training_job import JobStatus
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.core.tuning.results.progress import Search
from jsft_tui.core.tuning.results.trials import Trial, short_number
from jsft_tui.tui.theme.glyphs import Glyph, glyph
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.table.columns import SIGN, Column
from jsft_tui.tui.widgets.text.cell_text import Align, Cell

NATURAL_WIDTH = 96
_VALUE_LEAST, _VALUE_MOST, _HEAD_MOST = 6, 16, 13
_WORD_MOST, _WORD_CUT = 6, 5
TRIAL = Column("trial", "TRIAL", min_width=5, max_width=6, gap=1)
TIME = Column("time", "TIME", width=6, gap=2, priority=2, align=Align.RIGHT)
COST = Column("cost", "COST", width=7, gap=2, priority=1, align=Align.RIGHT)


def columns_of(search: Search | None) -> tuple[Column, ...]:
    """Return the columns: those of the values that are tried go, the last first, where there is no room."""
    if search is None:
        return SIGN, TRIAL, TIME, COST
    metric = short_name(search.job.metric).upper() or "OBJECTIVE"
    tuned = [_value_column(name, number, search) for number, name in enumerate(search.job.tuned)]
    objective = Column("objective", metric, min_width=9, gap=1, needs_head=True, spills=True)
    return SIGN, TRIAL, objective, *tuned, TIME, COST


def _value_column(name: str, number: int, search: Search) -> Column:
    longest = max((cell_len(short_number(trial.values.get(name, ""))) for trial in search.trials), default=0)
    head = short_head(name)
    least = min(max(_VALUE_LEAST, longest), _VALUE_MOST)
    most = max(least, min(len(head), _HEAD_MOST))
    return Column(f"value {name}", head, min_width=least, max_width=most, gap=2, priority=3 + number)


def short_head(name: str) -> str:
    """Return a name as the head of a column: `learning_rate` is `LEARN RATE`, `optimizer` is `OPTIM`."""
    words = name.upper().replace("_", " ").split()
    return " ".join(word if len(word) <= _WORD_MOST else word[:_WORD_CUT] for word in words)


@dataclass(frozen=True)
class TrialRows:
    """The trials in the order in which they are shown.

    Attributes:
        trials: the trials.
        search: that they are of.
        prices: by instance type; None while they are not known.
        now: epoch seconds.
        marks: trial -> the letter that marks it to be compared.
        columns: of the table.
    """

    trials: Sequence[Trial]
    search: Search
    prices: Mapping[str, Price] | None
    now: float
    marks: Mapping[str, str]
    columns: Sequence[Column]
    _places: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_places", {trial.name: place for place, trial in enumerate(self.trials)})

    def __len__(self) -> int:
        return len(self.trials)

    def key(self, index: int) -> str:
        """Return the trial's name."""
        return self.trials[index].name

    def index_of(self, key: str) -> int | None:
        """Return the row of a trial."""
        return self._places.get(key)

    def cells(self, index: int) -> Sequence[Cell]:
        """Return the row."""
        trial = self.trials[index]
        row = {
            "sign": self._sign(trial),
            "trial": Cell(trial.short_name, Ink.STRONG if self._is_best(trial) else ""),
            "objective": objective_cell(trial),
            "time": Cell(clock(trial.seconds(self.now)) if trial.started is not None else "–", Ink.MUTED),
            "cost": self._cost(trial),
        }
        row |= {f"value {name}": Cell(short_number(trial.values.get(name, ""))) for name in self.search.job.tuned}
        return [row[column.key] for column in self.columns]

    def _is_best(self, trial: Trial) -> bool:
        best = self.search.best
        return best is not None and best.name == trial.name

    def _sign(self, trial: Trial) -> Cell:
        if letter := self.marks.get(trial.name):
            return Cell(letter, Ink.ACCENT)
        if self._is_best(trial):
            return Cell(Glyph.BEST, Ink.GOOD)
        sign = trial.status.as_status
        return Cell(glyph(sign, os.environ), sign.value)

    def _cost(self, trial: Trial) -> Cell:
        if self.prices is None:
            return Cell("…", Ink.MUTED)
        usd = trial_cost(trial, self.search, self.prices, self.now)
        if usd is None:
            return Cell("?", Ink.MUTED)
        return Cell(f"${usd:,.2f}" if trial.started is not None else "–", Ink.MONEY)


def trial_cost(trial: Trial, search: Search, prices: Mapping[str, Price], now: float) -> float | None:
    """Return the USD that a trial has cost until now (spot: at most); None without a price."""
    price = prices.get(search.job.instance_type)
    if price is None:
        return None
    return trial.seconds(now) / 3600 * price.usd_per_hour * search.job.instance_count


def objective_cell(trial: Trial) -> Cell:
    """Return the value, or why there is none."""
    if trial.objective is not None:
        return Cell(f"{trial.objective:.4f}" if abs(trial.objective) < 100 else f"{trial.objective:.6g}")
    return Cell(trial.missing, Ink.BAD if trial.status is JobStatus.FAILED else Ink.MUTED)

"""The table of the Hyperparameters screen, and the lines about the row under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jsft_tui.core.hyperparameters.form import Form, FormRow, Hold, batch_facts
from jsft_tui.tui.theme.themes import QUIET, STRONG, Status
from jsft_tui.tui.widgets.table.columns import Column
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, fact, line

COLUMNS = (
    Column("flag", "", width=1),
    Column("name", "NAME", min_width=24),
    Column("value", "VALUE", width=13),
    Column("default", "DEFAULT", width=9, priority=1),
    Column("allowed", "ALLOWED", min_width=10, priority=2),
)

_KEYS = {
    Hold.INSTANCE: "type a number to hold it",
    Hold.SCALED: "{key}: the model's own again; a number holds it",
    Hold.TYPED: "{key}: let it follow the instance",
    Hold.MODEL: "sent as it is; {key}: let it follow the instance",
}
"""What to press to let somebody else decide the batch size."""


@dataclass(frozen=True)
class FieldRows:
    """The rows that are shown."""

    rows: Sequence[FormRow]

    def __len__(self) -> int:
        return len(self.rows)

    def key(self, index: int) -> str:
        """The hyperparameter's name."""
        return self.rows[index].name

    def cells(self, index: int) -> Sequence[Cell]:
        """The row."""
        row = self.rows[index]
        flag = (
            Cell("!", Status.FAILED.value) if row.errors else Cell("●" if row.is_changed else "", Status.RUNNING.value)
        )
        value = Status.FAILED.value if row.errors else STRONG if row.is_changed else ""
        return (
            flag,
            Cell(row.name),
            Cell(row.value_text, value),
            Cell(row.default, QUIET),
            Cell(row.declared.allowed, QUIET),
        )


def detail_lines(row: FormRow, shown: Form, batch_key: str) -> list[TextLine]:
    """Everything about one row: what is wrong first, then how the batch is made or what it means, and what it takes.

    `batch_key` lets the batch size follow the instance.
    """
    lines = [line(f"! {message}", Status.FAILED.value, indent=2) for message in row.errors]
    if row.hold is not None:
        facts, how = batch_facts(shown), _KEYS[row.hold].format(key=batch_key)
        lines += [fact(label, f"{text} ({how})" if label == "Decides" else text) for label, text in facts]
    if row.help:
        lines.append(line(row.help))
    if row.hold is None:
        lines.append(fact("Value", row.value_text, STRONG if row.is_changed else ""))
    if row.is_known:
        lines += [fact("Default", row.default or "empty"), fact("Takes", row.type_text)]
    return lines

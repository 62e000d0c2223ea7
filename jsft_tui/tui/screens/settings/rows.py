"""The rows of the Settings screen: settings of runs, jsft's own, and facts, each with its origin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from jsft_tui.core.run.settings.origin import origin_word
from jsft_tui.core.run.settings.own import OwnSetting, OwnValue
from jsft_tui.core.run.settings.settings import NOT_SET, THIS_RUN, Setting, SettingRow
from jsft_tui.tui.widgets.table.columns import SIGN, Column
from jsft_tui.tui.widgets.table.rows import Group, Rows
from jsft_tui.tui.widgets.text.cell_text import Align, Cell

COLUMNS = (
    SIGN,
    Column("setting", "", min_width=23, max_width=24, gap=1),
    Column("value", "", min_width=25, spills=True),
    Column("origin", "", width=16, align=Align.RIGHT, priority=1),
)
NATURAL_WIDTH = 84


class Fact(Enum):
    """What is found out of the target and this machine, and cannot be edited here."""

    ACCOUNT = "account"
    IDENTITY = "signed in as"
    REGION = "region"
    ENDPOINT = "endpoint"
    CONFIG_FILE = "config file"

    @property
    def about(self) -> str:
        """Return what it is."""
        return _ABOUT[self]


_ABOUT = {
    Fact.ACCOUNT: "The AWS account that jobs run in and that pays for them.",
    Fact.IDENTITY: "Who asks AWS. The job itself works with the execution role.",
    Fact.REGION: "Where jobs run and where models, prices and quotas are looked up.",
    Fact.ENDPOINT: "Requests go to this address instead of AWS's own.",
    Fact.CONFIG_FILE: "What is kept for every run stands in this file; it can be edited by hand, too.",
}


@dataclass(frozen=True)
class FactRow:
    """A fact: its value in full, and where it comes from."""

    fact: Fact
    text: str
    origin: str = ""


@dataclass(frozen=True)
class OwnRow:
    """One of jsft's own settings and its value."""

    setting: OwnSetting
    value: OwnValue


AnyRow = SettingRow | OwnRow | FactRow


def key_of(row: AnyRow) -> str:
    """Return the key of a row."""
    match row:
        case SettingRow():
            return row.setting.value
        case OwnRow():
            return f"own {row.setting.value}"
        case FactRow():
            return f"fact {row.fact.value}"


def group_of(row: AnyRow) -> str:
    """Return the heading that a row stands below."""
    return "Where you are" if isinstance(row, FactRow) else row.setting.group.value


def table_rows(rows: Sequence[AnyRow], home: Path) -> Rows:
    """Return the rows in groups; paths below `home` begin with a tilde."""
    order = [*dict.fromkeys(map(group_of, rows))]
    ordered = sorted(rows, key=lambda row: order.index(group_of(row)))
    titles = [group_of(row) for row in ordered]
    groups = [Group(titles.index(title), title) for title in dict.fromkeys(titles)]
    return Rows([(key_of(row), (Cell(""), *_cells(row, home))) for row in ordered], groups)


def _cells(row: AnyRow, home: Path) -> tuple[Cell, Cell, Cell]:
    match row:
        case SettingRow():
            is_own = row.origin.startswith(THIS_RUN)
            value = Cell(short_value(row.setting, row.text), _ink(row))
            return Cell(row.setting.label), value, Cell(origin_word(row.origin), "accent" if is_own else "muted")
        case OwnRow():
            ink = "money" if row.value.text.startswith("$") else "muted" if row.value.text == "–" else ""
            return Cell(row.setting.label), Cell(row.value.text, ink), Cell(row.value.origin, "muted")
        case FactRow():
            return Cell(row.fact.value, "muted"), Cell(short_fact(row, home)), Cell(row.origin, "muted")


def _ink(row: SettingRow) -> str:
    if row.origin == NOT_SET:
        return "muted"
    return "money" if row.setting is Setting.MAX_COST else ""


def short_value(setting: Setting, text: str) -> str:
    """Return a value as the list shows it: of a role or a key its name."""
    named = setting in (Setting.ROLE, Setting.VOLUME_KEY, Setting.OUTPUT_KEY)
    return text.rpartition("/")[2] if named and text.startswith("arn:") else text


def short_fact(row: FactRow, home: Path) -> str:
    """Return a fact as the list shows it."""
    match row.fact:
        case Fact.ACCOUNT:
            groups = [row.text[start : start + 4] for start in range(0, len(row.text), 4)]
            return " ".join(groups) if row.text.isdigit() else row.text
        case Fact.IDENTITY:
            return row.text.split(":", 5)[-1] if row.text.startswith("arn:") else row.text
        case Fact.CONFIG_FILE if row.text.startswith(f"{home}/"):
            return f"~{row.text.removeprefix(str(home))}"
    return row.text

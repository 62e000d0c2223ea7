"""categorical_index.json: which columns of a tabular dataset are categories.

Sources: developer guide, lightgbm and its siblings ({"cat_index_list": [...]}); the CatBoost script of JumpStart, which
takes any JSON file there for it, refuses two, and refuses numbers that are no feature's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.reader import BudgetedDataset, DataObject, LintFinding, block, passed, warn
from jsft_tui.core.datasets.parsers.json_text import UnreadableJsonError, decoded, members, shown
from jsft_tui.core.datasets.tabular.files import INDEX

KEY = "cat_index_list"
MOST_BYTES = 2**20
_MOST = 2**31 - 1


@dataclass(frozen=True)
class CategoricalIndex:
    """Numbers of the columns that hold categories (the target is 0), and what is wrong with the file."""

    columns: frozenset[int] = frozenset()
    findings: tuple[LintFinding, ...] = ()


def read_index(data: BudgetedDataset, items: Sequence[DataObject], *, numeric: bool) -> CategoricalIndex:
    """The index of a dataset.

    Args:
        data: the dataset.
        items: the JSON files that lie where it belongs.
        numeric: whether the model knows no categories.
    """
    if not items:
        return CategoricalIndex()
    item = items[0]
    if numeric:
        why = "is not read by XGBoost and linear models: for them every feature is a number."
        return CategoricalIndex(findings=(warn(item.name, why),))
    if len(items) > 1:
        why = f"there are {item.name} and {items[1].name}; only one JSON file, {INDEX}, may be there."
        return CategoricalIndex(findings=(block("", why),))
    findings = []
    if item.name.rpartition("/")[2] != INDEX:
        findings.append(warn(item.name, f"is taken for {INDEX}, whatever its name."))
    if item.size > MOST_BYTES:
        return CategoricalIndex(findings=(*findings, block(item.name, f"has {item.size:,} bytes; it lists columns.")))
    body = data.read(item.name, 0, item.size)
    if len(body) < item.size:
        unread = warn(item.name, "was not looked into: too little may be read.")
        return CategoricalIndex(findings=(*findings, unread))
    found = FindingsByKind()
    columns = _columns(body, item.name, found)
    return CategoricalIndex(frozenset(columns), (*findings, *found.all()))


def judge_index(index: CategoricalIndex, where: str, features: int) -> Iterator[LintFinding]:
    """Whether the columns are there; `features` is how many there are beside the target."""
    beyond = sorted(column for column in index.columns if column > features)
    if beyond:
        count = f" ({len(beyond):,} such numbers)" if len(beyond) > 1 else ""
        have = plural(features, "feature")
        yield block(where, f"names column {beyond[0]}, but there are {have}: 1 to {features}{count}.")
    elif index.columns:
        yield passed(where, f"names {plural(len(index.columns), 'categorical column')}.")


def _columns(body: bytes, name: str, found: FindingsByKind) -> set[int]:
    columns: set[int] = set()
    seen = False
    try:
        for member in members(decoded(body)):
            if member.key != KEY:
                continue
            seen = True
            if member.index is None:
                if member.value != []:
                    found.add("list", block(name, f"has {shown(member.value)} as {KEY}; it must be a list."))
                continue
            where, value = f"{name} {KEY}[{member.index}]", member.value
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _MOST:
                found.add("number", block(where, f"is {shown(value)}; it must be the number of a column."))
            elif value == 0:
                found.add("target", block(where, "is 0, which is the target; features count from 1."))
            elif value in columns:
                found.add("twice", block(where, f"is {value}, which stands there already."))
            else:
                columns.add(value)
        if not seen:
            found.add("key", block(name, f'has no key {KEY}; it must be {{"{KEY}": [...]}}.'))
    except UnreadableJsonError as error:
        found.add("unreadable", block(f"{name} line {error.line}", f"{error.reason}."))
    return columns

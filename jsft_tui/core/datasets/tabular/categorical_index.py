"""Check categorical_index.json, which names the categorical columns of a tabular dataset.

Sources: developer guide, lightgbm and its siblings ({"cat_index_list": [...]}); the public copy of JumpStart's CatBoost
script, which takes the only JSON file directly in the channel, whatever its name, and the first value of its object,
whatever its key, and refuses numbers that are no feature's. `json.loads` refuses a byte order mark (tried).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.reader import BudgetedDataset, DataObject, LintFinding, block, passed, warn
from jsft_tui.core.datasets.parsers.json_text import UnreadableJsonError, decoded, shown, value_of
from jsft_tui.core.datasets.tabular.algorithms import Algorithm
from jsft_tui.core.datasets.tabular.files import INDEX

KEY = "cat_index_list"
MOST_BYTES = 2**20
_MOST = 2**31 - 1
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class CategoricalIndex:
    """The numbers of the categorical columns (the target is 0), and findings about the file."""

    columns: frozenset[int] = frozenset()
    findings: tuple[LintFinding, ...] = ()


def read_index(data: BudgetedDataset, items: Sequence[DataObject], to: Algorithm) -> CategoricalIndex:
    """Read the index of a dataset.

    Args:
        data: the dataset.
        items: the JSON files where it belongs.
        to: the algorithm.
    """
    if not items:
        return CategoricalIndex()
    item = items[0]
    if not to.reads_index:
        why = f"is not read by {to.name}: all its features are numbers."
        return CategoricalIndex(findings=(warn(item.name, why),))
    if len(items) > 1:
        why = f"there are {item.name} and {items[1].name}; only one JSON file, {INDEX}, is allowed."
        return CategoricalIndex(findings=(block("", why),))
    findings = []
    if item.name != INDEX:
        findings.append(warn(item.name, f"is used as {INDEX}, although its name differs."))
    if item.size > MOST_BYTES:
        return CategoricalIndex(findings=(*findings, block(item.name, f"has {item.size:,} bytes; it lists columns.")))
    body = data.read(item.name, 0, item.size)
    if len(body) < item.size:
        unread = warn(item.name, "was not checked: the read limit is too low.")
        return CategoricalIndex(findings=(*findings, unread))
    found = FindingsByKind()
    columns = _columns(body, item.name, found)
    return CategoricalIndex(frozenset(columns), (*findings, *found.all()))


def judge_index(index: CategoricalIndex, where: str, features: int) -> Iterator[LintFinding]:
    """Check that the columns exist; `features` is the number of columns without the target."""
    beyond = sorted(column for column in index.columns if column > features)
    if beyond:
        count = f" ({len(beyond):,} such numbers)" if len(beyond) > 1 else ""
        have = plural(features, "feature")
        yield block(where, f"names column {beyond[0]}, but there are {have}: 1 to {features}{count}.")
    elif index.columns:
        yield passed(where, f"names {plural(len(index.columns), 'categorical column')}.")


def _columns(body: bytes, name: str, found: FindingsByKind) -> set[int]:
    if body.startswith(_MARK):
        why = "starts with a byte order mark, which Python's json.loads refuses; save it as UTF-8 without one."
        found.add("mark", block(name, why))
    try:
        document = value_of(decoded(body))
    except UnreadableJsonError as error:
        found.add("unreadable", block(f"{name} line {error.line}", f"{error.reason}."))
        return set()
    if document is None:
        found.add("nothing", warn(name, "is null: no column is a category."))
        return set()
    if not isinstance(document, dict):
        found.add("object", block(name, f'must be one JSON object, {{"{KEY}": [...]}}; it is {shown(document)}.'))
        return set()
    if not document:
        found.add("key", block(name, f'has no key {KEY}; it must be {{"{KEY}": [...]}}.'))
        return set()
    key = next(iter(document))
    if key != KEY:
        why = f"has the first key {shown(key)}, but {KEY} is documented; the first value is used, whatever its key."
        found.add("key", warn(name, why))
    return _numbers(document[key], f"{name} {key[:30]}", found)


def _numbers(value: object, where: str, found: FindingsByKind) -> set[int]:
    """Return the columns that the first value of the object lists."""
    if not value:
        if value != []:
            found.add("nothing", warn(where, f"is {shown(value)}: no column is a category."))
        return set()
    if not isinstance(value, list):
        found.add("list", block(where, f"is {shown(value)}; it must be a list."))
        return set()
    columns: set[int] = set()
    for place, element in enumerate(value):
        _number(element, f"{where}[{place}]", columns, found)
    return columns


def _number(element: object, where: str, columns: set[int], found: FindingsByKind) -> None:
    if element is True:
        found.add("true", warn(where, "is true, which is read as column 1."))
    elif isinstance(element, bool) or not isinstance(element, int) or not 0 <= element < _MOST:
        found.add("number", block(where, f"is {shown(element)}; it must be the number of a column."))
        return
    elif element == 0:
        found.add("target", block(where, "is 0, which is the target; features count from 1."))
        return
    if int(element) in columns:
        found.add("twice", warn(where, f"is {int(element)}, a duplicate value."))
    columns.add(int(element))

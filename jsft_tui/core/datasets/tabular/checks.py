"""Tabular classification and regression: CSV files without a header, the target in the first column.

Sources: developer guide, lightgbm, catboost, tabtransformer, autogluon-tabular; AWS's notebook on XGBoost and Linear
Learner, for which every feature must be a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, DataObject, LintFinding, block, passed, warn
from jsft_tui.core.datasets.parsers.csv_rows import UnreadableCsvError, rows
from jsft_tui.core.datasets.tabular.categorical_index import judge_index, read_index
from jsft_tui.core.datasets.tabular.files import find_files
from jsft_tui.core.datasets.tabular.table import Table, TableRules

RULES = (
    "CSV files without a header; the first column is the target, the others are features.",
    "In CSV files directly under the prefix, or in the folders train/ (or training/) and validation/.",
    "Classes are whole numbers, best 0 to n-1; for regression the target is a number.",
    "LightGBM, CatBoost, TabTransformer, AutoGluon: categorical columns may be named in categorical_index.json.",
    "XGBoost and linear models: every feature is a number.",
)
NUMERIC = frozenset({"xgboost", "sklearn"})
"""Frameworks whose models read numbers only."""
ANY_TEXT = frozenset({"autogluon"})
"""Frameworks that find out themselves which columns are categories."""
MOST_FILES = 64
FEW_ROWS = 20
VALIDATION_SHARE = 0.25
"""Of the byte budget, at most."""


def lint(data: BudgetedDataset, question: DataQuestion, *, classes: bool) -> Iterator[LintFinding]:
    """Yield all findings about a tabular dataset, whose target is a class or a number."""
    numeric = question.framework in NUMERIC
    files = find_files(data, numeric=numeric)
    yield from files.findings
    if not files.training:
        return
    index = read_index(data, files.indexes, numeric=numeric)
    yield from index.findings
    rules = TableRules(
        classes=classes,
        numeric=numeric,
        gaps=question.framework != "sklearn",
        text=question.framework in ANY_TEXT,
        categories=index.columns,
    )
    training = Table(rules)
    _read(data, files.training, training, 1 - VALIDATION_SHARE if files.validation else 1)
    yield from training.findings()
    if training.columns > 1 and files.indexes:
        yield from judge_index(index, files.indexes[0].name, training.columns - 1)
    if training.rows:
        yield from _few(training)
        yield passed(_where(files.training), training.numbers)
    elif training.readable:
        yield _no_rows(files.training, training)
    validation = Table(rules, training)
    _read(data, files.validation, validation, 1)
    yield from validation.findings()
    if validation.rows:
        yield passed(_where(files.validation), validation.numbers)
    elif files.validation and validation.readable:
        yield _no_rows(files.validation, validation)


def _where(items: Sequence[DataObject]) -> str:
    if len(items) == 1:
        return items[0].name
    return items[0].name.rpartition("/")[0] + "/" if "/" in items[0].name else ""


def _few(table: Table) -> Iterator[LintFinding]:
    if table.complete and table.rows < FEW_ROWS:
        yield warn("", f"there are only {plural(table.rows, 'row')}; expect little of a model trained on them.")


def _no_rows(items: Sequence[DataObject], table: Table) -> LintFinding:
    where = _where(items)
    if table.complete:
        return block(where, "holds no rows.")
    return warn(where, "has rows too long for the bytes that may be read; no row of it could be read.")


def _read(data: BudgetedDataset, items: Sequence[DataObject], table: Table, share: float) -> None:
    """Give every row of the files to a table."""
    chosen = items
    if len(items) > MOST_FILES:
        chosen = [items[place * len(items) // MOST_FILES] for place in range(MOST_FILES)]
        data.sampled, table.complete = True, False
    ends = data.bytes_read + int(data.left * share)
    for number, item in enumerate(chosen):
        if item.size == 0:
            table.unreadable(item.name, "is empty.")
            continue
        part = (ends - data.bytes_read) // (len(chosen) - number)
        complete = item.size <= part
        table.complete = table.complete and complete
        if part == 0:
            data.sampled = True
            continue
        try:
            for row in rows(data.chunks(item, part), complete=complete):
                table.add(row, f"{item.name} line {row.line}")
        except UnreadableCsvError as error:
            table.unreadable(f"{item.name} line {error.line}", f"{error.reason}.")
        table.end_file()

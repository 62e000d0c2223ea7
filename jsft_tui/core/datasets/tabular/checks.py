"""Check data for tabular classification and regression: CSV files without a header, the target in the first column.

Sources: developer guide, lightgbm, catboost, tabtransformer, autogluon-tabular; AWS's notebook on XGBoost and Linear
Learner, for which every feature must be a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jsft_tui.core.common.text import plural, there_are_only
from jsft_tui.core.datasets.base.contents import Contents, Here
from jsft_tui.core.datasets.base.needs import Glance, Need, Needs, about, always
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, DataObject, LintFinding, block, passed, warn
from jsft_tui.core.datasets.parsers.csv_rows import UnreadableCsvError, rows
from jsft_tui.core.datasets.tabular.algorithms import algorithm
from jsft_tui.core.datasets.tabular.categorical_index import judge_index, read_index
from jsft_tui.core.datasets.tabular.files import TRAINING_FOLDERS, find_files
from jsft_tui.core.datasets.tabular.fit import fit_findings
from jsft_tui.core.datasets.tabular.table import FEATURES, ROWS, TARGET, Table, TableRules

RULES = (
    "CSV files without a header; the first column is the target, the others are features.",
    "In CSV files directly under the prefix, or in the folders train/ (or training/) and validation/.",
    "Classes are integers, preferably 0 to n-1; for regression the target is a number.",
    "LightGBM, CatBoost, TabTransformer, AutoGluon: categorical columns may be named in categorical_index.json.",
    "XGBoost and linear models: every feature is a number.",
)
MOST_FILES = 64
FEW_ROWS = 20
VALIDATION_SHARE = 0.25
"""Part of the byte budget, at most."""


def lint(data: BudgetedDataset, question: DataQuestion, *, classes: bool) -> Iterator[LintFinding]:
    """Yield all findings about a tabular dataset whose target is a class or a number."""
    to = algorithm(question.framework)
    files = find_files(data, one_file=to.one_file)
    data.contents.saw(FILES.name, plural(len(files.training), "file") if files.training else "no .csv file")
    yield from about(FILES.name, files.findings)
    if not files.training:
        return
    index = read_index(data, files.indexes, to)
    yield from about(FEATURES, index.findings)
    rules = TableRules(classes, to, index.columns)
    training = Table(rules)
    _read(data, files.training, training, 1 - VALIDATION_SHARE if files.validation else 1)
    _saw(data.contents, training, classes=classes)
    yield from training.findings()
    if training.columns > 1 and files.indexes:
        yield from about(FEATURES, judge_index(index, files.indexes[0].name, training.columns - 1))
    if training.rows:
        yield from _few(training)
        yield from fit_findings(question, training, held_back=not files.validation)
        yield passed(_where(files.training), training.numbers)
    elif training.readable:
        yield from about(ROWS, [_no_rows(files.training, training)])
    validation = Table(rules, training)
    _read(data, files.validation, validation, 1)
    yield from validation.findings()
    if validation.rows:
        data.contents.has_validation = True
        data.contents.facts.append(("Validation", plural(validation.rows, "row")))
        yield passed(_where(files.validation), validation.numbers)
    elif files.validation and validation.readable:
        yield _no_rows(files.validation, validation)


def _saw(contents: Contents, table: Table, *, classes: bool) -> None:
    contents.saw(ROWS, plural(table.rows, "row") if table.rows else "no rows")
    if not table.rows:
        return
    contents.saw(TARGET, plural(table.target.classes, "class", "classes") if classes else "column 1")
    contents.saw(FEATURES, plural(max(table.columns - 1, 0), "column"))
    counts = {**{f"{number:g}": table.target.numbers[number] for number in sorted(table.target.numbers)}}
    counts |= dict(sorted(table.target.words.items()))
    contents.count("rows", table.rows, counts if classes else None, complete=table.complete)
    contents.facts.append(("Columns", f"{table.columns:,}, the first is the target"))


def _look_at_files(glance: Glance) -> Here:
    """Judge the names: train/, training/, or CSV files directly under the prefix."""
    folder = next((each for each in TRAINING_FOLDERS if each in glance.folders), "")
    parts = (item.name.removeprefix(folder) for item in glance.objects if item.name.startswith(folder))
    found = [name for name in parts if "/" not in name and name.lower().endswith(".csv")]
    if not found:
        return Here("no .csv file", glance.missing())
    return Here(plural(len(found), "file"))


def needs(target: str) -> Needs:
    """Return the needs of a table; `target` says what the first column holds."""
    return always(FILES, Need(ROWS, "no header, even rows"), Need(TARGET, target), Need(FEATURES, "features that vary"))


FILES = Need("files", ".csv files", _look_at_files)


def _where(items: Sequence[DataObject]) -> str:
    if len(items) == 1:
        return items[0].name
    return items[0].name.rpartition("/")[0] + "/" if "/" in items[0].name else ""


def _few(table: Table) -> Iterator[LintFinding]:
    if table.complete and table.readable and table.rows < FEW_ROWS:
        yield warn(
            "",
            f"{there_are_only(table.rows, 'row')}; the model will learn little from them.",
        )


def _no_rows(items: Sequence[DataObject], table: Table) -> LintFinding:
    where = _where(items)
    if table.complete:
        return block(where, "has no rows.")
    return warn(where, "has rows longer than the read limit; none could be read.")


def _read(data: BudgetedDataset, items: Sequence[DataObject], table: Table, share: float) -> None:
    """Add every row of the files to a table."""
    chosen = items
    if len(items) > MOST_FILES:
        chosen = [items[place * len(items) // MOST_FILES] for place in range(MOST_FILES)]
        data.sampled, table.complete = True, False
    ends = data.bytes_read + int(data.left * share)
    for number, item in enumerate(chosen):
        if item.size == 0:
            table.unreadable(block(item.name, "is empty."))
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
            table.unreadable(error.finding(item.name))
        table.end_file()

"""Which files of a tabular dataset are read: train/ and validation/, or one CSV file; and the categorical index.

Sources: developer guide, InputOutput-LightGBM and its siblings (a channel of CSV files, which are concatenated, or of
the folders train/ and validation/; categorical_index.json beside them); AWS's notebook on XGBoost and Linear Learner
(train/data.csv, validation/data.csv).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jsft_tui.core.datasets.base.reader import BudgetedDataset, DataObject, LintFinding, Listing, block, warn

TRAINING_FOLDERS = ("train/", "training/")
VALIDATION_FOLDER = "validation/"
FILE = "data.csv"
INDEX = "categorical_index.json"


@dataclass(frozen=True)
class TabularFiles:
    """What is read.

    Attributes:
        training, validation: CSV files.
        indexes: JSON files beside them, which are taken for the categorical index.
        findings: what is wrong with the layout.
    """

    training: tuple[DataObject, ...] = ()
    validation: tuple[DataObject, ...] = ()
    indexes: tuple[DataObject, ...] = ()
    findings: tuple[LintFinding, ...] = ()


def find_files(data: BudgetedDataset, *, numeric: bool) -> TabularFiles:
    """The files of a dataset; `numeric`: for a model that reads a single data.csv in each folder."""
    root = data.listing()
    training = next((folder for folder in TRAINING_FOLDERS if folder in root.prefixes), None)
    if training is None:
        return _in_the_root(root, numeric=numeric)
    folders = [training] + [folder for folder in (VALIDATION_FOLDER,) if folder in root.prefixes]
    listings = data.listings(folders)
    found = [_folder(folder, listing, numeric=numeric) for folder, listing in zip(folders, listings, strict=True)]
    files = [files for files, _ in found]
    findings = [finding for _, some in found for finding in some]
    loose = _csvs(root)
    if loose:
        findings.append(warn(loose[0].name, f"lies beside {training} and is not read ({len(loose):,} in all)."))
    indexes = [item for listing in (root, listings[0]) for item in listing.objects if _is_json(item)]
    return TabularFiles(files[0], files[1] if len(files) > 1 else (), tuple(indexes), tuple(findings))


def _in_the_root(root: Listing, *, numeric: bool) -> TabularFiles:
    csvs = _csvs(root)
    indexes = tuple(item for item in root.objects if _is_json(item))
    if not csvs:
        return TabularFiles(findings=(_nothing(root),))
    chosen, findings = csvs, []
    if numeric and len(csvs) > 1:
        chosen = [item for item in csvs if item.name == FILE] or csvs[:1]
        names = f"{csvs[0].name}, {csvs[1].name}" + (", ..." if len(csvs) > 2 else "")
        why = f"there are {len(csvs):,} CSV files ({names}); XGBoost and linear models read one, train/{FILE}."
        findings.append(warn("", why) if chosen[0].name == FILE else block("", why))
    elif numeric:
        where = f"lies directly under the prefix; XGBoost and linear models document train/{FILE}."
        findings.append(warn(csvs[0].name, where))
    return TabularFiles(tuple(chosen), (), indexes, tuple(findings))


def _nothing(root: Listing) -> LintFinding:
    if not root.complete:
        return warn("", f"there is no CSV file among the first {len(root.objects):,} objects.")
    if VALIDATION_FOLDER in root.prefixes:
        return block("", f"there is {VALIDATION_FOLDER} but no train/ or training/ folder.")
    if root.objects:
        return block("", f"there is no CSV file ({root.objects[0].name} is none), and no train/ or training/ folder.")
    if root.prefixes:
        return block("", f"there is no train/ or training/ folder and no CSV file; there is {root.prefixes[0]}.")
    return block("", "there is no CSV file.")


def _folder(folder: str, listing: Listing, *, numeric: bool) -> tuple[tuple[DataObject, ...], Iterator[LintFinding]]:
    csvs = _csvs(listing)
    chosen = csvs
    if numeric and len(csvs) > 1:
        chosen = [item for item in csvs if item.name == folder + FILE] or csvs[:1]
    return tuple(chosen), _judge_folder(folder, listing, csvs, numeric=numeric)


def _judge_folder(folder: str, listing: Listing, csvs: list[DataObject], *, numeric: bool) -> Iterator[LintFinding]:
    named = any(item.name == folder + FILE for item in csvs)
    if not csvs:
        other = next((item.name for item in listing.objects if item.name != folder and not _is_json(item)), None)
        deeper = next(iter(listing.prefixes), None)
        hint = f" ({other} is none)" if other else f"; is it one level deeper, in {deeper}?" if deeper else ""
        yield (block if listing.complete else warn)(folder, f"has no CSV file{hint}.")
    elif numeric and len(csvs) > 1:
        why = f"has {len(csvs):,} CSV files; XGBoost and linear models read one, {FILE}."
        yield warn(folder, why) if named else block(folder, why)
    elif numeric and not named:
        yield warn(csvs[0].name, f"is documented to be named {FILE}.")


def _csvs(listing: Listing) -> list[DataObject]:
    return [item for item in listing.objects if item.name.lower().endswith(".csv")]


def _is_json(item: DataObject) -> bool:
    return item.name.lower().endswith(".json")

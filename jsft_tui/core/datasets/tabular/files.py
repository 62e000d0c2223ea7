"""Select the files of a tabular dataset: train/ and validation/, or CSV files; and the categorical index.

Sources: developer guide, InputOutput-LightGBM and its siblings (a channel of CSV files, which are concatenated, or of
the folders train/ and validation/; categorical_index.json beside them); AWS's notebook on XGBoost and Linear Learner
(train/data.csv, validation/data.csv).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jsft_tui.core.datasets.base.file_kinds import there_instead
from jsft_tui.core.datasets.base.held_back import is_held_back
from jsft_tui.core.datasets.base.leftovers import leftover
from jsft_tui.core.datasets.base.reader import BudgetedDataset, DataObject, LintFinding, Listing, block, warn

TRAINING_FOLDERS = ("train/", "training/")
VALIDATION_FOLDER = "validation/"
FILE = "data.csv"
INDEX = "categorical_index.json"


@dataclass(frozen=True)
class TabularFiles:
    """The files to read.

    Attributes:
        training, validation: CSV files.
        indexes: JSON files beside them, which are used as the categorical index.
        findings: problems with the layout.
    """

    training: tuple[DataObject, ...] = ()
    validation: tuple[DataObject, ...] = ()
    indexes: tuple[DataObject, ...] = ()
    findings: tuple[LintFinding, ...] = ()


def find_files(data: BudgetedDataset, *, one_file: bool) -> TabularFiles:
    """Select the files of a dataset; `one_file`: for an algorithm that reads a single data.csv per folder."""
    root = data.listing()
    training = next((folder for folder in TRAINING_FOLDERS if folder in root.prefixes), None)
    if training is None:
        return _in_the_root(root, one_file=one_file)
    folders = [training] + [folder for folder in (VALIDATION_FOLDER,) if folder in root.prefixes]
    listings = data.listings(folders)
    found = [_folder(folder, listing, one_file=one_file) for folder, listing in zip(folders, listings, strict=True)]
    files = [files for files, _ in found]
    findings = [finding for _, some in found for finding in some]
    loose = _csvs(root)
    if loose:
        findings.append(warn(loose[0].name, f"is next to {training} and is not used ({len(loose):,} in all)."))
    findings += _unread_folders(root, training)
    indexes = [item for item in root.objects if _is_json(item)]
    findings += [
        warn(item.name, f"is not read: {INDEX} belongs directly under the prefix.")
        for item in listings[0].objects
        if _is_json(item) and not one_file
    ]
    return TabularFiles(files[0], files[1] if len(files) > 1 else (), tuple(indexes), tuple(findings))


def _in_the_root(root: Listing, *, one_file: bool) -> TabularFiles:
    csvs = _csvs(root)
    indexes = tuple(item for item in root.objects if _is_json(item))
    if not csvs:
        return TabularFiles(findings=(_nothing(root),))
    chosen, findings = csvs, [*_in_capitals(csvs), *(() if one_file else _trained_on(csvs))]
    if one_file and len(csvs) > 1:
        chosen = [item for item in csvs if item.name == FILE] or csvs[:1]
        names = f"{csvs[0].name}, {csvs[1].name}" + (", ..." if len(csvs) > 2 else "")
        why = f"there are {len(csvs):,} CSV files ({names}); XGBoost and linear models read one, train/{FILE}."
        findings.append(warn("", why) if chosen[0].name == FILE else block("", why))
    elif one_file:
        where = f"is directly under the prefix; XGBoost and linear models document train/{FILE}."
        findings.append(warn(csvs[0].name, where))
    return TabularFiles(tuple(chosen), (), indexes, tuple(findings))


def _unread_folders(root: Listing, training: str) -> Iterator[LintFinding]:
    """Yield the folders beside that of the training data that no script reads."""
    for folder in root.prefixes:
        if folder not in (training, VALIDATION_FOLDER) and leftover(folder) is None:
            meant = f"; validation data belongs in {VALIDATION_FOLDER}" if is_held_back(folder) else ""
            yield warn(folder, f"is not read: only {training} and {VALIDATION_FOLDER} are{meant}.")


def _in_capitals(csvs: list[DataObject]) -> Iterator[LintFinding]:
    """Yield that a name ends in `.CSV`: the scripts' patterns (pathlib's `glob`, on Linux) tell cases apart."""
    loud = next((item.name for item in csvs if not item.name.endswith(".csv")), None)
    if loud:
        yield warn(loud, "ends in capitals; the scripts look for .csv, so rename it.")


def _trained_on(csvs: list[DataObject]) -> Iterator[LintFinding]:
    """Yield that a file sounds like one for validation or a test, and would be trained on with the others."""
    held = [item for item in csvs if is_held_back(item.name)]
    if held and len(held) < len(csvs):
        why = f"is read as training data with the others; put them into {TRAINING_FOLDERS[0]} and {VALIDATION_FOLDER}."
        yield warn(held[0].name, why)


def _nothing(root: Listing) -> LintFinding:
    if not root.complete:
        return warn("", f"there is no CSV file among the first {len(root.objects):,} objects.")
    if instead := there_instead(item.name for item in root.objects):
        return block("", f"there is no CSV file, and no train/ or training/ folder; {instead}.")
    if VALIDATION_FOLDER in root.prefixes:
        return block("", f"there is {VALIDATION_FOLDER} but no train/ or training/ folder.")
    if root.objects:
        return block("", f"there is no CSV file ({root.objects[0].name} is not one) and no train/ or training/ folder.")
    if root.prefixes:
        return block("", f"there is no train/ or training/ folder and no CSV file; there is {root.prefixes[0]}.")
    return block("", "there is no CSV file.")


def _folder(folder: str, listing: Listing, *, one_file: bool) -> tuple[tuple[DataObject, ...], Iterator[LintFinding]]:
    csvs = _csvs(listing)
    chosen = csvs
    if one_file and len(csvs) > 1:
        chosen = [item for item in csvs if item.name == folder + FILE] or csvs[:1]
    return tuple(chosen), _judge_folder(folder, listing, csvs, one_file=one_file)


def _judge_folder(folder: str, listing: Listing, csvs: list[DataObject], *, one_file: bool) -> Iterator[LintFinding]:
    named = any(item.name == folder + FILE for item in csvs)
    yield from _in_capitals(csvs)
    if not csvs:
        other = next((item.name for item in listing.objects if item.name != folder and not _is_json(item)), None)
        deeper = next(iter(listing.prefixes), None)
        hint = f" ({other} is not one)" if other else f"; is it one level deeper, in {deeper}?" if deeper else ""
        if instead := there_instead(item.name for item in listing.objects):
            hint = f"; {instead}"
        yield (block if listing.complete else warn)(folder, f"has no CSV file{hint}.")
    elif one_file and len(csvs) > 1:
        why = f"has {len(csvs):,} CSV files; XGBoost and linear models read one, {FILE}."
        yield warn(folder, why) if named else block(folder, why)
    elif one_file and not named:
        yield warn(csvs[0].name, f"is named {FILE} in the documentation.")


def _csvs(listing: Listing) -> list[DataObject]:
    return [item for item in listing.objects if item.name.lower().endswith(".csv")]


def _is_json(item: DataObject) -> bool:
    return item.name.lower().endswith(".json")

"""Create broken CSV files for text classification, sentence pairs, question answering and tabular data."""

from __future__ import annotations

from jsft_tui.sandbox.seed.datasets import tabular
from jsft_tui.sandbox.seed.datasets.broken_dataset import BrokenDataset
from jsft_tui.sandbox.seed.datasets.formats import pairs_csv, questions_csv
from jsft_tui.sandbox.seed.datasets.text import csv_bytes

_TEXT = "Text classification"
_SUBJECTS = ("buckets", "functions", "keys", "queues", "topics", "tables", "roles", "clusters")
_VERBS = ("list", "create", "delete", "describe", "tag")


def _rows(labels: tuple[int, ...] = (0, 1, 2)) -> list[tuple[object, str]]:
    """Return forty valid rows with the given labels in turn."""
    sentences = [f"How do I {verb} my {subject} from the command line?" for subject in _SUBJECTS for verb in _VERBS]
    return [(labels[number % len(labels)], sentence) for number, sentence in enumerate(sentences)]


def header() -> BrokenDataset:
    """Include a header where the first row of data belongs."""
    body = csv_bytes([("label", "text"), *_rows()])
    return BrokenDataset(
        "text-header", _TEXT, "data.csv starts with a header, but must not have one.", {"data.csv": body}
    )


def word_as_label() -> BrokenDataset:
    """Use a word as one label."""
    rows = _rows()
    rows[16] = ("cat", rows[16][1])
    fault = "line 17 of data.csv has the label 'cat', which is not an integer."
    return BrokenDataset("text-label-not-integer", _TEXT, fault, {"data.csv": csv_bytes(rows)})


def label_gap() -> BrokenDataset:
    """Leave a gap in the labels."""
    fault = "the labels are 0, 1 and 3: 2 is missing, so they are not 0 to n-1."
    return BrokenDataset("text-label-gap", _TEXT, fault, {"data.csv": csv_bytes(_rows((0, 1, 3)))})


def one_class() -> BrokenDataset:
    """Include a single class only."""
    fault = "every row has the label 0: there is only one class."
    return BrokenDataset("text-one-class", _TEXT, fault, {"data.csv": csv_bytes(_rows((0,)))})


def swapped_columns() -> BrokenDataset:
    """Put the sentence first and the label second."""
    body = csv_bytes([(sentence, label) for label, sentence in _rows()])
    fault = "the sentence is in the first column and the label in the second; it must be the other way round."
    return BrokenDataset("text-swapped-columns", _TEXT, fault, {"data.csv": body})


def latin_1() -> BrokenDataset:
    """Encode the file as Latin-1 instead of UTF-8."""
    rows = _rows()
    rows[4] = (rows[4][0], "Où est la clé de mon bucket, s'il vous plaît ?")
    body = csv_bytes(rows).decode().encode("latin-1")
    fault = "data.csv is encoded in Latin-1, and line 5 is not UTF-8."
    return BrokenDataset("text-latin-1", _TEXT, fault, {"data.csv": body})


def empty_file() -> BrokenDataset:
    """Include an empty file."""
    return BrokenDataset("text-empty", _TEXT, "data.csv is empty.", {"data.csv": b""})


def other_name() -> BrokenDataset:
    """Name the file something other than `data.csv`."""
    fault = "the file is called train.csv; there is no data.csv."
    return BrokenDataset("text-no-data-csv", _TEXT, fault, {"train.csv": csv_bytes(_rows())})


def unquoted_commas() -> BrokenDataset:
    """Include an unquoted comma, which makes a third column."""
    lines = csv_bytes(_rows()).decode().splitlines()
    lines[9] = "0,Hello, how do I list my buckets?"
    fault = "line 10 of data.csv has a comma without quotes round the sentence, so it has three columns."
    return BrokenDataset("text-unquoted-comma", _TEXT, fault, {"data.csv": "\n".join(lines).encode() + b"\n"})


def third_label_in_pairs() -> BrokenDataset:
    """Include a third label, where sentence pairs allow 0 and 1 only."""
    lines = pairs_csv().decode().splitlines()
    lines[6] = "2" + lines[6][1:]
    fault = "line 7 of data.csv has the label 2; only 0 and 1 are allowed."
    body = "\n".join(lines).encode() + b"\n"
    return BrokenDataset("pairs-label-two", "Sentence pair classification", fault, {"data.csv": body})


def answer_outside() -> BrokenDataset:
    """Include an answer that ends after its context."""
    lines = questions_csv().decode().splitlines()
    lines[2] = lines[2].rsplit(",", 2)[0] + ",500,520"
    fault = "line 3 of data.csv says that the answer is at 500 to 520, but its context is shorter than that."
    body = "\n".join(lines).encode() + b"\n"
    return BrokenDataset("questions-answer-outside", "Question answering", fault, {"data.csv": body})


def words_among_numbers() -> BrokenDataset:
    """Include a feature that is text."""
    objects = tabular.points(rows=60)
    lines = objects["train/data.csv"].decode().splitlines()
    lines[11] = ",".join([*lines[11].split(",")[:3], "unknown", lines[11].split(",")[4]])
    fault = "line 12 of train/data.csv has the word 'unknown' where a number belongs."
    body = {**objects, "train/data.csv": "\n".join(lines).encode() + b"\n"}
    return BrokenDataset("points-not-numeric", "Tabular classification", fault, body)


def target_last() -> BrokenDataset:
    """Put the target in the last column."""
    objects = {
        name: csv_bytes([[*line.split(",")[1:], line.split(",")[0]] for line in body.decode().splitlines()])
        for name, body in tabular.points(rows=60).items()
    }
    fault = "the target is in the last column; it must be in the first."
    return BrokenDataset("points-target-last", "Tabular classification", fault, objects)


TABLE_FAULTS = (
    header,
    word_as_label,
    label_gap,
    one_class,
    swapped_columns,
    latin_1,
    empty_file,
    other_name,
    unquoted_commas,
    third_label_in_pairs,
    answer_outside,
    words_among_numbers,
    target_last,
)

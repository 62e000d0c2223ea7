"""Test invalid data and hyperparameters: one sentence in output/failure, exit code 1, no traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from jsft_tui.sandbox.trainers.program import TRAINERS
from tests.sandbox.trainers.datasets import SHAPES, draw_shapes, write_table
from tests.sandbox.trainers.jobs import Job


def refused(job: Job, *parts: str) -> str:
    """Return the sentence with which a job failed."""
    job.run()
    assert job.code == 1, job.output
    assert job.failure is not None
    assert "Traceback" not in job.output
    assert f"ERROR: {job.failure}" in job.output
    assert "\n" not in job.failure
    assert len(job.failure) <= 1024
    for part in parts:
        assert part in job.failure, job.failure
    assert job.model_files == set()
    return job.failure


GOOD_TEXT = b"0,one two\n1,three four\n0,five six\n1,seven eight\n"
BAD_TEXTS: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "data.csv of channel 'training' is empty"),
    "header": (
        b"label,text\n" + GOOD_TEXT,
        "line 1: the label 'label' is not an integer from 0 on; if that is a header, remove it",
    ),
    "swapped columns": (b"one two,0\nthree,1\n", "data.csv has 2 bad rows; line 1: the label 'one two'"),
    "one class": (b"0,a\n0,b\n", "only the label 0; at least 2 classes"),
    "label gap": (b"1,a\n1,b\n3,c\n3,d\n", "go from 1 to 3, but none is 2; number the 2 classes without a gap"),
    "far labels": (b"0,a\n0,b\n999999999999999999,c\n", "go from 0 to 999999999999999999, but none is 1"),
    "empty text": (GOOD_TEXT + b"1,  \n", "data.csv has 1 bad row; line 5: there is no text after the label"),
    "missing text": (GOOD_TEXT + b"1\n", "line 5: there is no text"),
    "single rows": (b"0,one\n1,two\n2,three\n", "every class has a single example"),
    "Latin-1": (GOOD_TEXT + "1,caf\u00e9\n".encode("latin-1"), "data.csv is not UTF-8 text"),
    "binary": (bytes(range(256)) * 20, "data.csv"),
    "negative label": (GOOD_TEXT + b"-1,minus\n", "the label '-1' is not an integer"),
    "decimal label": (GOOD_TEXT + b"1.0,point\n", "the label '1.0' is not an integer"),
    "huge label": (GOOD_TEXT + b"99999999999999999999,x\n", "is not an integer"),
    "foreign digit": (GOOD_TEXT + "\u0663,x\n".encode(), "is not an integer"),
    "huge field": (GOOD_TEXT + b"1," + b"x" * 300_000 + b"\n", "not well-formed CSV (field larger than"),
    "open quote": (GOOD_TEXT + b'1,"never ends\n0,more\n', "not well-formed CSV"),
}


@pytest.mark.parametrize("case", BAD_TEXTS)
def test_bad_texts_are_refused_with_their_place(tmp_path: Path, case: str) -> None:
    content, expected = BAD_TEXTS[case]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "data.csv").write_bytes(content)
    refused(Job("text", tmp_path / "job", {"training": tmp_path / "data"}), expected)


GOOD_TEXTS: dict[str, bytes] = {
    "byte order mark": b"\xef\xbb\xbf" + GOOD_TEXT,
    "carriage returns": GOOD_TEXT.replace(b"\n", b"\r\n"),
    "empty lines": GOOD_TEXT.replace(b"\n", b"\n\n"),
    "emoji": GOOD_TEXT + "1,\U0001f600 \u4f60\u597d\n".encode(),
    "quoted line break": GOOD_TEXT + b'1,"two\nlines, and a comma"\n',
    "only punctuation": GOOD_TEXT + b"1,!!\n0,?\n",
    "labels with signs": GOOD_TEXT + b"+1,plus\n-0,minus\n",
    "NUL": GOOD_TEXT + b"1,a\x00b\n",
}


@pytest.mark.parametrize("case", GOOD_TEXTS)
def test_unusual_texts_are_taken(tmp_path: Path, case: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "data.csv").write_bytes(GOOD_TEXTS[case])
    job = Job("text", tmp_path / "job", {"training": tmp_path / "data"}, {"epochs": 1}).run()
    assert job.code == 0, job.output


def test_labels_may_begin_at_one_and_stay_what_they_are_in_the_model(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "data.csv").write_bytes(b"1,a\n1,b\n2,c\n2,d\n3,e\n3,f\n")
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "data.csv").write_bytes(b"3,g\n1,h\n")
    channels = {"training": tmp_path / "data", "validation": tmp_path / "others"}
    job = Job("text", tmp_path / "job", channels, {"epochs": 1}).run()
    assert job.code == 0, job.output
    assert job.labels == {"1": 0, "2": 1, "3": 2}
    (tmp_path / "others" / "data.csv").write_bytes(b"3,g\n0,h\n")
    refused(Job("text", tmp_path / "no", channels), "the validation channel has the label 0, but training has 1..3")


def test_a_class_with_a_single_example_is_in_training_only(tmp_path: Path) -> None:
    for name in ("text", "tabular", "image"):
        (tmp_path / name).mkdir()
    (tmp_path / "text" / "data.csv").write_bytes(GOOD_TEXT + b"2,only one\n")
    (tmp_path / "tabular" / "data.csv").write_text(GOOD_TABLE + "2,1,1\n")
    _single_image(tmp_path / "image")
    for name, training, validation in (("text", 3, 2), ("tabular", 3, 2), ("image", 3, 1)):
        job = Job(name, tmp_path / "jobs" / name, {"training": tmp_path / name}).run()
        assert job.code == 0, job.output
        assert (job.info["training_examples"], job.info["validation_examples"]) == (training, validation)
        assert "Classes with a single example, which is in training only: 1 of " in job.output


GOOD_TABLE = "0,1,2\n1,3,4\n0,5,6\n1,7,8\n"


def test_more_than_two_columns_are_mentioned(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "data.csv").write_bytes(GOOD_TEXT + b"0,first, second\n")
    job = Job("text", tmp_path / "job", {"training": tmp_path / "data"}, {"epochs": 1}).run()
    assert job.code == 0
    assert "Rows with more than two columns: 1 of data.csv" in job.output


BAD_TABLES: dict[str, tuple[str, str]] = {
    "empty": ("", "data.csv is empty"),
    "header": (
        "target,a,b\n" + GOOD_TABLE,
        "line 1: column 1 is 'target', not a number; if that is a header",
    ),
    "word": (GOOD_TABLE + "1,red,2\n", "line 5: column 2 is 'red', not a number"),
    "empty cell": (GOOD_TABLE + "1,,2\n", "line 5: column 2 is '', not a number"),
    "nan": (GOOD_TABLE + "1,nan,2\n", "column 2 is 'nan', not a number"),
    "infinity": (GOOD_TABLE + "1,inf,2\n", "column 2 is 'inf', not a number"),
    "overflow": (GOOD_TABLE + "1,1e300,2\n", "column 2 is '1e300', not a number"),
    "underscore": (GOOD_TABLE + "1,1_000,2\n", "column 2 is '1_000', not a number"),
    "ragged": (GOOD_TABLE + "1,2\n", "line 5: it has 2 columns, the first row has 3"),
    "one column": ("0\n1\n", "it has 1 column"),
    "measured target": (GOOD_TABLE + "1.5,2,3\n", "the class '1.5' in column 1 is not an integer"),
    "one class": ("0,1\n0,2\n", "is always 0; at least 2 classes"),
    "single rows": ("0,1\n1,2\n", "every class has a single example"),
    "too many classes": ("".join(f"{n},1\n{n},2\n" for n in range(1001)), "has 1001 different values"),
}


@pytest.mark.parametrize("case", BAD_TABLES)
def test_bad_tables_are_refused_with_their_place(tmp_path: Path, case: str) -> None:
    content, expected = BAD_TABLES[case]
    (tmp_path / "data" / "train").mkdir(parents=True)
    (tmp_path / "data" / "train" / "data.csv").write_text(content)
    refused(Job("tabular", tmp_path / "job", {"training": tmp_path / "data"}), expected)


def test_a_table_channel_must_leave_no_doubt_about_its_file(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    refused(Job("tabular", tmp_path / "1", {"training": tmp_path / "none"}), "has no CSV file")
    write_table(tmp_path / "two" / "a.csv", 10)
    write_table(tmp_path / "two" / "b.csv", 10)
    refused(Job("tabular", tmp_path / "2", {"training": tmp_path / "two"}), "2 CSV files (a.csv, b.csv, ...)")


def test_validation_rows_must_be_like_the_training_rows(table: Path, tmp_path: Path) -> None:
    for name, content, expected in (
        ("columns", "1,2,3\n", "has 3 columns, the training file 6"),
        ("class", "9,1,1,1,1,1\n", "has the class 9, which the training file lacks"),
    ):
        folder = tmp_path / name / "validation"
        folder.mkdir(parents=True)
        (folder / "data.csv").write_text(content)
        refused(Job("tabular", tmp_path / name / "job", {"training": table, "validation": folder}), expected)


def _no_folders(root: Path) -> None:
    Image.new("RGB", (9, 9)).save(root / "loose.jpg")


def _one_class(root: Path) -> None:
    draw_shapes(root / "inner", SHAPES[:1], 3)
    (root / "inner" / "circle").rename(root / "circle")
    (root / "inner").rmdir()


def _empty_class(root: Path) -> None:
    _one_class(root)
    (root / "square").mkdir()


def _single_image(root: Path) -> None:
    _empty_class(root)
    Image.new("RGB", (9, 9)).save(root / "square" / "only.png")


def _two_good_classes(root: Path) -> None:
    _single_image(root)
    Image.new("L", (1, 1)).save(root / "square" / "other.png")


def _corrupt(root: Path) -> None:
    _two_good_classes(root)
    (root / "square" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 not an image")


def _truncated(root: Path) -> None:
    _two_good_classes(root)
    whole = (root / "circle" / "circle-01.jpg").read_bytes()
    (root / "square" / "half.jpg").write_bytes(whole[: len(whole) // 2])


def _zero_bytes(root: Path) -> None:
    _two_good_classes(root)
    (root / "square" / "nothing.jpeg").touch()


def _bomb(root: Path) -> None:
    _two_good_classes(root)
    Image.new("1", (20_000, 20_000)).save(root / "square" / "bomb.png")


def _disguised(root: Path) -> None:
    _two_good_classes(root)
    Image.new("RGB", (9, 9)).save(root / "square" / "really-a.gif")
    (root / "square" / "really-a.gif").rename(root / "square" / "not-a.png")


BAD_PICTURES: dict[str, tuple[Callable[[Path], None], str]] = {
    "nothing": (lambda root: None, "has 0 class folders"),
    "no folders": (_no_folders, "has 0 class folders and 1 image outside any class"),
    "one class": (_one_class, "has 1 class folder;"),
    "empty class": (_empty_class, "class 'square' has no image (.jpg, .jpeg or .png)"),
    "corrupt": (_corrupt, "1 image of channel 'training' cannot be read: square/broken.jpg"),
    "truncated": (_truncated, "square/half.jpg"),
    "no bytes": (_zero_bytes, "square/nothing.jpeg (empty file)"),
    "decompression bomb": (_bomb, "square/bomb.png (far too many pixels)"),
    "another format": (_disguised, "square/not-a.png"),
}


@pytest.mark.parametrize("case", BAD_PICTURES)
def test_bad_images_are_refused_by_name(tmp_path: Path, case: str) -> None:
    make, expected = BAD_PICTURES[case]
    (tmp_path / "data").mkdir()
    make(tmp_path / "data")
    refused(Job("image", tmp_path / "job", {"training": tmp_path / "data"}), expected)


def test_unusual_images_are_accepted(tmp_path: Path) -> None:
    root = tmp_path / "data"
    root.mkdir()
    _two_good_classes(root)
    Image.new("LA", (40, 3)).save(root / "square" / "gray.png")
    Image.new("RGBA", (3, 40)).save(root / "square" / "see-through.PNG")
    Image.new("P", (30, 30)).save(root / "square" / "palette.png")
    Image.new("I;16", (30, 30)).save(root / "square" / "deep.png")
    Image.new("CMYK", (30, 30)).save(root / "square" / "print.jpg")
    (root / "square" / ".hidden.jpg").write_bytes(b"not an image")
    (root / "square" / "notes.txt").write_text("not an image")
    (root / ".cache").mkdir()
    job = Job("image", tmp_path / "job", {"training": root}, {"epochs": 1}).run()
    assert job.code == 0, job.output
    assert job.labels == {"circle": 0, "square": 1}
    assert "Ignored: 1 file of channel 'training'" in job.output


def test_validation_images_must_be_of_the_same_classes(two_shapes: Path, tmp_path: Path) -> None:
    other = draw_shapes(tmp_path / "other", SHAPES[1:], 2)
    job = Job("image", tmp_path / "job", {"training": two_shapes, "validation": other})
    refused(job, "the validation channel has other class folders")


@pytest.mark.parametrize("trainer", TRAINERS)
def test_a_job_without_training_data_is_refused(tmp_path: Path, trainer: str) -> None:
    refused(Job(trainer, tmp_path / "job", {}), "the job has no input channel 'training'")


def test_texts_must_lie_in_data_csv(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    refused(Job("text", tmp_path / "job", {"training": tmp_path / "data"}), "has no data.csv at its top level")


BAD_HYPERPARAMETERS: list[tuple[str, dict[str, object], str]] = [
    ("text", {"epochs": 0}, "hyperparameter epochs is 0, outside 1..1000"),
    ("text", {"epochs": 2.5}, "hyperparameter epochs is '2.5', not an integer"),
    ("text", {"epochs": "1_0"}, "not an integer"),
    ("text", {"epochs": ""}, "hyperparameter epochs is '', not an integer"),
    ("text", {"learning_rate": "abc"}, "hyperparameter learning_rate is 'abc', not a number"),
    ("text", {"learning_rate": "nan"}, "not a number"),
    ("text", {"learning_rate": "inf"}, "not a number"),
    ("text", {"learning_rate": 2}, "hyperparameter learning_rate is 2, outside 0..1"),
    ("text", {"optimizer": "adamw"}, "hyperparameter optimizer is 'adamw', not one of adam, sgd"),
    ("text", {"early_stopping": "yes"}, "not one of False, True"),
    ("text", {"random_seed": -1}, "hyperparameter random_seed is -1, outside 0 and above"),
    ("text", {"lerning_rate": 0.1}, "there is no hyperparameter 'lerning_rate' (known: epochs,"),
    ("text", {"epochs": 0, "batch_size": 0}, "; hyperparameter batch_size is 0"),
    ("tabular", {"tol": 0}, "hyperparameter tol is 0, outside 1e-20..50"),
    ("tabular", {"epochs": 3}, "there is no hyperparameter 'epochs'"),
    ("image", {"image_resize_interpolation": "lanczos5"}, "not one of bilinear"),
    ("image", {"eval_metric": "auc"}, "eval_metric auc needs binary_mode True"),
    ("image", {"binary_mode": True}, "binary_mode is True, but the training channel has 3 classes"),
]


@pytest.mark.parametrize(("trainer", "asked", "expected"), BAD_HYPERPARAMETERS)
def test_bad_hyperparameters_are_refused(
    data_of: dict[str, Path], tmp_path: Path, trainer: str, asked: dict[str, object], expected: str
) -> None:
    refused(Job(trainer, tmp_path, {"training": data_of[trainer]}, asked), expected)


def test_training_that_diverges_fails_and_names_the_learning_rate(two_shapes: Path, tmp_path: Path) -> None:
    asked = {"optimizer": "sgd", "learning_rate": 1, "regularizers_l2": 1, "epochs": 100, "batch_size": 2}
    job = Job("image", tmp_path, {"training": two_shapes}, asked)
    refused(job, "training diverged in epoch ", "Lower learning_rate (it is 1).")


def test_hyperparameters_that_are_not_texts_are_refused(texts: Path, tmp_path: Path) -> None:
    job = Job("text", tmp_path, {"training": texts}, {"epochs": 1}, encode=lambda text: [text])
    refused(job, "not a flat map of strings")

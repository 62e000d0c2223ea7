"""What a model needs beside what a dataset has: after a check, and by the names alone."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.contents import Contents
from jsft_tui.core.datasets.base.needs import MOST_WORDS, Glance, looked_at
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import DataObject
from jsft_tui.core.datasets.fit import advice, balance, checked, examples_read, glimpsed, looks_like_data, split
from jsft_tui.core.datasets.generative.template_offer import template_offer
from jsft_tui.core.datasets.registry import data_format, data_formats
from tests.core.datasets.examples import png, report, sentences

HOME = "us-west-2"
IMAGES = DataQuestion(Task.IMAGE_CLASSIFICATION, "tensorflow-ic-x", {"validation_split_ratio": "0.2"})
INSTRUCTIONS = DataQuestion(Task.TEXT_GENERATION, "huggingface-llm-x", {"instruction_tuned": "True"})
CHAT = DataQuestion(Task.TEXT_GENERATION, "huggingface-llm-x", {"chat_dataset": "True"})
PLAIN = DataQuestion(Task.TEXT_GENERATION, "huggingface-llm-x", {"instruction_tuned": "False"})


def rows_of(question: DataQuestion, objects: Mapping[str, bytes], region: str | None = HOME) -> dict[str, str]:
    """Return each need -> its sign and what is there."""
    fit = checked(question, report(question, objects), HOME, region)
    return {row.needs: f"{row.level.value} {row.here}" for row in fit.rows}


def glance(*names: str, complete: bool = True) -> Glance:
    return Glance(tuple(DataObject(name, 10) for name in names), complete)


def flowers(**more: bytes) -> dict[str, bytes]:
    return {f"{kind}/{number}.png": png(8, 8) for kind in ("daisy", "rose") for number in range(12)} | more


def test_every_format_with_a_linter_says_what_it_needs_in_few_words() -> None:
    for task, form in data_formats().items():
        needs = form.needs(DataQuestion(task))
        assert bool(needs) == (form.linter is not None), task
        assert all(len(need.words) <= MOST_WORDS for need in needs), needs
        assert len({need.name for need in needs}) == len(needs), task
    for question in (CHAT, PLAIN, DataQuestion(Task.TEXT_GENERATION, "meta-vlm-x", {})):
        assert all(len(need.words) <= MOST_WORDS for need in data_format(question.task).needs(question))


def test_images_that_fit() -> None:
    assert rows_of(IMAGES, flowers()) == {
        "a folder per class": "pass 2 folders",
        "two classes or more": "pass 2 classes",
        ".jpg .jpeg .png": "pass 24 of 24 open",
        "nothing beside them": "pass nothing",
        "in us-west-2": "pass us-west-2",
    }


def test_what_fails_comes_first_and_data_elsewhere_do_not_fit() -> None:
    objects = flowers(**{"rose/broken.png": b"no image"})
    fit = checked(IMAGES, report(IMAGES, objects), HOME, "eu-central-1")
    assert [(row.needs, row.here) for row in fit.rows[:2]] == [
        (".jpg .jpeg .png", "24 of 25 open"),
        ("in us-west-2", "eu-central-1"),
    ]
    assert (fit.level, fit.answer, fit.first_problem) == (Level.BLOCK, "no", ".jpg .jpeg .png: 24 of 25 open")
    assert rows_of(IMAGES, flowers(), None)["in us-west-2"] == "unknown "


def test_data_without_folders_say_so() -> None:
    rows = rows_of(IMAGES, {"1.png": png(8, 8)})
    assert rows["two classes or more"].startswith("block")
    assert rows[".jpg .jpeg .png"] == "unknown "  # nobody looked
    assert rows["nothing beside them"] == "warn 1 file"


@pytest.mark.parametrize(
    ("question", "objects", "expected"),
    [
        (
            DataQuestion(Task.TEXT_CLASSIFICATION),
            {"data.csv": "\n".join(sentences(rows=60, classes=3)).encode()},
            {"data.csv": "pass 60 rows", "labels 0, 1, 2 …": "pass 3 classes", "no empty text": "pass none empty"},
        ),
        (
            DataQuestion(Task.TEXT_CLASSIFICATION),
            {"train.csv": b"0,a\n"},
            {"data.csv": "block missing", "a label and a text": "unknown "},
        ),
        (
            DataQuestion(Task.SENTENCE_SIMILARITY),
            {"data.csv": b"a,one\na,two\nb,\n"},
            {"each id once": "block 1 twice", "no empty text": "block 1 empty"},
        ),
        (
            DataQuestion(Task.TABULAR_CLASSIFICATION, "lightgbm-x"),
            {"train/data.csv": b"".join(b"%d,%d,%d\n" % (n % 2, n, n * n) for n in range(40))},
            {".csv files": "pass 1 file", "the class first": "pass 2 classes", "features that vary": "pass 2 columns"},
        ),
        (
            INSTRUCTIONS,
            {"train.jsonl": b'{"prompt": "a", "answer": "b"}\n' * 20},
            {
                "template.json": "block missing",
                "instruction, response": "block prompt, answer",
                "*.jsonl": "pass 20 lines",
            },
        ),
        (
            INSTRUCTIONS,
            {"train.jsonl": b'{"instruction": "a", "context": "", "response": "b"}\n' * 20},
            {"template.json": "pass not needed", "*.jsonl": "pass 20 lines"},
        ),
        (CHAT, {"a.jsonl": b'{"text": "a"}\n' * 20}, {"dialog or messages": "block text"}),
        (
            PLAIN,
            {"a.txt": b"many words " * 100},
            {"one .txt .csv or .json": "pass a.txt", "text in it": "pass 200 words"},
        ),
        (
            DataQuestion(Task.OBJECT_DETECTION),
            {"images/1.png": png(8, 8)},
            {"annotations.json": "block missing", "images/": "warn 1 image", ".jpg .jpeg .png": "pass 1 of 1 open"},
        ),
        (
            DataQuestion(Task.TEXT_TO_IMAGE),
            {f"{number}.png": png(8, 8) for number in range(6)},
            {"dataset_info.json": "block missing", "images beside it": "pass 6 of 6 open"},
        ),
    ],
    ids=[
        *("text", "text elsewhere", "ids", "table", "other columns", "default columns"),
        *("no dialog", "plain text", "no boxes", "no prompt"),
    ],
)
def test_each_format_compares_its_needs(
    question: DataQuestion, objects: Mapping[str, bytes], expected: Mapping[str, str]
) -> None:
    rows = rows_of(question, objects)
    assert {needs: rows[needs] for needs in expected} == expected


# -- by the names alone


def test_a_look_at_names_judges_what_names_tell() -> None:
    fit = glimpsed(IMAGES, glance("daisy/1.jpg", "rose/1.jpg", "readme.txt"), HOME, HOME)
    assert fit.level is Level.UNKNOWN and fit.answer == ""
    assert {row.needs: (row.level, row.here) for row in fit.rows} == {
        "nothing beside them": (Level.WARN, "1 file"),
        "a folder per class": (Level.PASS, "2 folders"),
        "two classes or more": (Level.PASS, "2 classes"),
        ".jpg .jpeg .png": (Level.PASS, "2 images"),
        "in us-west-2": (Level.PASS, HOME),
    }
    loose = glimpsed(IMAGES, glance("1.jpg", "2.jpg"), HOME, HOME)
    assert {row.needs: row.here for row in loose.rows}[".jpg .jpeg .png"] == "2 images, loose"
    words = data_format(Task.TEXT_CLASSIFICATION).needs(DataQuestion(Task.TEXT_CLASSIFICATION))
    assert [(row.level, row.here) for row in looked_at(words, glance("data.csv"))][:2] == [
        (Level.PASS, "there"),
        (Level.UNKNOWN, ""),
    ]


@pytest.mark.parametrize(
    ("question", "names", "expected"),
    [
        (IMAGES, ("daisy/1.jpg", "rose/1.jpg"), True),
        (IMAGES, ("flowers/daisy/1.jpg", "flowers/rose/1.jpg", "pets/cat/1.jpg"), False),
        (IMAGES, ("a/1.csv", "b/1.jpg", "c/1.csv", "d/1.csv"), False),
        (IMAGES, ("daisy/1.jpg",), False),
        (INSTRUCTIONS, ("train.jsonl",), True),
        (INSTRUCTIONS, ("data/train.jsonl",), False),
        (DataQuestion(Task.TABULAR_REGRESSION), ("train/a.csv",), True),
        (DataQuestion(Task.TABULAR_REGRESSION), ("old/a.csv",), False),
        (DataQuestion(Task.INSTANCE_SEGMENTATION), ("a/1.jpg",), False),
    ],
)
def test_names_tell_whether_a_folder_is_the_data_or_has_them_in_it(
    question: DataQuestion, names: tuple[str, ...], expected: bool
) -> None:
    assert looks_like_data(question, glance(*names)) is expected


def test_what_may_follow_after_the_listing_is_not_missing() -> None:
    part = glance("a/1.jpg", "b/1.jpg", complete=False)
    assert part.within("a/") == glance("1.jpg")
    assert part.within("b/") is None  # more of it may follow
    assert part.within("c/") is None
    fit = glimpsed(DataQuestion(Task.TEXT_CLASSIFICATION), part, HOME, HOME)
    assert {row.level for row in fit.rows} == {Level.UNKNOWN, Level.PASS}
    assert glimpsed(IMAGES, part, HOME, HOME).rows[0].here == "2+ folders"


# -- what the data consist of


def test_examples_are_split_as_the_model_does() -> None:
    contents = report(IMAGES, flowers()).contents
    parts = split(IMAGES, contents)
    assert parts is not None
    assert (parts.training, parts.validation, parts.percent) == (19, 5, 20)
    assert split(DataQuestion(Task.IMAGE_CLASSIFICATION), contents) is None
    assert examples_read(report(IMAGES, flowers())) == "24 of 24 images"


def test_few_examples_and_short_classes_are_named() -> None:
    contents = Contents()
    contents.count("images", 70, {"daisy": 50, "rose": 12, "tulip": 8}, complete=True)
    assert balance(contents) == "short of images: rose, tulip"
    asked = DataQuestion(Task.IMAGE_CLASSIFICATION, "", {"augmentation": "False"})
    assert "70 images" in advice(asked, contents) and "augmentation True" in advice(asked, contents)
    contents.count("images", 700, {"daisy": 350, "rose": 350}, complete=True)
    assert balance(contents).startswith("even")
    assert advice(asked, contents) == ""


@pytest.mark.parametrize(
    ("keys", "prompt", "completion"),
    [
        (("prompt", "answer"), "{prompt}", "{answer}"),
        (("Question", "Answer"), "{Question}", "{Answer}"),
        (("instruction", "input", "output"), "{instruction}\\n\\n{input}", "{output}"),
        (("id", "text", "label"), "{text}", "{label}"),
        (("question", "reply_by_ana"), "{question}", "{reply_by_ana}"),
    ],
    ids=["answer", "capitals", "context", "more keys", "the other one"],
)
def test_a_template_is_offered_for_keys_that_tell(keys: tuple[str, ...], prompt: str, completion: str) -> None:
    offer = template_offer(keys)
    assert offer is not None
    assert offer.lines == (f'"prompt": "{prompt}",', f'"completion": "{completion}"')
    objects = {"train.jsonl": b"{%s}\n" % ", ".join(f'"{key}": "x"' for key in keys).encode() * 20}
    assert report(INSTRUCTIONS, objects).contents.offer == offer
    assert report(INSTRUCTIONS, {**objects, offer.name: offer.body}).verdict is Level.PASS


@pytest.mark.parametrize(
    "keys", [("a", "b"), ("prompt",), ("prompt", "x", "y"), ("{prompt}", "answer"), ("1", "2"), ()]
)
def test_no_template_is_guessed(keys: tuple[str, ...]) -> None:
    assert template_offer(keys) is None

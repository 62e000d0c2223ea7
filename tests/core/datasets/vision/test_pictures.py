"""The linter of text to image: images and dataset_info.json."""

from __future__ import annotations

import json

import pytest

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.question import DataQuestion
from tests.core.datasets.examples import assert_finds, assert_passes, jpeg, png, report

BLOCK, WARN = Level.BLOCK, Level.WARN
INFO = "dataset_info.json"
PLAIN, PRIOR = (
    DataQuestion(
        Task.TEXT_TO_IMAGE,
        "model-txt2img-stabilityai-stable-diffusion-v2-1-base",
        {"with_prior_preservation": value},
    )
    for value in ("False", "True")
)


def objects(info: object = None, **others: bytes) -> dict[str, bytes]:
    prompts = {"instance_prompt": "a photo of my dog", "class_prompt": "a photo of a dog"} if info is None else info
    body = prompts if isinstance(prompts, bytes) else json.dumps(prompts).encode()
    return {INFO: body, **{f"{number}.jpg": jpeg() for number in range(6)}, **others}


@pytest.mark.parametrize(
    ("question", "found"),
    [
        (PLAIN, objects()),
        (PLAIN, objects({"instance_prompt": "my dog"})),
        (PRIOR, objects()),
        (PRIOR, objects(**{"class_data_dir/1.jpg": jpeg()})),
        (PLAIN, objects(**{"7.PNG": png(), "8.jpeg": jpeg()})),
    ],
)
def test_a_good_set_passes_with_its_prompt(question: DataQuestion, found: dict[str, bytes]) -> None:
    assert_passes(report(question, found), "instance_prompt: '", "images; ")


@pytest.mark.parametrize(
    ("question", "info", "says"),
    [
        (PLAIN, {"class_prompt": "a dog"}, "no instance_prompt, which is required."),
        (PLAIN, {"instance_prompt": " "}, "an empty string as instance_prompt"),
        (PLAIN, {"instance_prompt": ["a dog"]}, "a list as instance_prompt"),
        (PRIOR, {"instance_prompt": "my dog"}, "no class_prompt, which is required with prior preservation"),
        (PRIOR, {"instance_prompt": "my dog", "class_prompt": None}, "null as class_prompt"),
        (PLAIN, ["my dog"], "is a list; it must be an object"),
        (PLAIN, b'{"instance_prompt": "my dog', "line 1 is not JSON"),
        (PLAIN, b"", "line 1 is not JSON"),
        (PLAIN, b"{" * 60_000, "line 1"),
        (PLAIN, b'{"instance_prompt": "\xe9"}', "line 1 is not UTF-8"),
        (PLAIN, b" " * 70_000, "70,000 bytes"),
    ],
)
def test_wrong_prompts_block(question: DataQuestion, info: object, says: str) -> None:
    assert_finds(report(question, objects(info)), BLOCK, INFO, says)


@pytest.mark.parametrize(
    ("found", "place", "says"),
    [
        ({name: body for name, body in objects().items() if name != INFO}, "", f"no {INFO}"),
        ({INFO: objects()[INFO]}, "", "no images directly under the prefix"),
        ({INFO: objects()[INFO], "dog/1.jpg": jpeg()}, "", "one level deeper, in dog/"),
        ({INFO: objects()[INFO], "1.gif": b"GIF89a"}, "", "1.gif is not one"),
        (objects(**{"3.jpg": b"text"}), "3.jpg", "not a JPEG or PNG"),
        (objects(**{"3.jpg": b""}), "3.jpg", "empty file"),
        (objects(**{"3.jpg": jpeg()[:-2]}), "3.jpg", "cut off"),
    ],
)
def test_a_wrong_structure_blocks(found: dict[str, bytes], place: str, says: str) -> None:
    assert_finds(report(PLAIN, found), BLOCK, place, says)


@pytest.mark.parametrize(
    ("found", "place", "says"),
    [
        ({INFO: objects()[INFO], "1.jpg": jpeg()}, "", "only 1 image; at least five"),
        (objects(**{"notes.txt": b"x"}), "notes.txt", "is next to the images"),
        (objects(**{"more/1.jpg": jpeg()}), "more/", "only class_data_dir/ is used"),
        (objects(**{"3.jpg": png()}), "3.jpg", "is a PNG"),
        (objects({"instance_prompt": "my dog", "class_prompt": ""}), INFO, "an empty string as class_prompt"),
    ],
)
def test_a_doubtful_set_warns(found: dict[str, bytes], place: str, says: str) -> None:
    assert_finds(report(PLAIN, found), WARN, place, says)


@pytest.mark.parametrize(
    ("found", "level", "says"),
    [
        (objects(b'\xef\xbb\xbf{"instance_prompt": "my dog"}'), WARN, f"{INFO} starts with a byte order mark"),
        (objects(**{"._1.jpg": b"\0\5\x16\7\0"}), BLOCK, "._1.jpg is a resource fork that macOS left"),
        (objects(**{".DS_Store": b"x"}), WARN, ".DS_Store is a file that macOS left"),
        (objects(**{"7.webp": jpeg()}), WARN, "7.webp is not a .jpg, .jpeg or .png image: AWS's pages name only"),
        ({INFO: objects()[INFO], "dog.zip": b"x"}, BLOCK, "dog.zip is a zip archive; unpack it"),
    ],
)
def test_what_else_lies_there_is_named(found: dict[str, bytes], level: Level, says: str) -> None:
    assert_finds(report(PLAIN, found), level, says)

from __future__ import annotations

import csv
import io
import json
from collections import Counter

import pytest
from PIL import Image

from jsft_tui.sandbox.seed.datasets.images import shapes_of
from jsft_tui.sandbox.seed.datasets.text import SERVICES, sentences
from tests.sandbox.seed.seeded import content, folder

DATASETS = "training-datasets/sandbox_"


def rows(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8"), newline="")))


def lines(body: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in body.splitlines()]


def test_the_images_are_eighty_readable_jpegs_in_each_of_five_folders() -> None:
    images = folder(content(), f"{DATASETS}shapes/")
    assert Counter(name.partition("/")[0] for name in images) == dict.fromkeys(
        ("circles", "crosses", "squares", "stars", "triangles"), 80
    )
    for name, body in images.items():
        assert name.endswith(".jpg")
        with Image.open(io.BytesIO(body)) as image:
            assert (image.format, image.size, image.mode) == ("JPEG", (96, 96), "RGB")
            image.load()


def test_no_two_images_are_the_same() -> None:
    images = folder(content(), f"{DATASETS}shapes/")
    assert len(set(images.values())) == len(images)


def test_a_few_images_of_a_shape_are_the_first_of_many() -> None:
    assert dict(shapes_of("stars", 3)).items() <= dict(shapes_of("stars", 5)).items()


def test_the_text_is_four_hundred_labeled_sentences_of_each_of_six_services() -> None:
    table = rows(folder(content(), f"{DATASETS}services/")["data.csv"])
    assert {len(row) for row in table} == {2}
    assert Counter(int(label) for label, _ in table) == dict.fromkeys(range(6), 400)
    assert all(40 <= len(sentence) <= 240 for _, sentence in table)


def test_a_sentence_has_the_label_of_the_service_it_documents() -> None:
    table = rows(folder(content(), f"{DATASETS}services/")["data.csv"])
    assert {sentence for label, sentence in table if label == "2"} <= set(sentences(SERVICES[2]))


def test_asking_for_a_service_that_botocore_does_not_know_says_so() -> None:
    with pytest.raises(FileNotFoundError, match="no-such-service"):
        sentences("no-such-service")


@pytest.mark.parametrize("name", ["train/data.csv", "validation/data.csv"])
def test_the_points_are_three_classes_of_four_numbers(name: str) -> None:
    table = rows(folder(content(), f"{DATASETS}points/")[name])
    assert len(table) == (480 if name.startswith("train") else 120)
    assert {len(row) for row in table} == {5}
    assert {row[0] for row in table} == {"0", "1", "2"}
    assert all(float(cell) == float(cell) for row in table for cell in row)


def test_the_regression_points_have_a_number_as_their_target() -> None:
    table = rows(folder(content(), f"{DATASETS}points_regression/")["train/data.csv"])
    assert len({float(row[0]) for row in table}) > 400


def test_the_boxes_lie_inside_their_images() -> None:
    objects = folder(content(), f"{DATASETS}boxes/")
    document = json.loads(objects["annotations.json"])
    images = {image["id"]: image for image in document["images"]}
    assert {f"images/{image['file_name']}" for image in images.values()} == objects.keys() - {"annotations.json"}
    for annotation in document["annotations"]:
        image = images[annotation["image_id"]]
        left, top, right, bottom = annotation["bbox"]
        assert 0 <= left < right <= image["width"]
        assert 0 <= top < bottom <= image["height"]


def test_each_mask_has_the_size_of_its_image_and_only_known_classes() -> None:
    objects = folder(content(), f"{DATASETS}masks/")
    known = set(json.loads(objects["class_label_to_prediction_index.json"]).values())
    pictures = [name for name in objects if name.startswith("images/")]
    assert pictures
    for name in pictures:
        with Image.open(io.BytesIO(objects[name])) as picture:
            size = picture.size
        with Image.open(io.BytesIO(objects[name.replace("images/", "masks/")])) as mask:
            assert mask.size == size
            values = {index for index, count in enumerate(mask.histogram()) if count}
        assert 0 in values
        assert len(values) == 2
        assert values <= known


def test_the_pairs_are_labeled_zero_or_one() -> None:
    table = rows(folder(content(), f"{DATASETS}pairs/")["data.csv"])
    assert {(len(row), row[0]) for row in table} == {(3, "0"), (3, "1")}


def test_each_answer_is_in_its_context() -> None:
    for _, context, start, end in rows(folder(content(), f"{DATASETS}questions/")["data.csv"]):
        answer = context[int(start) : int(end)]
        assert answer
        assert answer == answer.strip()
        assert int(end) <= len(context)


@pytest.mark.parametrize("name", ["prompts", "instructions"])
def test_each_placeholder_of_a_template_is_in_every_row(name: str) -> None:
    objects = folder(content(), f"{DATASETS}{name}/")
    template = json.loads(objects["template.json"])
    assert template.keys() == {"prompt", "completion"}
    for row in lines(objects["train.jsonl"]):
        assert (template["prompt"] + template["completion"]).format(**row)


def test_the_instructions_have_the_fields_of_the_default_template_too() -> None:
    for row in lines(folder(content(), f"{DATASETS}instructions/")["train.jsonl"]):
        assert row.keys() == {"instruction", "context", "response"}


def test_in_a_dialog_user_and_assistant_take_turns() -> None:
    for row in lines(folder(content(), f"{DATASETS}dialogs/")["train.jsonl"]):
        dialog = row["dialog"]
        assert isinstance(dialog, list)
        assert [turn["role"] for turn in dialog] == ["user", "assistant"] * (len(dialog) // 2)


def test_domain_adaptation_has_exactly_one_file() -> None:
    assert list(folder(content(), f"{DATASETS}prose/")) == ["prose.txt"]


def test_text_to_image_has_pictures_and_prompts() -> None:
    objects = folder(content(), f"{DATASETS}pictures/")
    assert len([name for name in objects if name.endswith(".jpg")]) >= 5
    assert json.loads(objects["dataset_info.json"]).keys() == {"instance_prompt", "class_prompt"}


def test_sentences_have_unique_ids() -> None:
    table = rows(folder(content(), f"{DATASETS}sentences/")["data.csv"])
    assert len({row[0] for row in table}) == len(table)


def test_every_dataset_says_honestly_where_it_comes_from() -> None:
    readmes = [body.decode() for key, body in content().items() if key.endswith(".README.txt")]
    assert len(readmes) == 14
    assert all("synthetic" in readme or "botocore" in readme for readme in readmes)

"""Test that the broken datasets have the fault that they describe, and no other."""

from __future__ import annotations

import csv
import io
import json

import pytest
from PIL import Image, UnidentifiedImageError

from jsft_tui.sandbox.seed.datasets.broken import broken_datasets
from tests.sandbox.seed.seeded import REGION, folder, seeded_store


def seeded(name: str) -> dict[str, bytes]:
    """Return the objects of one broken dataset in the bucket."""
    objects = folder(seeded_store().buckets[f"jsft-sandbox-broken-{REGION}"], f"{name}/")
    assert objects
    return objects


def table(name: str, file: str = "data.csv") -> list[list[str]]:
    return list(csv.reader(io.StringIO(seeded(name)[file].decode("utf-8"), newline="")))


def labels(name: str) -> set[str]:
    return {row[0] for row in table(name)}


def decode(body: bytes) -> None:
    with Image.open(io.BytesIO(body)) as image:
        image.load()


def undecodable(name: str) -> list[str]:
    bad = []
    for key, body in seeded(name).items():
        try:
            decode(body)
        except OSError:
            bad.append(key)
    return bad


def test_there_are_many_broken_datasets_each_with_a_readme_that_says_why() -> None:
    objects = seeded_store().buckets[f"jsft-sandbox-broken-{REGION}"]
    sets = broken_datasets()
    assert len(sets) >= 25
    assert len({broken.name for broken in sets}) == len(sets)
    for broken in sets:
        assert broken.fault in objects[f"{broken.name}.README.txt"].decode()
        assert broken.fault in objects["README.txt"].decode()
        assert broken.fault.endswith(".")


def test_text_header() -> None:
    assert table("text-header")[0] == ["label", "text"]
    assert all(row[0].isdigit() for row in table("text-header")[1:])


def test_text_label_that_is_a_word() -> None:
    assert [number for number, row in enumerate(table("text-label-not-integer"), 1) if not row[0].isdigit()] == [17]


def test_text_label_gap() -> None:
    assert labels("text-label-gap") == {"0", "1", "3"}


def test_text_of_one_class() -> None:
    assert labels("text-one-class") == {"0"}


def test_text_with_swapped_columns() -> None:
    assert all(row[1].isdigit() and not row[0].isdigit() for row in table("text-swapped-columns"))


def test_text_in_latin_1() -> None:
    body = seeded("text-latin-1")["data.csv"]
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    assert "Où est la clé" in body.decode("latin-1").splitlines()[4]


def test_text_that_is_empty() -> None:
    assert seeded("text-empty") == {"data.csv": b""}


def test_text_without_data_csv() -> None:
    assert list(seeded("text-no-data-csv")) == ["train.csv"]


def test_text_with_an_unquoted_comma() -> None:
    assert [number for number, row in enumerate(table("text-unquoted-comma"), 1) if len(row) != 2] == [10]


def test_pairs_with_a_third_label() -> None:
    assert [number for number, row in enumerate(table("pairs-label-two"), 1) if row[0] not in "01"] == [7]


def test_an_answer_outside_its_context() -> None:
    outside = [number for number, row in enumerate(table("questions-answer-outside"), 1) if int(row[3]) > len(row[1])]
    assert outside == [3]


def test_points_with_a_word() -> None:
    with pytest.raises(ValueError, match="unknown"):
        [float(cell) for row in table("points-not-numeric", "train/data.csv") for cell in row]


def test_points_with_the_target_last() -> None:
    assert {row[-1] for row in table("points-target-last", "train/data.csv")} == {"0", "1", "2"}


def test_the_corrupt_jpeg_does_not_decode_and_the_others_do() -> None:
    assert undecodable("images-corrupt") == ["circles/circles-003.jpg"]
    with pytest.raises(UnidentifiedImageError):
        decode(seeded("images-corrupt")["circles/circles-003.jpg"])


def test_the_truncated_jpeg_starts_like_one_but_does_not_decode() -> None:
    assert undecodable("images-truncated") == ["squares/squares-005.jpg"]
    assert seeded("images-truncated")["squares/squares-005.jpg"].startswith(b"\xff\xd8\xff")


def test_loose_images_lie_beside_the_class_folders() -> None:
    names = seeded("images-loose")
    assert sorted(name for name in names if "/" not in name) == ["circles-000.jpg", "squares-000.jpg"]
    assert any("/" in name for name in names)


def test_the_empty_class_is_a_folder_without_files() -> None:
    assert [name for name in seeded("images-empty-class") if name.startswith("triangles/")] == ["triangles/"]
    assert seeded("images-empty-class")["triangles/"] == b""


def test_nested_folders_are_one_level_too_deep() -> None:
    assert {name.count("/") for name in seeded("images-nested")} == {2}


def test_one_class_folder_is_all_there_is() -> None:
    assert {name.partition("/")[0] for name in seeded("images-one-class")} == {"circles"}


def test_images_without_any_folder() -> None:
    assert not any("/" in name for name in seeded("images-no-folders"))


def test_a_file_of_a_type_that_cannot_be_used() -> None:
    assert [name for name in seeded("images-wrong-type") if not name.endswith(".jpg")] == ["circles/scan.tif"]


def test_coco_boxes_have_a_right_edge_left_of_their_left_edge() -> None:
    boxes = [entry["bbox"] for entry in json.loads(seeded("boxes-coco")["annotations.json"])["annotations"]]
    assert any(box[2] <= box[0] or box[3] <= box[1] for box in boxes)


def test_an_annotated_image_is_missing() -> None:
    objects = seeded("boxes-missing-image")
    names = {f"images/{image['file_name']}" for image in json.loads(objects["annotations.json"])["images"]}
    assert names - objects.keys() == {"images/004.jpg"}


def test_annotations_are_missing() -> None:
    assert all(name.startswith("images/") for name in seeded("boxes-no-annotations"))


def test_a_mask_is_missing() -> None:
    names = seeded("masks-missing").keys()
    images = {name.removeprefix("images/") for name in names if name.startswith("images/")}
    masks = {name.removeprefix("masks/") for name in names if name.startswith("masks/")}
    assert images - masks == {"007.png"}


def test_instructions_with_keys_that_no_template_knows() -> None:
    objects = seeded("instructions-wrong-keys")
    assert "template.json" not in objects
    assert json.loads(objects["train.jsonl"].splitlines()[0]).keys() == {"question", "answer"}


def test_a_template_with_a_placeholder_that_no_row_has() -> None:
    objects = seeded("instructions-unknown-placeholder")
    template = json.loads(objects["template.json"])["prompt"]
    with pytest.raises(KeyError, match="input"):
        template.format(**json.loads(objects["train.jsonl"].splitlines()[0]))


def test_a_line_that_is_not_json() -> None:
    bad = []
    for number, line in enumerate(seeded("instructions-not-json")["train.jsonl"].splitlines(), 1):
        try:
            json.loads(line)
        except json.JSONDecodeError:
            bad.append(number)
    assert bad == [4]


def test_a_dialog_that_the_assistant_starts() -> None:
    first = [json.loads(line)["dialog"][0]["role"] for line in seeded("dialogs-roles")["train.jsonl"].splitlines()]
    assert [number for number, role in enumerate(first, 1) if role != "user"] == [11]


def test_two_files_for_domain_adaptation() -> None:
    assert len(seeded("prose-two-files")) == 2


def test_pictures_without_an_instance_prompt() -> None:
    assert "instance_prompt" not in json.loads(seeded("pictures-no-prompt")["dataset_info.json"])

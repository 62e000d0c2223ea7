"""`jsft s3`, `jsft lint`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.common.home import BROKEN, BUCKET, IMAGE_MODEL, TABULAR_MODEL, TEXT_MODEL, TINY_SERVICES, TINY_SHAPES, Home


def test_buckets_are_listed_with_their_regions(home: Home) -> None:
    regions = {row["bucket"]: row["region"] for row in home.json("s3", "ls")}

    assert regions[BUCKET] == "us-west-2"
    assert regions["jsft-sandbox-elsewhere"] == "eu-central-1"


def test_a_prefix_is_listed_one_level_deep(home: Home) -> None:
    rows = home.json("s3", "ls", TINY_SHAPES)

    assert rows
    assert {row["kind"] for row in rows} == {"prefix"}


def test_a_bucket_of_another_region_can_be_looked_at(home: Home) -> None:
    assert home.json("s3", "ls", "s3://jsft-sandbox-elsewhere/")


def test_a_missing_bucket_is_awss_no(home: Home) -> None:
    outcome = home.jsft("s3", "ls", "s3://there-is-no-such-bucket/", "--json")

    assert (outcome.code, outcome.error["code"]) == (4, "NoSuchBucket")


@pytest.mark.parametrize("uri", ["flowers/", "https://b.s3.us-west-2.amazonaws.com/x/", "s3://UPPER/x", "s3://"])
def test_a_malformed_uri_is_a_usage_error(home: Home, uri: str) -> None:
    outcome = home.jsft("lint", IMAGE_MODEL, uri, "--json")

    assert (outcome.code, outcome.error["code"]) == (2, "MalformedS3Uri")


def test_a_web_address_is_answered_with_the_s3_uri(home: Home) -> None:
    outcome = home.jsft("s3", "ls", "https://team-data.s3.us-west-2.amazonaws.com/flowers/")

    assert "s3://team-data/flowers/" in outcome.err


@pytest.mark.parametrize(
    ("model", "uri"), [(IMAGE_MODEL, TINY_SHAPES), (TEXT_MODEL, TINY_SERVICES), (TABULAR_MODEL, "default")]
)
def test_good_data_passes(home: Home, model: str, uri: str) -> None:
    report = home.json("lint", model, uri)

    assert report["verdict"] in ("pass", "warn")
    assert report["objects"] > 0
    assert report["bytes_read"] > 0
    assert not report["sampled"]
    assert {row["level"] for row in report["needs"]} <= {"pass", "warn"}
    assert all(row["here"] for row in report["needs"])
    assert report["contents"]["examples"] == sum(report["contents"]["classes"].values())


@pytest.mark.parametrize(
    ("model", "folder", "says"),
    [
        (TEXT_MODEL, "text-header", "header"),
        (TEXT_MODEL, "text-label-gap", "gap"),
        (TEXT_MODEL, "text-one-class", "1 class"),
        (TEXT_MODEL, "text-swapped-columns", "swapped"),
        (TEXT_MODEL, "text-latin-1", "UTF-8"),
        (TEXT_MODEL, "text-empty", "empty"),
        (IMAGE_MODEL, "images-corrupt", "not a JPEG"),
        (IMAGE_MODEL, "images-truncated", "cut off"),
        (IMAGE_MODEL, "images-nested", "too deep"),
        (IMAGE_MODEL, "images-one-class", "two class folders"),
        (IMAGE_MODEL, "images-empty-class", "empty"),
    ],
)
def test_broken_data_blocks_and_says_where(home: Home, model: str, folder: str, says: str) -> None:
    outcome = home.jsft("lint", model, f"s3://{BROKEN}/{folder}/", "--json")

    assert outcome.code == 3
    assert outcome.document["verdict"] == "block"
    blocks = [finding for finding in outcome.document["findings"] if finding["level"] == "block"]
    assert any(says in f"{finding['where']} {finding['message']}" for finding in blocks), blocks


@pytest.mark.parametrize(
    ("model", "folder", "says"),
    [
        ("tensorflow-od1-ssd-efficientdet-d0-512x512-coco17-tpu-8", "boxes-coco", "COCO"),
        ("mxnet-semseg-fcn-resnet50-ade", "masks-missing", "masks/007.png is missing"),
        ("huggingface-spc-bert-base-cased", "pairs-label-two", "only 0 and 1"),
        ("huggingface-eqa-bert-base-cased", "questions-answer-outside", "500 to 520"),
        (TABULAR_MODEL, "points-not-numeric", "'unknown' in column 4"),
        ("huggingface-llm-mistral-7b", "instructions-not-json", "is not JSON"),
        ("huggingface-llm-gemma-2b", "dialogs-roles", "starts with the assistant"),
        ("meta-textgeneration-llama-2-7b", "prose-two-files", "exactly one"),
        ("model-txt2img-stabilityai-stable-diffusion-v2-1-base", "pictures-no-prompt", "instance_prompt"),
    ],
)
def test_broken_data_of_every_task_blocks(home: Home, model: str, folder: str, says: str) -> None:
    outcome = home.jsft("lint", model, f"s3://{BROKEN}/{folder}/", "--json")

    assert outcome.code == 3
    assert any(says in finding["message"] for finding in outcome.document["findings"] if finding["level"] == "block")


def test_hyperparameters_decide_what_a_language_model_wants(home: Home) -> None:
    model, uri = "meta-textgeneration-llama-2-7b", f"s3://{BROKEN}/dialogs-roles/"

    plain = home.jsft("lint", model, uri, "--json")
    chat = home.jsft("lint", model, uri, "--set", "chat_dataset=True", "--json")

    assert "is not read by domain adaptation" in plain.document["findings"][0]["message"]
    assert "starts with the assistant" in chat.document["findings"][0]["message"]


@pytest.mark.parametrize(
    ("setting", "code", "says"),
    [
        ("chat_dataset", "BadUsage", "NAME=VALUE"),
        ("chat_dataset=yes", "BadHyperparameter", "chat_dataset must be one of True, False"),
        ("chat_data=True", "BadHyperparameter", "Did you mean chat_dataset?"),
    ],
)
def test_a_setting_that_the_model_does_not_take_is_a_usage_error(
    home: Home, setting: str, code: str, says: str
) -> None:
    outcome = home.jsft("lint", "meta-textgeneration-llama-2-7b", TINY_SERVICES, "--set", setting, "--json")

    assert (outcome.code, outcome.error["code"]) == (2, code)
    assert says in outcome.error["message"]


def test_an_empty_prefix_blocks(home: Home) -> None:
    outcome = home.jsft("lint", IMAGE_MODEL, f"s3://{BUCKET}/nothing-here/", "--json")

    assert (outcome.code, outcome.document["verdict"]) == (3, "block")


def test_what_was_read_is_reported_even_if_names_alone_block(home: Home) -> None:
    assert (
        "It does not fit: 1 problem. 1 folder, none read."
        in home.jsft("lint", TEXT_MODEL, f"s3://{BROKEN}/images-nested/").err
    )
    assert "It fits. 50 objects and 5 folders, all read, " in home.jsft("lint", IMAGE_MODEL, TINY_SHAPES).err


def test_lint_reads_no_more_than_it_may(home: Home) -> None:
    report = home.json("lint", TEXT_MODEL, f"s3://{BUCKET}/data/services/", "--max-bytes", 20_000)

    assert report["bytes_read"] <= 20_000
    assert report["sampled"]


def test_a_folder_is_uploaded_without_its_hidden_files(home: Home, folder: Path) -> None:
    data = folder / "texts"
    (data / ".git").mkdir(parents=True)
    (data / "data.csv").write_text("0,a\n1,b\n")
    (data / ".git" / "config").write_text("secret")

    done = home.json("s3", "upload", data, f"s3://{BUCKET}/uploaded/texts/")

    assert (done["files"], done["left_out"]) == (1, [{"name": ".git", "reason": "hidden"}])
    rows = home.json("s3", "ls", f"s3://{BUCKET}/uploaded/texts/")
    assert [row["uri"] for row in rows] == [f"s3://{BUCKET}/uploaded/texts/data.csv"]


def test_an_upload_leaves_out_what_is_there_already(home: Home, folder: Path) -> None:
    data = folder / "twice"
    data.mkdir()
    (data / "a").write_text("one")
    (data / "b").write_text("two")
    home.json("s3", "upload", data, f"s3://{BUCKET}/twice/")
    (data / "b").write_text("2wo")

    done = home.json("s3", "upload", data, f"s3://{BUCKET}/twice/")

    assert (done["files"], done["bytes"], done["already_there"]) == (1, 3, 1)


def test_what_cannot_be_sent_is_named_first_and_the_exit_code_says_so(home: Home, folder: Path) -> None:
    data = folder / "partly"
    data.mkdir()
    (data / "a").write_text("one")
    (data / "gone").symlink_to("nowhere")

    outcome = home.jsft("s3", "upload", data, f"s3://{BUCKET}/partly/")

    assert outcome.code == 2
    assert "1 entry left out (broken link): gone." in outcome.err
    assert outcome.err.index("gone") < outcome.err.index("Uploaded 1 file")
    as_json = home.jsft("s3", "upload", data, f"s3://{BUCKET}/partly/", "--json")
    assert (as_json.code, as_json.document["left_out"]) == (2, [{"name": "gone", "reason": "broken link"}])


def test_a_limit_counts_for_buckets_too(home: Home) -> None:
    outcome = home.jsft("s3", "ls", "--limit", "1")

    assert len(outcome.out.splitlines()) == 2
    assert "first 1 rows" in outcome.err


def test_a_read_only_session_cannot_upload(home: Home, folder: Path) -> None:
    (folder / "x").write_text("x")

    outcome = home.jsft("s3", "upload", folder / "x", f"s3://{BUCKET}/x", "--read-only", "--json")

    assert (outcome.code, outcome.error["code"]) == (2, "ReadOnly")

"""Preflight of the data and the output: there, in the region, of the right form."""

from __future__ import annotations

from typing import Any

import pytest

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.reader import LintReport, block, passed, warn
from jsft_tui.core.preflight.base.inputs import Inputs
from jsft_tui.core.preflight.checks import checks
from jsft_tui.core.run.run import AUTO
from jsft_tui.core.sizing.disk import SizeFacts
from jsft_tui.core.storage.archived import TierFacts
from jsft_tui.core.storage.bucket import BucketFacts, LocationFacts
from jsft_tui.core.storage.key_rules import KeyFault, KeyFinding
from jsft_tui.core.storage.uri import S3Uri
from tests.common.shared_data import REGION
from tests.core.catalog.specs import model_spec
from tests.core.preflight.examples import DENIED, ELSEWHERE, HERE, URI, assert_says, findings, inputs, level, plan

# -- data


def test_data_that_is_there_passes() -> None:
    assert_says("data", Level.PASS, f"training: {URI}", planned=plan())


@pytest.mark.parametrize("uri", ["my-data/flowers/", "https://my-data.s3.amazonaws.com/flowers/", "s3://B/x", ""])
def test_a_place_that_cannot_be_blocks_with_its_channel(uri: str) -> None:
    assert_says("data", Level.BLOCK, "channel training:", planned=plan(data={"training": uri}))


def test_every_malformed_channel_is_reported() -> None:
    found = findings("data", plan(data={"training": "a", "validation": "b"}))
    assert [finding.message.split(":")[0] for finding in found] == ["channel training", "channel validation"]


def test_a_bucket_that_does_not_exist_blocks() -> None:
    known = inputs(data={"training": LocationFacts(URI, BucketFacts(False))})
    assert_says("data", Level.BLOCK, "the bucket of", "does not exist", planned=plan(), known=known)


def test_an_empty_prefix_blocks_and_says_where_to_look() -> None:
    known = inputs(data={"training": LocationFacts(URI, HERE, False)})
    assert_says("data", Level.BLOCK, f"nothing under {URI}", "jsft s3 ls s3://my-data/", planned=plan(), known=known)


def test_a_prefix_that_may_not_be_listed_is_unknown() -> None:
    known = inputs(data={"training": LocationFacts(URI, HERE, None)})
    assert_says("data", Level.UNKNOWN, "could not be listed", planned=plan(), known=known)


def test_one_channel_that_is_denied_does_not_hide_another_that_is_empty() -> None:
    run = {"training": URI, "validation": "s3://my-data/val/"}
    known = inputs(data={"training": DENIED, "validation": LocationFacts("s3://my-data/val/", HERE, False)})
    levels = [finding.level for finding in findings("data", plan(data=run), known)]
    assert levels == [Level.UNKNOWN, Level.BLOCK]


def test_a_prefix_without_a_slash_warns_when_it_takes_something_else_along() -> None:
    uri = "s3://my-data/flowers"
    planned = plan(data={"training": uri})
    alone = inputs(data={"training": LocationFacts(uri, HERE, True, is_folder=True)})
    beside = inputs(data={"training": LocationFacts(uri, HERE, True, beside=("flowers-old/",), is_folder=True)})

    assert level("data", planned, alone) is Level.PASS
    assert_says("data", Level.WARN, "flowers-old/", "Write s3://my-data/flowers/", planned=planned, known=beside)


def test_the_start_of_names_passes_with_one_name_and_warns_with_several() -> None:
    uri = "s3://my-data/tra"
    planned = plan(data={"training": uri})
    one = inputs(data={"training": LocationFacts(uri, HERE, True, ("train/",))})
    two = inputs(data={"training": LocationFacts(uri, HERE, True, ("train/", "trap/"))})
    beside_a_file = inputs(data={"training": LocationFacts(uri, HERE, True, ("tra.gz",), is_object=True)})

    assert_says("data", Level.PASS, "train/", planned=planned, known=one)
    assert_says("data", Level.WARN, "start of names", "train/, trap/", planned=planned, known=two)
    assert_says("data", Level.WARN, "tra.gz", "folder of its own", planned=planned, known=beside_a_file)


@pytest.mark.parametrize("uri", ["s3://my-data//x/", "s3://my-data/a//b/", "s3://my-data/a//", "s3://my-data/a/../b/"])
def test_a_place_of_which_no_key_can_be_downloaded_blocks_before_anything_is_asked(uri: str) -> None:
    planned = plan(data={"training": URI, "validation": uri})

    assert_says("data", Level.BLOCK, f"channel validation: {uri}", planned=planned, known=Inputs())
    assert level("output_region", plan(output=uri.rstrip("/") + "//x")) is Level.WARN


@pytest.mark.parametrize("fault", list(KeyFault))
def test_a_key_that_cannot_be_a_file_blocks_with_its_name(fault: KeyFault) -> None:
    finding = KeyFinding(fault, 5, ("flowers/a", "flowers/b"), "GLACIER")
    known = inputs(size={"training": SizeFacts(1, 1, True, (finding,))})

    assert_says("data", Level.BLOCK, "training: 5 objects", "flowers/a, flowers/b, …", planned=plan(), known=known)
    without_data = inputs(size={"training": SizeFacts(1, 1, True, (finding,))}, data=DENIED)
    assert_says("data", Level.BLOCK, "training: 5 objects", planned=plan(), known=without_data)
    if fault is KeyFault.ARCHIVED:
        assert_says("data", Level.BLOCK, "archived (GLACIER)", planned=plan(), known=known)


TIERED = S3Uri("my-data", "flowers/a")


@pytest.mark.parametrize(
    ("tiers", "level_wanted", "says"),
    [
        (TierFacts(5000, 8, (TIERED,), "ARCHIVE_ACCESS"), Level.BLOCK, "1 archived (ARCHIVE_ACCESS)"),
        (TierFacts(5000, 8, (TIERED,), "ARCHIVE_ACCESS"), Level.BLOCK, "8 looked at, of 5,000 objects"),
        (TierFacts(5000, 8), Level.PASS, "8 looked at, of 5,000 objects in Intelligent-Tiering"),
        (TierFacts(5, 0), Level.UNKNOWN, "5 objects may be in an archive tier"),
    ],
)
def test_a_sample_tells_of_archive_tiers_and_says_that_it_is_one(
    tiers: TierFacts, level_wanted: Level, says: str
) -> None:
    known = inputs(size={"training": SizeFacts(1, 1, tiers=tiers)})
    told = [finding.level for finding in findings("data", plan(), known) if says in finding.message]
    assert told == [level_wanted]


def test_data_that_no_channel_of_the_right_name_holds_blocks() -> None:
    known = inputs(data={"train": LocationFacts(URI, HERE, True)})

    assert_says(
        "data", Level.BLOCK, "no data channel is named training", planned=plan(data={"train": URI}), known=known
    )


@pytest.mark.parametrize("uri", ["s3://my-data/flowers/data.csv", "s3://my-data", "s3://my-data/"])
def test_a_file_or_a_whole_bucket_needs_no_slash(uri: str) -> None:
    known = inputs(data={"training": LocationFacts(uri, HERE, True)})
    assert level("data", plan(data={"training": uri}), known) is Level.PASS


def test_the_default_dataset_is_looked_at_in_the_content_bucket() -> None:
    uri = f"s3://jumpstart-cache-prod-{REGION}/training-datasets/flowers/"
    known = inputs(data={"training": LocationFacts(uri, HERE, True)})
    assert_says("data", Level.PASS, uri, planned=plan(data={}), known=known)


def test_a_model_without_a_default_dataset_blocks_only_the_data() -> None:
    without = plan(data={}, model=model_spec(default_training_dataset_key=None))
    problem = Problem("NoDefaultDataset", "there is none.")
    known = inputs(data=problem, lint=problem)
    assert_says("data", Level.BLOCK, "has no default dataset", "data: {training:", planned=without, known=known)
    blocking = {
        finding.check for check in checks() for finding in check.run(without, known) if finding.level is Level.BLOCK
    }
    assert blocking == {"data"}


def text_model() -> Any:
    return model_spec("tensorflow-tc-bert", default_training_dataset_key="training-datasets/SST2/")


@pytest.mark.parametrize("chosen_values", [{}, {"epochs": "3"}, {"learning_rate": "0.0010", "batch_size": AUTO}])
def test_a_text_model_with_its_default_data_and_values_warns(chosen_values: dict[str, str]) -> None:
    unchanged = plan(data={}, model=text_model(), hyperparameters=chosen_values)
    known = inputs(data={"training": LocationFacts(URI, HERE, True)})
    assert_says("data", Level.WARN, "nearly the model you start from", planned=unchanged, known=known)


def test_a_text_model_with_changed_values_or_own_data_does_not_warn() -> None:
    known = inputs(data={"training": LocationFacts(URI, HERE, True)})
    assert level("data", plan(data={}, model=text_model(), hyperparameters={"epochs": "4"}), known) is Level.PASS
    assert level("data", plan(model=text_model()), known) is Level.PASS


def test_a_vision_model_with_its_default_data_does_not_warn() -> None:
    known = inputs(data={"training": LocationFacts(URI, HERE, True)})
    assert level("data", plan(data={}), known) is Level.PASS


# -- data region and output


def test_data_of_another_region_blocks_with_both_regions() -> None:
    known = inputs(data={"training": LocationFacts(URI, ELSEWHERE, True)})
    assert_says("data_region", Level.BLOCK, "eu-west-1", REGION, "--region eu-west-1", planned=plan(), known=known)


def test_a_region_that_is_not_known_is_unknown() -> None:
    known = inputs(data={"training": LocationFacts(URI, BucketFacts(True, None), True)}, output=BucketFacts(True, None))
    assert level("data_region", plan(), known) is Level.UNKNOWN
    assert level("output_region", plan(), known) is Level.UNKNOWN


def test_a_bucket_that_does_not_exist_is_a_matter_of_the_data_check_alone() -> None:
    known = inputs(data={"training": LocationFacts(URI, BucketFacts(False))})
    assert level("data_region", plan(), known) is not Level.BLOCK


def test_a_prefix_has_no_wildcards() -> None:
    uri = "s3://my-data/flowers/*.jpg"
    known = inputs(data={"training": LocationFacts(uri, HERE, False)})
    assert_says(
        "data",
        Level.BLOCK,
        "no wildcards",
        "Write s3://my-data/flowers/",
        planned=plan(data={"training": uri}),
        known=known,
    )


def test_an_output_under_the_data_is_downloaded_by_the_next_job() -> None:
    data = {"training": "s3://my-data/flowers/"}
    assert_says("output_region", Level.WARN, "lies under", planned=plan(data=data, output="s3://my-data/flowers/out"))
    assert level("output_region", plan(data=data, output="s3://my-data/models")) is Level.PASS


def test_the_output_names_the_place_of_the_model() -> None:
    assert_says("output_region", Level.PASS, "s3://my-output/flowers-1/output/", planned=plan())
    assert_says("output_region", Level.PASS, "s3://my-output/a/flowers-1/", planned=plan(output="s3://my-output/a/"))


@pytest.mark.parametrize(
    "output", ["", "my-output", "https://my-output.s3.amazonaws.com/", "s3://", "s3://My_Bucket/x"]
)
def test_an_output_that_cannot_be_blocks_even_when_nothing_can_be_asked(output: str) -> None:
    assert level("output_region", plan(output=output), Inputs()) is Level.BLOCK


def test_an_output_bucket_that_is_missing_or_elsewhere_blocks() -> None:
    assert_says(
        "output_region",
        Level.BLOCK,
        "my-output does not exist",
        planned=plan(),
        known=inputs(output=BucketFacts(False)),
    )
    assert_says("output_region", Level.BLOCK, "eu-west-1", REGION, planned=plan(), known=inputs(output=ELSEWHERE))


# -- data format


def linted(*found: Any) -> Inputs:
    return inputs(lint={"training": LintReport(tuple(found), 3, 100, False)})


def test_what_the_linter_finds_is_passed_on_with_channel_and_place() -> None:
    known = linted(block("a/1.jpg", "is an empty file."), warn("b/", "has only 1 image."), passed("", "fine."))
    found = findings("data_format", plan(), known)
    assert [(finding.level, finding.message) for finding in found] == [
        (Level.BLOCK, "training: a/1.jpg is an empty file."),
        (Level.WARN, "training: b/ has only 1 image."),
    ]
    assert found[0].remedy == f"See the details: jsft lint tensorflow-ic-lite {URI}"


def test_a_good_dataset_passes_with_its_numbers() -> None:
    assert_says("data_format", Level.PASS, "training: 2 classes", planned=plan())


def test_a_dataset_that_may_not_be_read_is_unknown() -> None:
    assert level("data_format", plan(), inputs(lint={"training": DENIED})) is Level.UNKNOWN

"""The recorded requests of the SageMaker SDK, as run files through the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.core.catalog.job_tags import MODEL_ID_TAG, MODEL_VERSION_TAG
from jsft_tui.core.request.parse import run_from_request, tags_of
from jsft_tui.core.run.file.run_file import dump_run
from tests.common.home import Home
from tests.common.shared_data import PLACE, REGION, SHARED, golden_files, needs_shared_data, spec, spec_files
from tests.core.tuning.test_golden_tuning import RECORDED, WRITTEN, with_honest_autotune, without_job_name

pytestmark = [needs_shared_data, pytest.mark.sandbox]

REFUSED = {"badhp": "nonsense", "badinstance": "ml.p5.48xlarge", "llama31_70b_noeula": "eula"}
GOLDEN = [path for path in golden_files() if path.stem.removeprefix("v2_") != "hpo"]


@pytest.fixture(scope="module")
def real_catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home whose sandbox has the real specs as its catalogue."""
    home = Home(tmp_path_factory.mktemp("golden") / "jsft")
    s3, bucket = home.sandbox.client("s3"), f"jumpstart-cache-prod-{REGION}"
    for path in (SHARED / "catalogue/models_manifest.json", *spec_files()):
        s3.put_object(Bucket=bucket, Key=str(path.relative_to(SHARED / "catalogue")), Body=path.read_bytes())
    for name in ("my-data", "my-sm-bucket"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="my-data", Key="train/data.csv", Body=b"0,a text\n1,another\n" * 20)
    yield home
    home.sandbox.stop()


def as_run_file(path: Path, folder: Path) -> tuple[dict[str, Any], Path]:
    """A recorded request, and the run file that has to make it."""
    recorded = json.loads(path.read_text())
    tags = tags_of(recorded)
    model = spec(tags[MODEL_ID_TAG], tags[MODEL_VERSION_TAG])
    file = folder / "run.yaml"
    file.write_text(dump_run(run_from_request(recorded, model, PLACE.buckets)))
    return recorded, file


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_recorded_request_comes_out_of_its_run_file(real_catalogue: Home, path: Path, folder: Path) -> None:
    recorded, file = as_run_file(path, folder)
    reason = REFUSED.get(path.stem.removeprefix("v2_"))

    outcome = real_catalogue.jsft("launch", file, "--dry-run", "--json")

    if reason:
        assert outcome.code == 3
        assert reason in outcome.error["message"]
        return
    assert outcome.code == 0, outcome
    left_out = ("DebugHookConfig", "ProfilerConfig")
    assert outcome.document == {key: value for key, value in recorded.items() if key not in left_out}


@pytest.mark.parametrize("recorded", RECORDED)
def test_a_recorded_search_comes_out_of_what_a_person_writes(
    real_catalogue: Home, recorded: dict[str, Any], folder: Path, request: pytest.FixtureRequest
) -> None:
    file = folder / "run.yaml"
    file.write_text(WRITTEN[request.node.callspec.id])

    outcome = real_catalogue.jsft("launch", file, "--dry-run", "--json")

    assert outcome.code == 0, outcome
    assert without_job_name(outcome.document) == without_job_name(with_honest_autotune(recorded))

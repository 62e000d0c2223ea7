"""Known failure texts get their diagnosis, with its fixes; other texts get none."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.common.fixes import FixKind
from jsft_tui.core.common.remedy import Remedy
from jsft_tui.core.failures import diagnose, texts
from jsft_tui.core.failures.matching import PATTERNS
from jsft_tui.core.jobs.training_job import TrainingJob
from tests.common.effort import at_most
from tests.core.failures.examples import CREATE, DENIED, EXAMPLES, JOB, Example, script
from tests.core.jobs.examples import answer

FIXES = {
    "Eula": (FixKind.ACCEPT_EULA,),
    "GpuMismatch": (FixKind.NEXT_INSTANCE,),
    "NoGpu": (FixKind.NEXT_INSTANCE,),
    "SharedMemory": (FixKind.MORE_MEMORY, FixKind.HALVE_BATCH),
    "SpotQuota": (FixKind.NEXT_INSTANCE,),
    "Capacity": (FixKind.NEXT_INSTANCE,),
    "Disk": (FixKind.RAISE_DISK,),
    "Diverged": (FixKind.LOWER_LEARNING_RATE,),
    "DownloadDenied": (FixKind.ACCEPT_EULA,),
    "GpuMemory": (FixKind.HALVE_BATCH, FixKind.MORE_GPU_MEMORY),
    "HostMemory": (FixKind.MORE_MEMORY,),
    "Killed": (FixKind.MORE_MEMORY, FixKind.HALVE_BATCH),
    "MaxRuntime": (FixKind.LONGER_RUN,),
    "MaxWait": (FixKind.LONGER_WAIT,),
    "NameTaken": (FixKind.NEW_NAME,),
    "Quota": (FixKind.NEXT_INSTANCE,),
    "Unsupported": (FixKind.NEXT_INSTANCE,),
    "UploadMemory": (FixKind.MORE_MEMORY,),
    "VolumeKey": (FixKind.DROP_VOLUME_KEY,),
}
"""What the program can apply by itself, by code; nothing for all others."""

MAY_PASS_NEXT_TIME = {
    "Capacity",
    "GpuFault",
    "HubBusy",
    "InternalError",
    "ModelNotReady",
    "ServiceBusy",
    "Terminated",
    "Throttled",
}
"""What another launch, or another call, may get past."""


@pytest.mark.parametrize("example", EXAMPLES, ids=[f"{each.code}-{n}" for n, each in enumerate(EXAMPLES)])
def test_a_known_text_gets_its_diagnosis(example: Example) -> None:
    found = diagnose(example.text)
    assert found is not None
    assert found.code == example.code
    assert tuple(fix.kind for fix in found.fixes) == FIXES.get(example.code, ())
    assert found.cause.endswith(".")
    assert isinstance(found.remedy, Remedy) or found.remedy.endswith(".")  # a command is copied as it stands
    assert "{" not in found.cause + found.remedy


def test_every_row_of_the_table_has_an_example() -> None:
    assert {each.row for each in EXAMPLES} == set(range(26))


def test_every_pattern_has_an_example() -> None:
    assert {known.diagnosis.code for known in PATTERNS} == {each.code for each in EXAMPLES}


def test_every_module_of_texts_is_searched() -> None:
    modules = [
        importlib.import_module(found.name)
        for found in pkgutil.walk_packages(texts.__path__, f"{texts.__name__}.")
        if not found.ispkg
    ]
    assert {id(pattern) for module in modules for pattern in module.PATTERNS} == set(map(id, PATTERNS))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (f"{CREATE}The account-level service limit 'ml.p3.2xlarge for training job usage' is 0 Instances", "'ml.p3."),
        (f"{CREATE}The account-level service limit 'ml.p3.2xlarge for training job usage' is 7 Instances", "7"),
        (DENIED.format("sagemaker:CreateTrainingJob", JOB), "sagemaker:CreateTrainingJob"),
        ('No S3 objects found under S3 URL "s3://bucket/flowrs/" given in input data source.', "s3://bucket/flowrs/"),
    ],
    ids=["quota", "limit", "action", "prefix"],
)
def test_a_cause_names_the_values_of_the_text(text: str, value: str) -> None:
    found = diagnose(text)
    assert found is not None
    assert value in found.cause


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "Something nobody has seen",
        "The weather is nice",
        "val_accuracy: 0.9",
    ],
)
def test_an_unknown_text_gets_no_diagnosis(text: str) -> None:
    assert diagnose(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("AlgorithmError: ssl.SSLCertVerificationError: certificate has expired", "Script"),
        ("AlgorithmError: KeyError: 'labels'", "Script"),
        ("AlgorithmError: the lease of the lock expired", "Script"),
    ],
)
def test_a_text_similar_to_a_known_one_is_not_mistaken_for_it(text: str, code: str) -> None:
    found = diagnose(text)
    assert found is not None
    assert found.code == code


def test_a_general_pattern_gives_way_to_those_of_all_other_sources() -> None:
    found = diagnose("AlgorithmError: InternalServerError: loss became nan")
    assert found is not None
    assert found.code == "Diverged"


@pytest.mark.parametrize(
    "text", [each.text for each in EXAMPLES if each.code in ("InternalError", "Throttled", "Capacity", "NameTaken")]
)
def test_a_script_that_writes_the_words_of_aws_is_not_aws(text: str) -> None:
    found = diagnose(script(text))
    assert found is not None
    assert found.code == "Script"


@pytest.mark.parametrize("code", sorted({each.code for each in EXAMPLES} - MAY_PASS_NEXT_TIME))
def test_nobody_is_advised_to_pay_again_for_the_same_end(code: str) -> None:
    for pattern in PATTERNS:
        if pattern.diagnosis.code == code:
            remedy = str(pattern.diagnosis.remedy)
            assert not re.search(r"launch (?:it|the job) again|try again", remedy, re.IGNORECASE)


def test_terminal_escapes_of_the_text_are_removed() -> None:
    found = diagnose("The account-level service limit 'a\x1b]0;evil\x07 {limit} for x' is 0")
    assert found is not None
    assert "\x1b" not in found.cause
    assert "evil" not in found.cause


@given(st.text())
def test_any_text_is_diagnosed_or_not(text: str) -> None:
    found = diagnose(text)
    assert found is None or found.code


@pytest.mark.parametrize(
    "piece",
    ["Artifact upload failed", "Data download failed", "expired ", "service limit '", "not authorized to perform: "],
)
def test_a_long_log_is_searched_quickly(piece: str) -> None:
    with at_most(1):
        diagnose(piece * 2_000)


def test_a_code_in_words_is_short() -> None:
    words = {known.diagnosis.code: known.diagnosis.words for known in PATTERNS}
    assert (words["GpuMemory"], words["MaxRuntime"], words["Quota"]) == ("GPU memory", "max runtime", "quota")
    assert max(map(len, words.values())) <= 16


def test_a_failed_job_has_the_fixes_of_its_diagnosis() -> None:
    job = TrainingJob.parse({**answer(), "TrainingJobStatus": "Failed", "FailureReason": "CUDA out of memory"}, {})
    assert job.diagnosis is not None
    assert tuple(fix.kind for fix in job.diagnosis.fixes) == FIXES["GpuMemory"]

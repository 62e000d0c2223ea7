"""Exported programs, run as they are against the sandbox: the job that arrives is the one that jsft asks for."""

from __future__ import annotations

import importlib.util
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.request.export.members import REQUEST_MEMBERS, STRUCTURES
from jsft_tui.core.request.export.past_job import past_request
from jsft_tui.core.request.export.resource import RESOURCES
from jsft_tui.core.request.export.sagemaker_program import snake_case
from jsft_tui.core.request.same import matches_request
from tests.cli.runs import run_file, unique_name
from tests.common.home import Home

pytestmark = pytest.mark.sandbox

NASTY = 'it\'s "q" $HOME `id` $(id) \\n\nJSON\n꽃 🌸 \u202e\x1b[2J'

SHAPES = """
import json, runpy, sys
from sagemaker.core import resources, shapes
import inspect

runpy.run_path(sys.argv[1], run_name="__main__")
names = json.loads(sys.argv[2])
print(json.dumps({
    "fields": sorted({field for name in names for field in getattr(shapes, name).model_fields}),
    "arguments": sorted(inspect.signature(inspect.unwrap(resources.TrainingJob.create)).parameters),
    "hidden": [name for name in names if getattr(resources, name) is not getattr(shapes, name)],
}))
"""


def run_program(home: Home, folder: Path, *command: object) -> str:
    """What a program prints, run with the sandbox's environment, and an `aws` that is the installed one."""
    tools = folder / "bin"
    tools.mkdir()
    aws = tools / "aws"
    aws.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m awscli "$@"\n')
    aws.chmod(0o755)
    variables = {"PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(home.root), **home.sandbox.environment}
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, env=variables)
    assert done.returncode == 0, done.stderr
    return done.stdout


def exported(home: Home, folder: Path, form: str) -> tuple[dict[str, Any], Path]:
    """Our request of a run with values that need care, and the same as a program."""
    path = run_file(
        folder,
        unique_name(form),
        tags={"team": "a b@c:/=+-_."},
        environment={"NASTY": NASTY, "EMPTY": ""},
        vpc={"subnets": ["subnet-1"], "security_group_ids": ["sg-1"]},
        checkpoint="s3://jsft-sandbox-us-west-2/checkpoints/",
        instance={"type": "ml.g4dn.xlarge", "max_runtime": "30m", "spot": True},
    )
    program = folder / f"program-{form}"
    program.write_text(home.jsft("export", path, "--as", form).out, encoding="utf-8")
    return home.json("launch", path, "--dry-run"), program


def arrived(home: Home, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the service says of a job, and the request that made it."""
    client = home.sandbox.client("sagemaker")
    described = client.describe_training_job(TrainingJobName=name)
    tags = client.list_tags(ResourceArn=described["TrainingJobArn"])["Tags"]
    job = TrainingJob.parse(described, {tag["Key"]: tag["Value"] for tag in tags})
    return described, past_request(job)


def assert_same(home: Home, request: dict[str, Any], printed: str) -> None:
    described, made = arrived(home, request["TrainingJobName"])
    assert printed.split()[0] == described["TrainingJobArn"]
    assert made == request
    assert matches_request(described, request)


def test_the_boto3_program_makes_our_job(home: Home, folder: Path) -> None:
    request, program = exported(home, folder, "boto3")
    assert_same(home, request, run_program(home, folder, sys.executable, program))


@pytest.mark.skipif(importlib.util.find_spec("awscli") is None, reason="awscli is not installed")
def test_the_script_makes_our_job(home: Home, folder: Path) -> None:
    request, program = exported(home, folder, "awscli")
    assert_same(home, request, run_program(home, folder, "bash", program))


def test_the_sagemaker_program_makes_our_job_and_its_names_are_sagemaker_cores(home: Home, folder: Path) -> None:
    request, program = exported(home, folder, "sagemaker")
    names = json.dumps(sorted(set(STRUCTURES.values())))
    printed = run_program(home, folder, sys.executable, "-c", SHAPES, program, names)

    assert_same(home, request, printed)
    known = json.loads(printed.splitlines()[-1])
    assert {snake_case(name) for name in REQUEST_MEMBERS} <= set(known["arguments"])
    assert {snake_case(name) for name in STRUCTURES if name not in REQUEST_MEMBERS} <= set(known["fields"])
    assert known["hidden"] == list(RESOURCES)


def test_the_json_is_our_request(home: Home, folder: Path) -> None:
    request, document = exported(home, folder, "json")
    assert json.loads(document.read_text(encoding="utf-8")) == request


def test_a_past_job_is_exported_whoever_made_it(home: Home, folder: Path) -> None:
    request, _ = exported(home, folder, "json")
    home.sandbox.client("sagemaker").create_training_job(**request)

    document = home.json("export", "--job", request["TrainingJobName"], "--as", "json")

    assert (set(document), document["form"]) == ({"form", "text"}, "json")
    assert json.loads(document["text"]) == request
    program = home.jsft("export", "--job", request["TrainingJobName"], "--as", "boto3").out
    assert "region_name=REGION" in program
    assert f'"TrainingJobName": "{request["TrainingJobName"]}"' in program

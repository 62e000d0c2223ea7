"""Requests as programs: whatever the values, each program makes the very same call."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import botocore.session
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.request.export import export_formats
from jsft_tui.core.request.export.members import REQUEST_MEMBERS, STRUCTURES
from jsft_tui.core.request.export.past_job import past_request
from jsft_tui.core.request.export.resource import RESOURCES
from jsft_tui.core.request.export.sagemaker_program import snake_case
from tests.common.dropped_modules import DropModule
from tests.core.catalog.small_spec import request_for
from tests.core.jobs.examples import answer

HOSTILE = (
    'it\'s "quoted" \\n not a line end \\',
    "$HOME `id` $(id) ${x} !! %s {0} {{",
    "a line\nJSON\nEOF\n\r\ttab",
    "\x00\x1b[2J\x7f\u202egnp.exe\u2028\ufeff",
    "꽃 사진 🌸 العربية",
    "'''\"\"\"",
    "",
)
REQUEST = {
    **request_for(accept_eula=True, tags={"team": "a+b@c:/=", "empty": "x"}),
    "HyperParameters": {f"h{number}": text for number, text in enumerate(HOSTILE)},
    "Environment": {f"E{number}": text for number, text in enumerate(HOSTILE)},
    "VpcConfig": {"Subnets": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]},
    "EnableManagedSpotTraining": True,
}
# What JSON and argv can carry: no half of a UTF-16 pair.
TEXTS = st.text(st.characters(codec="utf-8")) | st.sampled_from(HOSTILE)
REQUESTS = st.builds(
    lambda values, region: ({**REQUEST, "HyperParameters": values, "TrainingJobName": "-".join(values)}, region),
    st.dictionaries(TEXTS, TEXTS, max_size=4),
    st.sampled_from(["us-west-2", "a'b\"c $x"]),
)


class Recorder:
    """A client, or a module's function, that keeps what it is called with."""

    def __init__(self) -> None:
        self.calls: list[Any] = []

    def client(self, service: str, region_name: str) -> Recorder:
        self.calls.append((service, region_name))
        return self

    def create_training_job(self, **request: Any) -> dict[str, str]:
        self.calls.append(request)
        return {"TrainingJobArn": "arn"}


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """To put modules in the place of the SDKs."""
    with monkeypatch.context() as patch:
        yield patch


def module(name: str, **attributes: Any) -> ModuleType:
    made = ModuleType(name)
    made.__dict__.update(attributes)
    return made


def written(form: str, request: Mapping[str, Any], region: str) -> str:
    return export_formats()[form].write(request, region)


def execute(program: str) -> None:
    exec(compile(program, "program.py", "exec"), {"__name__": "__main__"})


def ran_boto3(request: Mapping[str, Any], region: str, patch: pytest.MonkeyPatch) -> list[Any]:
    recorder = Recorder()
    patch.setitem(sys.modules, "boto3", module("boto3", client=recorder.client))
    execute(written("boto3", request, region))
    return recorder.calls


def ran_sagemaker(request: Mapping[str, Any], region: str, patch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What TrainingJob.create is called with; a shape becomes a mapping of its members."""
    calls: list[dict[str, Any]] = []

    class Job:
        training_job_arn = "arn"

        @classmethod
        def create(cls, **arguments: Any) -> type[Job]:
            calls.append(arguments)
            return cls

    shapes = {name: dict for name in STRUCTURES.values() if name not in RESOURCES}
    resources = module("resources", TrainingJob=Job, **dict.fromkeys(RESOURCES, dict))
    patch.setitem(sys.modules, "sagemaker.core.resources", resources)
    patch.setitem(sys.modules, "sagemaker.core.shapes", module("shapes", **shapes))
    execute(written("sagemaker", request, region))
    return calls[0]


def snake_members(members: Mapping[str, Any]) -> dict[str, Any]:
    """A request with the names of members as sagemaker-core has them."""
    return {snake_case(name): _snake(value) if name in STRUCTURES else value for name, value in members.items()}


def _snake(value: Any) -> Any:
    return snake_members(value) if isinstance(value, Mapping) else [snake_members(item) for item in value]


FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FEW
@given(REQUESTS)
def test_the_boto3_program_sends_the_request(modules: pytest.MonkeyPatch, made: tuple[dict[str, Any], str]) -> None:
    request, region = made
    assert ran_boto3(request, region, modules) == [("sagemaker", region), request]


@FEW
@given(REQUESTS)
def test_the_sagemaker_program_sends_the_request(modules: pytest.MonkeyPatch, made: tuple[dict[str, Any], str]) -> None:
    request, region = made
    assert ran_sagemaker(request, region, modules) == {"region": region, **snake_members(request)}


@settings(FEW, max_examples=15)
@given(REQUESTS)
def test_the_script_gives_the_request_to_the_aws_cli(
    tmp_path_factory: pytest.TempPathFactory, made: tuple[dict[str, Any], str]
) -> None:
    request, region = made
    script = tmp_path_factory.mktemp("script") / "launch.sh"
    printing = "aws() { printf '%s\\0' \"$@\"; }\n"
    script.write_text(printing + written("awscli", request, region), encoding="utf-8")
    # bash would follow BASH_ENV, and reads a script's name from its arguments alone.
    done = subprocess.run(["bash", script], capture_output=True, check=True, env={"PATH": "/usr/bin:/bin"})
    words = done.stdout.decode().split("\0")[:-1]

    assert done.stderr == b""
    assert words[:2] == ["sagemaker", "create-training-job"]
    options = dict(zip(words[2::2], words[3::2], strict=True))
    assert (options["--region"], json.loads(options["--cli-input-json"])) == (region, request)


@given(REQUESTS)
def test_the_json_is_the_request(made: tuple[dict[str, Any], str]) -> None:
    request, region = made
    assert json.loads(written("json", request, region)) == request


@pytest.mark.parametrize("form", list(export_formats()))
def test_nothing_that_a_terminal_obeys_or_hides_stands_in_a_program(form: str) -> None:
    text = written(form, REQUEST, "us-west-2")
    assert {letter for letter in text if not letter.isprintable()} == {"\n"}
    assert "꽃 사진 🌸 العربية" in text


@pytest.mark.parametrize("form", ["boto3", "sagemaker"])
def test_the_python_is_laid_out_as_the_formatter_would(form: str, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    for request in (REQUEST, {"TrainingJobName": "x", "Tags": [{"Key": "a", "Value": ""}]}):
        program.write_text(written(form, request, "us-west-2"), encoding="utf-8")
        command = [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", str(program)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


# -- sagemaker-core


def test_what_sagemaker_core_does_not_send_is_said(modules: pytest.MonkeyPatch) -> None:
    request = {
        "TrainingJobName": "x",
        "Tags": [{"Key": "kept", "Value": "1"}, {"Key": "gone\n", "Value": ""}],
        "InputDataConfig": [{"ChannelName": "training", "ShuffleConfig": {"Seed": 0}}],
        "ProfilerConfig": {"DisableProfiler": False, "S3OutputPath": "s3://b"},
        "Environment": {"EMPTY": ""},
        "EnableNetworkIsolation": False,
        "NewMember": {"A": 1},
    }

    sent = ran_sagemaker(request, "us-west-2", modules)

    assert sent["tags"] == [{"key": "kept", "value": "1"}]
    assert sent["input_data_config"] == [{"channel_name": "training"}]
    assert sent["profiler_config"] == {"s3_output_path": "s3://b"}
    assert (sent["environment"], sent["enable_network_isolation"]) == ({"EMPTY": ""}, False)
    assert "new_member" not in sent
    comments = [line for line in written("sagemaker", request, "us-west-2").splitlines() if line[:1] == "#"]
    assert comments[:6] == [
        "# ATTENTION: sagemaker-core has no such members of CreateTrainingJob. Left out:",
        "#   'NewMember'",
        "# ATTENTION: sagemaker-core sends no empty, zero or false value inside a shape. Left out:",
        "#   Tags[1] = {'Key': 'gone\\n', 'Value': ''}",
        "#   InputDataConfig[0].ShuffleConfig = {'Seed': 0}",
        "#   ProfilerConfig.DisableProfiler = False",
    ]
    assert "vpc_config" in comments[-1]
    assert "profiler_config" not in comments[-1]


def test_the_members_are_the_services() -> None:
    service = botocore.session.get_session().get_service_model("sagemaker")
    found: dict[str, set[str]] = {}

    def collect(shape: Any) -> None:
        for name, member in shape.members.items():
            inner = member.member if member.type_name == "list" else member
            if inner.type_name == "structure":
                found.setdefault(name, set()).add(inner.name)
                collect(inner)

    request = service.operation_model("CreateTrainingJob").input_shape
    collect(request)

    assert tuple(request.members) == REQUEST_MEMBERS
    assert {name: {shape} for name, shape in STRUCTURES.items()} == found


# -- past jobs


def past(tags: Mapping[str, str] | None = None, **changes: Any) -> dict[str, Any]:
    return past_request(TrainingJob.parse({**answer(), **changes}, tags or {}))


def test_a_past_job_gives_the_request_without_what_the_service_added() -> None:
    described = answer()
    request = past({"team": "vision", "aws:cloudformation:stack-name": "s", "empty": ""})

    assert set(request) == {
        "TrainingJobName",
        "HyperParameters",
        "AlgorithmSpecification",
        "RoleArn",
        "InputDataConfig",
        "OutputDataConfig",
        "ResourceConfig",
        "StoppingCondition",
        "Tags",
        "EnableNetworkIsolation",
        "EnableInterContainerTrafficEncryption",
    }
    assert request["HyperParameters"] == described["HyperParameters"]
    assert request["OutputDataConfig"] == {"S3OutputPath": "s3://my-output", "CompressionType": "GZIP"}
    assert request["Tags"] == [{"Key": "team", "Value": "vision"}, {"Key": "empty", "Value": ""}]


def test_what_only_an_answer_has_is_not_asked_for() -> None:
    resources = {"InstanceType": "ml.g5.xlarge", "SelectedInstanceType": "ml.g5.xlarge", "SelectedInstanceCount": 1}
    assert past(ResourceConfig=resources)["ResourceConfig"] == {"InstanceType": "ml.g5.xlarge"}
    assert "Tags" not in past()


# -- the forms


def test_the_forms_are_in_their_order() -> None:
    assert [(form.name, form.suffix) for form in export_formats().values()] == [
        ("boto3", ".py"),
        ("sagemaker", ".py"),
        ("awscli", ".sh"),
        ("json", ".json"),
    ]
    assert len({form.order for form in export_formats().values()}) == len(export_formats())


def test_a_module_in_the_folder_is_a_form(drop_module: DropModule) -> None:
    drop_module(
        "jsft_tui.core.request.export",
        "terraform",
        """
        from jsft_tui.core.request.export.export_format import ExportFormat

        EXPORT = ExportFormat("terraform", 15, "Terraform", ".tf", lambda request, region: f"{region} {len(request)}")
        """,
        export_formats,
    )
    assert list(export_formats()) == ["boto3", "terraform", "sagemaker", "awscli", "json"]
    assert written("terraform", {"TrainingJobName": "x"}, "us-west-2") == "us-west-2 1"

"""Every command, with an account, files and words of somebody who wants the terminal to obey: nothing does."""

from __future__ import annotations

import contextlib
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from botocore.response import StreamingBody

from jsft_tui.aws.client.session import AwsSession
from jsft_tui.cli.app import run
from jsft_tui.cli.discovery import find_commands, load_command
from jsft_tui.services.target.sandbox import Sandbox, environment_of
from tests.cli.jobs.test_jobs import finished
from tests.cli.runs import run_document
from tests.common.home import BUCKET, IMAGE_MODEL, TINY_SHAPES, Home, Outcome, environment
from tests.common.hostile import HOSTILE, OBEYED
from tests.sandbox.sagemaker.training_bench import until

TEXT = "".join(HOSTILE)
STRUCTURE = re.compile(
    r"^S3|^Value$|(Arn|Uri|URI|Status|Type|Id|ID|Key|Token|ETag|Region|Name|Code|Mode|Location|Version|Prefix)$"
)
"""Members whose value decides on what is asked next; a hostile one ends the command early."""
SPEC_STRUCTURE = re.compile(r"(model_id|version|type|scope|_key|_uri|url|_version|variants|aliases|bucket)$")

Answer = dict[str, Any]
Change = Callable[[str, Answer], None]


def hostile(value: Any, is_kept: Callable[[str], bool], name: str = "") -> Any:
    """A document with the text at the end of every text in it, except where a name is kept; keys of maps too."""
    if isinstance(value, str):
        return value if is_kept(name) else value + TEXT
    if isinstance(value, list):
        return [hostile(item, is_kept, name) for item in value]
    if isinstance(value, dict):
        return {key: hostile(item, is_kept, key) for key, item in value.items()}
    return value


def _is_structure(name: str) -> bool:
    return bool(STRUCTURE.search(name))


def everything(operation: str, answer: Answer) -> None:
    """Let every text of an answer be hostile."""
    _change(operation, answer, lambda _: False, lambda _: False)


def free_texts(operation: str, answer: Answer) -> None:
    """Let those texts be hostile that decide on nothing, and a job have failed for a hostile reason."""
    _change(
        operation, answer, lambda name: bool(STRUCTURE.search(name)), lambda name: bool(SPEC_STRUCTURE.search(name))
    )
    if operation == "DescribeTrainingJob" and "TrainingJobStatus" in answer:
        answer |= {"TrainingJobStatus": "Failed", "FailureReason": f"AlgorithmError: {TEXT}"}
        answer["HyperParameters"] = {**answer["HyperParameters"], TEXT: TEXT}
        for definition in answer["AlgorithmSpecification"].get("MetricDefinitions", []):
            definition["Name"] += TEXT
        for transition in answer["SecondaryStatusTransitions"]:
            transition |= {"Status": TEXT, "StatusMessage": TEXT}
    if operation == "ListTags":
        answer["Tags"].append({"Key": f"team{TEXT}", "Value": TEXT})


def _change(
    operation: str, answer: Answer, is_kept: Callable[[str], bool], is_kept_in_spec: Callable[[str], bool]
) -> None:
    if operation == "GetObject":
        _change_document(answer, is_kept_in_spec)
    kept: Answer = {name: answer[name] for name in ("ResponseMetadata", "Body") if name in answer}
    changed: Answer = {name: hostile(value, is_kept, name) for name, value in answer.items() if name not in kept}
    answer |= {**changed, **kept}


def _change_document(answer: Answer, is_kept: Callable[[str], bool]) -> None:
    if "Body" not in answer:
        return
    body = answer["Body"].read()
    try:
        document = json.loads(body)
    except ValueError:
        changed = body
    else:
        changed = json.dumps(hostile(document, is_kept)).encode()
    answer["Body"], answer["ContentLength"] = StreamingBody(io.BytesIO(changed), len(changed)), len(changed)


class HostileAccount:
    """A jsft whose account answers as its sandbox does, with changed texts."""

    def __init__(self, home: Home, root: Path, jobs: tuple[str, str]) -> None:
        info = Sandbox(home.paths.sandbox).running()
        assert info is not None
        self._home = home
        self._variables = {**environment_of(info), "JSFT_HOME": str(root)}
        self.job, self.other = jobs
        self.change: Change | None = None

    def run(self, *words: object) -> Outcome:
        """Run a command line."""
        return self._home.jsft(*words, target=None, **self._variables)

    def on_answer(self, parsed: Answer, model: Any, **_: Any) -> None:
        """Change an answer of AWS (botocore's event `after-call`)."""
        if self.change is not None:
            self.change(model.name, parsed)


@pytest.fixture
def account(
    ended_jobs: tuple[str, str], home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[HostileAccount]:
    """An account with two jobs that ended."""
    made = HostileAccount(home, tmp_path / "other home", ended_jobs)
    guard = AwsSession._guard

    def guard_and_change(session: AwsSession, client: Any) -> None:
        guard(session, client)
        client.meta.events.register("after-call", made.on_answer)

    monkeypatch.setattr(AwsSession, "_guard", guard_and_change)
    yield made


@pytest.fixture(scope="module")
def ended_jobs(_session_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Two jobs and a search that have ended, and an endpoint with the model of the first."""
    home, folder = _session_home, tmp_path_factory.mktemp("hostile")
    jobs = finished(home, folder, "hostile"), finished(home, folder, "hostile")
    _end_search(home, folder)
    _plant_endpoint(home, jobs[0])
    yield jobs
    home.delete_endpoints()


def _plant_endpoint(home: Home, job: str) -> None:
    """Create what a deploy of the job creates."""
    client = home.sandbox.client("sagemaker")
    role = client.describe_training_job(TrainingJobName=job)["RoleArn"]
    client.create_model(ModelName=job, ExecutionRoleArn=role, PrimaryContainer={"Image": "image"})
    variant = {"VariantName": "AllTraffic", "ModelName": job, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    client.create_endpoint_config(EndpointConfigName=job, ProductionVariants=[variant])
    client.create_endpoint(EndpointName=job, EndpointConfigName=job)
    until(lambda: client.describe_endpoint(EndpointName=job)["EndpointStatus"] in ("InService", "Failed"))


SEARCH = "hostile-search"


def _end_search(home: Home, folder: Path) -> None:
    """Run a search of one trial."""
    file = folder / f"{SEARCH}.yaml"
    tuning = {"max_jobs": 1, "ranges": {"learning_rate": "0.001..0.01"}}
    file.write_text(yaml.safe_dump(run_document(SEARCH, tuning=tuning)))
    home.json("launch", file, "--yes")
    until(lambda: home.json("tuning", SEARCH)["status"] == "Completed")


def command_lines(folder: Path, job: str, other: str) -> Mapping[str, list[tuple[object, ...]]]:
    """What is run of each command."""
    good, bad = folder / "good.yaml", folder / "bad\x1b[2J\u202e\x9b.yaml"
    good.write_text(yaml.safe_dump(run_document("hostile-run")))
    wrong = {"hyperparameters": {TEXT: TEXT, "epochs": TEXT}, "tags": {TEXT: TEXT}, TEXT: {"x": TEXT}, "role": TEXT}
    bad.write_text(yaml.dump(run_document("hostile-run", **wrong)), encoding="utf-8", errors="surrogatepass")
    files = folder / f"up{TEXT[:12]}"
    files.mkdir(exist_ok=True)
    for number, name in enumerate(HOSTILE):
        kept = name.replace("/", "").replace("\0", "").encode("utf-8", "ignore").decode()[:60]
        (files / f"{number}{kept}").write_text("x")
    return {
        "models": [("models", "--all"), ("models", TEXT)],
        "model": [("model", IMAGE_MODEL)],
        "instances": [("instances",), ("instances", IMAGE_MODEL)],
        "s3": [
            ("s3", "ls"),
            ("s3", "ls", f"s3://{BUCKET}/data/"),
            ("s3", "upload", files, f"s3://{BUCKET}/hostile/"),
            ("s3", "leftovers", f"s3://{BUCKET}/hostile/"),
        ],
        "lint": [("lint", IMAGE_MODEL, TINY_SHAPES)],
        "convert": [
            ("convert", bad, folder / "converted.jsonl", "--to", "sft"),
            ("convert", f"s3://{BUCKET}/{TEXT.replace(chr(0), '')}", folder / "converted.jsonl", "--to", "sft"),
        ],
        "groups": [("groups", "--create", "hostile", "--yes"), ("groups",), ("groups", "--create", TEXT)],
        "plan": [("plan", IMAGE_MODEL), ("plan", IMAGE_MODEL, "-o", folder / f"{TEXT[:12]}.yaml", "--force")],
        "check": [("check", good), ("check", bad)],
        "launch": [("launch", good, "--dry-run"), ("launch", bad, "--yes")],
        "export": [("export", "--job", job, "--as", form) for form in ("json", "boto3", "sagemaker", "awscli")],
        "clone": [("clone", job), ("clone", job, "--fix"), ("clone", job, "--continue")],
        "jobs": [("jobs",)],
        "tunings": [("tunings",)],
        "tuning": [
            ("tuning", SEARCH),
            ("tuning", TEXT),
            ("clone", SEARCH, "--best"),
            ("clone", SEARCH, "--warm-start"),
            ("export", "--job", SEARCH, "--as", "sagemaker"),
            ("plan", IMAGE_MODEL, "--tune", f"{TEXT}=1..2", "--objective", TEXT),
        ],
        "job": [("job", job)],
        "logs": [("logs", job), ("logs", job, "--follow")],
        "stop": [("stop", job, "--yes")],
        "download": [("download", job, "--list"), ("download", job, "--extract", "--force")],
        "compare": [("compare", job, other), ("compare", job, other, "--csv"), ("compare", job, TEXT)],
        "try": [("try", job, TEXT), ("try", TEXT, TEXT), ("try", job, TEXT, "--raw", "--content-type", "text/plain")],
        "sandbox": [("sandbox", "status")],
        "deploy": [
            ("deploy", job, "--dry-run"),
            *(("deploy", job, "--as", form) for form in ("json", "boto3", "sagemaker", "awscli")),
            (
                "deploy",
                job,
                "--dry-run",
                "--async",
                f"s3://{BUCKET}/out/",
                "--lifetime",
                "2h",
                "--scheduler-role",
                TEXT,
            ),
            ("deploy", job, "--dry-run", "--serverless", "2048"),
            ("deploy", job, "--yes"),
            ("deploy", TEXT),
        ],
        "endpoints": [("endpoints",), ("endpoints", "--leftovers")],
        "endpoint": [("endpoint", job), ("endpoint", TEXT), ("endpoint", job, "--logs")],
        "transform": [
            ("transform", job, f"s3://{BUCKET}/data/", f"s3://{BUCKET}/out/", "--dry-run"),
            ("transform", job, f"s3://{BUCKET}/data/", f"s3://{BUCKET}/out/", "--yes", "--name", "hostile-transform"),
            ("transform", TEXT, TEXT, TEXT),
        ],
        "transforms": [
            ("transforms",),
            ("transforms", "hostile-transform"),
            ("transforms", TEXT),
            ("transforms", "--clean"),
        ],
        "teardown": [("teardown", job, "--dry-run"), ("teardown", job, "--yes")],
        "doctor": [("doctor",)],
        "demo": [("demo", "--headless", "--profile", TEXT)],
    }


def assert_never_interpreted(outcome: Outcome, words: tuple[object, ...]) -> None:
    """Nothing printed is a control; a JSON document is one."""
    for printed in (outcome.out, outcome.err):
        found = OBEYED.search(printed)
        assert found is None, (words, printed[max(0, found.start() - 80) : found.end() + 20])
    assert "Traceback" not in outcome.err
    if "--json" in words and outcome.out:
        json.loads(outcome.out)


@pytest.mark.parametrize("name", find_commands())
def test_nothing_from_an_account_is_obeyed(account: HostileAccount, folder: Path, name: str) -> None:
    outcomes = []
    for change in (free_texts, everything):
        account.change = change
        for words in command_lines(folder, account.job, account.other)[name]:
            for each in (words, (*words, "--json")):
                outcomes.append(account.run(*each))
                assert_never_interpreted(outcomes[-1], each)

    assert name in OWN_WORDS or any(SHOWN in outcome.out + outcome.err for outcome in outcomes), "no text is shown"


OWN_WORDS = ("try", "sandbox", "demo", "doctor")
"""Commands that show nothing of an account, or only in the sandbox."""
SHOWN = "gnp.exe"
"""A part of the text that no cleaning removes."""


def _leaves(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from _leaves(inner, (*words, name))
    else:
        yield words, command


STARTS = ("sandbox start", "demo")
"""Commands that start a sandbox, whatever is typed."""
LEAVES = [
    leaf
    for name, module in find_commands().items()
    for leaf in _leaves(load_command(module), (name,))
    if " ".join(leaf[0]) not in STARTS
]


@pytest.mark.parametrize(("words", "command"), LEAVES, ids=[" ".join(words) for words, _ in LEAVES])
def test_nothing_typed_is_obeyed(tmp_path: Path, words: tuple[str, ...], command: click.Command) -> None:
    text = TEXT.replace("\0", "")
    arguments = [text for each in command.params if isinstance(each, click.Argument)]
    options = [each.opts[0] for each in command.params if isinstance(each, click.Option) and not each.is_flag]

    for line in ([*words, *arguments], *([*words, option, text, *arguments] for option in options)):
        for each in (line, [*line, "--json"]):
            # No account can be reached: the words are what is printed.
            assert_never_interpreted(alone(tmp_path, each), tuple(each))


def alone(root: Path, words: list[str]) -> Outcome:
    """Run a command line in a home without an account and without a sandbox."""
    out, err = io.StringIO(), io.StringIO()
    variables = {
        "JSFT_HOME": str(root / "home"),
        "AWS_CONFIG_FILE": str(root / "no config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(root / "no credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_REGION": "us-west-2",
    }
    with environment(variables), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(words)
    return Outcome(code, out.getvalue(), err.getvalue())

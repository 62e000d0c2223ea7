"""What accounts hold that never change: one of plain, long, right-to-left and wide names, one that means harm."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from jsft_tui.core.catalog.technique import Technique
from jsft_tui.core.customization.customization import SERVERLESS, SERVERLESS_RUNTIME, Customization
from jsft_tui.core.jobs.metrics.log_metrics import LogLine
from jsft_tui.core.run.run import InstanceChoice, ModelChoice, Run
from tests.core.customization.specs import RECIPES, REWARD_PARAMETERS

NOW = 1_780_000_000.0
"""The time in these worlds (epoch seconds)."""
REGION, ACCOUNT = "us-west-2", "123456789012"
CONTENT = "still-content"
BUCKET = "team-data"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/Train"

LITE = "tensorflow-ic-efficientnet-lite0-classification-2"
LONG = "huggingface-textgeneration-" + "a-very-long-name-that-does-not-fit-anywhere-" * 3 + "end"
HEBREW, WIDE, COMBINED = "דגם-שלום", "模型-ファイン-튜닝", "caf\u0065\u0301-n\u0303"

ERASE = "\x1b[2J\x1b[H\x1b[31merased"
TITLE = "\x1b]0;owned\x07titled"
LINK = "\x1b]8;;http://evil.example/\x1b\\linked\x1b]8;;\x1b\\"
C1 = "\x9b31m\x9d0;owned\x9cc1"
MARKUP = "[/b][bold red]marked[/]"
CLICK = "[@click=app.quit]clicked[/]"
LINK_MARKUP = "[link=http://evil.example]linked[/link]"
BIDI = "\u202edesrever\u2066"
HARM = (ERASE, TITLE, LINK, C1, MARKUP, CLICK, LINK_MARKUP, BIDI, "two\r\nlines\ttab\x00\x07\x08")
"""Texts that a terminal or Textual would obey."""
SAID = (MARKUP, CLICK, LINK_MARKUP)
"""Those of them that have to be shown as they are."""


@dataclass(frozen=True)
class World:
    """What the adapters of an account tell.

    Attributes:
        specs: model specs as the content bucket holds them.
        buckets: bucket -> key -> object.
        jobs: DescribeTrainingJob answers, the newest first.
        tags: job -> its tags.
        logs: job -> its lines.
        defaults: SageMaker's defaults file.
        draft: the run that is being put together.
        endpoints: DescribeEndpoint answers, the newest first.
        endpoint_configs: DescribeEndpointConfig answers.
        models: names of SageMaker models.
        endpoint_tags: endpoint -> its tags.
        calls: endpoint -> begin of an hour and the calls in it; of one that is not here nothing is known.
    """

    specs: Sequence[Mapping[str, Any]]
    buckets: Mapping[str, Mapping[str, bytes]]
    jobs: Sequence[Mapping[str, Any]]
    tags: Mapping[str, Mapping[str, str]]
    logs: Mapping[str, Sequence[LogLine]]
    draft: Run
    endpoints: Sequence[Mapping[str, Any]] = ()
    endpoint_configs: Sequence[Mapping[str, Any]] = ()
    models: Sequence[str] = ()
    endpoint_tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    calls: Mapping[str, Sequence[tuple[float, float]]] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    searches: Sequence[Mapping[str, Any]] = ()
    """DescribeHyperParameterTuningJob answers."""
    trials: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    """Search -> summaries of its trials."""
    arn: str = f"arn:aws:sts::{ACCOUNT}:assumed-role/Research/ana"

    @property
    def objects(self) -> dict[str, dict[str, bytes]]:
        """All buckets, JumpStart's own with manifest and specs among them."""
        manifest = [
            {"model_id": spec["model_id"], "version": spec["version"], "spec_key": f"specs/{number}.json"}
            for number, spec in enumerate(self.specs)
        ]
        content = {f"specs/{number}.json": json.dumps(spec).encode() for number, spec in enumerate(self.specs)}
        content["models_manifest.json"] = json.dumps(manifest).encode()
        content |= self.buckets.get(CONTENT, {})
        content["eula.txt"] = b"A license.\n" + "".join(HARM).encode() + b"\n"
        return {**{name: dict(keys) for name, keys in self.buckets.items()}, CONTENT: content}


def spec(model_id: str, **more: Any) -> dict[str, Any]:
    """A model spec."""
    return {
        "model_id": model_id,
        "version": "2.0.4",
        "training_supported": True,
        "hyperparameters": [
            hyperparameter("epochs", "int", 5, min=1, max=1000),
            hyperparameter("batch_size", "int", 32, min=1, max=1024),
            hyperparameter("learning_rate", "float", 0.001, min=1e-20, max=0.5),
            hyperparameter("optimizer", "text", "adam", options=["adam", "sgd", "rmsprop"]),
            hyperparameter("train_only_top_layer", "text", "True", options=["True", "False"]),
        ],
        "metrics": [{"Name": "train:loss", "Regex": "loss: ([0-9.]+)"}],
        "default_training_instance_type": "ml.g5.2xlarge",
        "supported_training_instance_types": ["ml.g4dn.xlarge", "ml.g5.2xlarge", "ml.g5.12xlarge", "ml.p3.8xlarge"],
        "training_script_key": "code/train.tar.gz",
        "training_artifact_key": "weights/model.tar.gz",
        "default_training_dataset_key": "training-datasets/tf_flowers/",
        "training_enable_network_isolation": True,
        "training_instance_type_variants": {
            "regional_aliases": {REGION: {"gpu": "registry.example/gpu:1"}},
            "variants": {name: {"regional_properties": {"image_uri": "$gpu"}} for name in ("g4dn", "g5", "p3")},
        },
        **more,
    }


def hyperparameter(name: str, kind: str, default: Any, **more: Any) -> dict[str, Any]:
    """A hyperparameter of a spec."""
    return {"name": name, "type": kind, "default": default, "scope": "algorithm", **more}


def job(name: str, status: str, ago: float, **more: Any) -> dict[str, Any]:
    """A DescribeTrainingJob answer; the job was created so many seconds ago."""
    created = NOW - ago
    ended = status not in ("InProgress", "Stopping")
    return {
        "TrainingJobName": name,
        "TrainingJobArn": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:training-job/{name}",
        "TrainingJobStatus": status,
        "SecondaryStatus": status if ended else "Training",
        "CreationTime": created,
        "LastModifiedTime": created + 300,
        "TrainingStartTime": created + 60,
        **(
            {"TrainingEndTime": created + 660, "TrainingTimeInSeconds": 600, "BillableTimeInSeconds": 540}
            if ended
            else {}
        ),
        "AlgorithmSpecification": {
            "TrainingInputMode": "File",
            "TrainingImage": "registry.example/gpu:1",
            "MetricDefinitions": [{"Name": "train:loss", "Regex": "loss: ([0-9.]+)"}],
        },
        "RoleArn": ROLE,
        "InputDataConfig": [
            {
                "ChannelName": "training",
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{BUCKET}/flowers/"}},
            }
        ],
        "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/models"},
        "ResourceConfig": {"InstanceType": "ml.g5.2xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "StoppingCondition": {"MaxRuntimeInSeconds": 21600},
        "ModelArtifacts": {"S3ModelArtifacts": f"s3://{BUCKET}/models/{name}/output/model.tar.gz"} if ended else {},
        "HyperParameters": {"epochs": '"5"', "batch_size": '"32"'},
        "SecondaryStatusTransitions": [
            {"Status": "Starting", "StartTime": created, "EndTime": created + 60, "StatusMessage": "Preparing"},
            {
                "Status": "Training",
                "StartTime": created + 60,
                **({"EndTime": created + 600} if ended else {}),
                "StatusMessage": "Training image download completed. Training in progress.",
            },
        ],
        **more,
    }


def tags(model_id: str) -> dict[str, str]:
    """The tags by which a job says its parent model."""
    return {"sagemaker-sdk:jumpstart-model-id": model_id, "sagemaker-sdk:jumpstart-model-version": "2.0.4"}


def endpoint(name: str, status: str, ago: float, config: str = "", **more: Any) -> dict[str, Any]:
    """A DescribeEndpoint answer; the endpoint was created so many seconds ago."""
    return {
        "EndpointName": name,
        "EndpointArn": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint/{name}",
        "EndpointConfigName": config or name,
        "EndpointStatus": status,
        "CreationTime": NOW - ago,
        "LastModifiedTime": NOW - ago + 300,
        **more,
    }


def endpoint_config(name: str, instance_type: str, count: int = 1, model: str = "") -> dict[str, Any]:
    """A DescribeEndpointConfig answer."""
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": model or name,
        "InstanceType": instance_type,
        "InitialInstanceCount": count,
    }
    return {"EndpointConfigName": name, "ProductionVariants": [variant]}


def deployed(job: str, model_id: str = LITE, **more: str) -> dict[str, str]:
    """The tags of an endpoint that jsft made."""
    return {"jsft:training-job": job, **tags(model_id), **more}


OBJECTIVE = "train:loss"


def search(name: str, ago: float, counts: Mapping[str, int], **more: Any) -> dict[str, Any]:
    """A DescribeHyperParameterTuningJob answer; the search has ended."""
    created = NOW - ago
    members = ("RoleArn", "InputDataConfig", "OutputDataConfig", "StoppingCondition", "AlgorithmSpecification")
    definition = {member: value for member, value in job("", "Completed", ago).items() if member in members}
    resources = {"InstanceType": "ml.g5.2xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}
    return {
        "HyperParameterTuningJobName": name,
        "HyperParameterTuningJobArn": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:hyper-parameter-tuning-job/{name}",
        "HyperParameterTuningJobStatus": "Completed",
        "CreationTime": created,
        "HyperParameterTuningEndTime": created + 9000,
        "TrainingJobStatusCounters": counts,
        "HyperParameterTuningJobConfig": {
            "Strategy": "Bayesian",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": OBJECTIVE},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": sum(counts.values()), "MaxParallelTrainingJobs": 2},
            "TrainingJobEarlyStoppingType": "Auto",
            "ParameterRanges": {
                "ContinuousParameterRanges": [
                    {"Name": "learning_rate", "MinValue": "0.0001", "MaxValue": "0.1", "ScalingType": "Logarithmic"}
                ],
                "IntegerParameterRanges": [],
                "CategoricalParameterRanges": [
                    {"Name": "batch_size", "Values": ["32", "64", "128"]},
                    {"Name": "optimizer", "Values": ["adam", "sgd"]},
                ],
            },
        },
        "TrainingJobDefinition": {
            **definition,
            "StaticHyperParameters": {"epochs": '"5"'},
            "HyperParameterTuningResourceConfig": resources,
        },
        **more,
    }


def trial(name: str, began: float, objective: float | None, values: Mapping[str, str], **more: Any) -> dict[str, Any]:
    """A summary of a trial that began at a time and has ended."""
    metric = {"MetricName": OBJECTIVE, "Value": objective}
    return {
        "TrainingJobName": name,
        "TrainingJobArn": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:training-job/{name}",
        "TrainingJobStatus": "Completed",
        "CreationTime": began,
        "TrainingStartTime": began + 60,
        "TrainingEndTime": began + 660,
        "TunedHyperParameters": values,
        **({"FinalHyperParameterTuningJobObjectiveMetric": metric} if objective is not None else {}),
        **more,
    }


SWEEP_AGO = 400_000
_SWEPT = (
    ("0.0001", "128", "adam", 0.5871), ("0.001", "128", "adam", 0.3610), ("0.095", "128", "adam", None),
    ("0.0009", "64", "adam", 0.3121), ("0.03", "64", "sgd", 0.8800), ("0.08", "32", "sgd", None),
    ("0.0021", "64", "adam", 0.2871), ("0.0004", "32", "sgd", 0.5512), ("0.0052", "64", "sgd", 0.4290),
    ("0.0034", "32", "adam", 0.3450), ("0.0024", "64", "adam", 0.2993), ("0.0006", "128", "sgd", 0.6120),
)  # fmt: skip


def sweep_trials(name: str) -> list[dict[str, Any]]:
    """Trials of a search: one failed, one was stopped early."""
    found = []
    for number, (rate, batch, optimizer, loss) in enumerate(_SWEPT, start=1):
        more = {
            3: {"TrainingJobStatus": "Failed", "FailureReason": "AlgorithmError: the loss is nan. ExitCode: 1"},
            6: {"TrainingJobStatus": "Stopped"},
        }.get(number, {})
        values = {"learning_rate": rate, "batch_size": batch, "optimizer": optimizer}
        began = NOW - SWEEP_AGO + 600 * number
        found.append(trial(f"{name}-{number:03}-{number:08x}", began, loss, values, **more))
    return found


def log(*texts: str, ago: float = 0) -> list[LogLine]:
    """A line of log each second, the last one so many seconds ago."""
    return [LogLine(NOW - ago - len(texts) + number, text, "algo-1") for number, text in enumerate(texts)]


def draft(model_id: str, **more: Any) -> Run:
    """A run for a model."""
    return Run(
        name="flowers-1",
        model=ModelChoice(model_id, "2.0.4"),
        instance=InstanceChoice("ml.g5.12xlarge"),
        output=f"s3://{BUCKET}/models",
        **{"hyperparameters": {"batch_size": "auto", "epochs": "10"}, **more},
    )


_EPOCHS = [f"epoch {number}/5 loss: {1 / number:.4f}" for number in range(1, 6)]

ORDINARY = World(
    specs=[
        spec(LITE),
        spec(LONG, hosting_eula_key="eula.txt"),
        spec(f"pytorch-ic-{HEBREW}", deprecated=True, deprecated_message="Use another."),
        spec(f"pytorch-ic-{WIDE}", training_vulnerable=True),
        spec(f"pytorch-tc-{COMBINED}"),
        spec("sklearn-classification-linear"),
        spec("meta-asr-not-tunable", training_supported=False),
    ],
    buckets={
        BUCKET: {
            **{f"flowers/{name}/{n}.jpg": b"\xff\xd8" for name in ("daisy", "roses", HEBREW, WIDE) for n in range(3)},
            "flowers/readme.txt": b"Pictures of flowers.\n",
            f"flowers/{'a-very-long-key-' * 12}.csv": b"1,one\n2,two\n",
        },
        "team-archive": {},
    },
    jobs=[
        job("flowers-running", "InProgress", 300),
        job("flowers-failed", "Failed", 4000, FailureReason="AlgorithmError: CUDA out of memory. ExitCode: 1"),
        job("a-very-long-job-name-that-fills-all-sixty-three-characters-20260", "Completed", 90_000),
        job("flowers-stopped", "Stopped", 200_000),
    ],
    tags={
        "flowers-running": tags(LITE),
        "flowers-failed": tags(LONG),
        "flowers-stopped": tags(LITE),
        "flowers-sweep": tags(LITE),
    },
    logs={
        "flowers-running": log(*_EPOCHS, f"שלום {WIDE} {COMBINED}"),
        "flowers-failed": log("CUDA out of memory"),
        "flowers-stopped": log(*_EPOCHS[:3], ago=199_900),
    },
    searches=[search("flowers-sweep", SWEEP_AGO, {"Completed": 10, "NonRetryableError": 1, "Stopped": 1})],
    trials={"flowers-sweep": sweep_trials("flowers-sweep")},
    draft=draft(LITE, tags={"team": "vision", "שם": WIDE}),
    defaults={
        "SageMaker": {
            "TrainingJob": {
                "RoleArn": ROLE,
                "VpcConfig": {"Subnets": ["subnet-0a1b2c3d", "subnet-1a1b2c3d"], "SecurityGroupIds": ["sg-0a1b2c3d"]},
                "Environment": {"TEAM": "vision"},
            }
        }
    },
)

SERVING = replace(
    ORDINARY,
    endpoints=[
        endpoint("tickets-llama-8b", "Creating", 250),
        endpoint("flowers-lite0-a", "InService", 260_000),
        endpoint("churn-lightgbm", "InService", 530_000, config="churn-2"),
        endpoint(
            "broken", "Failed", 700_000, FailureReason="The primary container did not pass the ping health check."
        ),
    ],
    endpoint_configs=[
        endpoint_config("tickets-llama-8b", "ml.g5.2xlarge", 2),
        endpoint_config("flowers-lite0-a", "ml.g4dn.xlarge"),
        endpoint_config("churn-2", "ml.m5.xlarge", model="churn"),
        endpoint_config("broken", "ml.m5.xlarge"),
        endpoint_config("churn-1", "ml.m5.xlarge", model="churn"),
    ],
    models=["tickets-llama-8b", "flowers-lite0-a", "churn", "broken", "churn-0", WIDE],
    endpoint_tags={
        "tickets-llama-8b": deployed("tickets", **{"jsft:delete-after": "2026-05-28T22:26:40Z"}),
        "flowers-lite0-a": deployed("flowers-stopped"),
    },
    calls={
        "churn-lightgbm": [*((NOW - 3600.0 * hour, 9.0) for hour in range(90, 3, -7)), (NOW - 3600.0, 187.0)],
        "flowers-lite0-a": [(NOW - 60 * 3600.0, 12.0), (NOW - 51 * 3600.0, 3.0)],
    },
)
"""The ordinary account with endpoints."""

TUNED = "huggingface-reasoning-qwen3-8b"
GROUP = "team-models"
CUSTOMIZING = replace(
    ORDINARY,
    specs=[
        *ORDINARY.specs,
        {"model_id": TUNED, "version": "1.2.0", "recipe_collection": RECIPES},
        spec("meta-textgeneration-llama-both", recipe_collection=RECIPES, hosting_eula_key="eula.txt"),
    ],
    buckets={
        **ORDINARY.buckets,
        CONTENT: {
            **{entry["smtj_override_params_s3_key"]: json.dumps(REWARD_PARAMETERS).encode() for entry in RECIPES},
            **{entry["smtj_recipe_template_s3_key"]: b"run:\n  name: a recipe\n" for entry in RECIPES},
        },
    },
    draft=replace(
        draft(TUNED, hyperparameters={"max_epochs": "3"}),
        name="tones-1",
        model=ModelChoice(TUNED, "1.2.0"),
        instance=InstanceChoice(SERVERLESS, max_runtime=SERVERLESS_RUNTIME),
        customization=Customization(Technique.SFT),
    ),
)
"""The ordinary account at work on a customization, with a model that has both ways."""

_HOSTILE_MODELS = [f"tensorflow-ic-{text}" for text in HARM]
_HOSTILE_JOBS = [f"{number}-{text}" for number, text in enumerate(HARM)]

HOSTILE = World(
    specs=[
        spec(
            model_id,
            deprecated=True,
            deprecated_message=text,
            usage_info_message=text,
            training_vulnerable=True,
            training_vulnerabilities=[text],
            default_training_dataset_key=f"data/{text}/",
            hosting_eula_key="eula.txt",
            hyperparameters=[
                hyperparameter("batch_size", "int", 32),
                hyperparameter(f"name {text}", "text", text, options=[text, "other"]),
            ],
        )
        for model_id, text in zip(_HOSTILE_MODELS, HARM, strict=True)
    ],
    buckets={BUCKET: {f"{number} {text}": text.encode() for number, text in enumerate(HARM)}},
    jobs=[
        job(
            name,
            status,
            300.0 * (number + 1),
            FailureReason=f"AlgorithmError: {text}",
            SecondaryStatus=text,
            HyperParameters={text: json.dumps(text)},
        )
        for number, (name, text) in enumerate(zip(_HOSTILE_JOBS, HARM, strict=True))
        for status in ("InProgress" if number % 2 else "Failed",)
    ],
    tags={name: tags(model) for name, model in zip(_HOSTILE_JOBS, _HOSTILE_MODELS, strict=True)},
    logs={name: log(*HARM) for name in _HOSTILE_JOBS},
    searches=[search(f"sweep {CLICK}", SWEEP_AGO, {"Completed": 8, "NonRetryableError": 1}, FailureReason=ERASE)],
    trials={
        f"sweep {CLICK}": [
            trial(
                f"{number}-{text}",
                NOW - SWEEP_AGO + 600 * number,
                number / 10 if number else None,
                {"learning_rate": text, f"name {text}": text, "optimizer": text},
                FailureReason=text,
            )
            for number, text in enumerate(HARM)
        ]
    },
    endpoints=[
        endpoint(name, ("Failed", "InService", text)[number % 3], 300.0, config=name, FailureReason=text)
        for number, (name, text) in enumerate(zip(_HOSTILE_JOBS, HARM, strict=True))
    ],
    endpoint_configs=[
        endpoint_config(name, f"ml.{text}", model=text) for name, text in zip(_HOSTILE_JOBS, HARM, strict=True)
    ],
    models=[*HARM, *(f"left {text}" for text in HARM)],
    endpoint_tags={
        name: deployed(text, text, **{"jsft:delete-after": text})
        for name, text in zip(_HOSTILE_JOBS[:4], HARM[:4], strict=True)
    },
    draft=draft(
        _HOSTILE_MODELS[HARM.index(CLICK)],
        hyperparameters={f"name {CLICK}": CLICK, ERASE: LINK},
        data={MARKUP: f"s3://{BUCKET}/{LINK}"},
        tags={CLICK: ERASE, TITLE: LINK_MARKUP},
        environment={C1: BIDI},
        checkpoint=f"s3://{BUCKET}/{CLICK}",
        role=MARKUP,
    ),
    defaults={"SageMaker": {"TrainingJob": {"ResourceConfig": {"VolumeKmsKeyId": CLICK}}}},
    arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/{CLICK}{ERASE}",
)

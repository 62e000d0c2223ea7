"""What accounts hold that never change: one of plain, long, right-to-left and wide names, one that means harm."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jsft_tui.core.jobs.metrics.log_metrics import LogLine
from jsft_tui.core.run.run import InstanceChoice, ModelChoice, Run

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
    """

    specs: Sequence[Mapping[str, Any]]
    buckets: Mapping[str, Mapping[str, bytes]]
    jobs: Sequence[Mapping[str, Any]]
    tags: Mapping[str, Mapping[str, str]]
    logs: Mapping[str, Sequence[LogLine]]
    draft: Run
    defaults: Mapping[str, Any] = field(default_factory=dict)
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
        content["eula.txt"] = b"A licence.\n" + "".join(HARM).encode() + b"\n"
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
    tags={"flowers-running": tags(LITE), "flowers-failed": tags(LONG), "flowers-stopped": tags(LITE)},
    logs={
        "flowers-running": log(*_EPOCHS, f"שלום {WIDE} {COMBINED}"),
        "flowers-failed": log("CUDA out of memory"),
        "flowers-stopped": log(*_EPOCHS[:3], ago=199_900),
    },
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

"""Trained, deployed by jsft, and asked with boto3 as it is: an image, a text, rows of numbers, a prompt."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from jsft_tui.sandbox.seed.base.locations import POINTS
from tests.cli.runs import run_file, unique_name
from tests.common.home import BUCKET, TEXT_MODEL, TINY_SERVICES, Home
from tests.sandbox.sagemaker.training_bench import until

pytestmark = [pytest.mark.training, pytest.mark.timeout(300)]

VERBOSE = "application/json;verbose"
GPT = "huggingface-textgeneration1-gpt-neo-125m"
CONTENT = "jumpstart-cache-prod-us-west-2"


def trained(home: Home, folder: Path, stem: str, **changes: Any) -> str:
    name = unique_name(stem)
    launched = home.jsft("launch", run_file(folder, name, **changes), "--yes", "--follow")
    assert launched.code == 0, launched
    return name


def deployed(home: Home, job: str, *options: str) -> str:
    home.json("deploy", job, "--yes", *options)
    describe = home.sandbox.client("sagemaker").describe_endpoint
    until(lambda: describe(EndpointName=job)["EndpointStatus"] != "Creating")
    found = describe(EndpointName=job)
    assert found["EndpointStatus"] == "InService", found
    return job


def asked(home: Home, endpoint: str, content_type: str, body: bytes, accept: str = VERBOSE) -> Any:
    answer = home.sandbox.client("sagemaker-runtime").invoke_endpoint(
        EndpointName=endpoint, ContentType=content_type, Accept=accept, Body=body
    )
    assert answer["InvokedProductionVariant"] == "AllTraffic"
    assert answer["ContentType"] == accept
    return json.loads(answer["Body"].read())


def torn_down(home: Home, endpoint: str) -> None:
    client = home.sandbox.client("sagemaker")
    home.json("teardown", endpoint, "--yes")
    until(lambda: not client.list_endpoints(NameContains=endpoint)["Endpoints"])
    assert client.list_models(NameContains=endpoint)["Models"] == []
    assert client.list_endpoint_configs(NameContains=endpoint)["EndpointConfigs"] == []
    with pytest.raises(ClientError, match="not found"):
        home.sandbox.client("sagemaker-runtime").invoke_endpoint(EndpointName=endpoint, Body=b"x")
    copies = home.paths.sandbox / "content/endpoints"
    assert not list(copies.rglob(f"{endpoint}.*"))


def test_pictures(home: Home, folder: Path) -> None:
    job = trained(home, folder, "serve-ic")
    endpoint = deployed(home, job)
    store = home.sandbox.client("s3")
    right = {}
    for shape in ("circles", "squares", "triangles"):
        key = f"data/shapes/{shape}/{shape}-007.jpg"
        picture = store.get_object(Bucket=BUCKET, Key=key)["Body"].read()
        answer = asked(home, endpoint, "application/x-image", picture)
        assert sum(answer["probabilities"]) == pytest.approx(1.0)
        assert len(answer["labels"]) == len(answer["probabilities"])
        right[shape] = answer["predicted_label"]
        assert set(asked(home, endpoint, "application/x-image", picture, "application/json")) == {"probabilities"}
    assert sum(shape == label for shape, label in right.items()) >= 2, right
    file = folder / "circle.jpg"
    store.download_file(BUCKET, "data/shapes/circles/circles-007.jpg", str(file))
    assert home.json("try", endpoint, file)[0]["label"] == right["circles"]
    until(lambda: home.json("endpoint", endpoint)["calls_24h"] or None)
    lines = home.json("endpoint", endpoint, "--logs")
    assert lines, "an endpoint writes a log"

    with pytest.raises(ClientError) as refused:
        asked(home, endpoint, "application/x-image", b"no picture")
    assert refused.value.response["Error"]["Code"] == "ModelError"
    assert refused.value.response["OriginalStatusCode"] == 400
    assert "neither JPEG nor PNG" in refused.value.response["OriginalMessage"]
    torn_down(home, endpoint)


def test_sentences(home: Home, folder: Path) -> None:
    job = trained(home, folder, "serve-tc", model={"id": TEXT_MODEL}, data={"training": TINY_SERVICES})
    endpoint = deployed(home, job)
    store = home.sandbox.client("s3")
    body = store.get_object(Bucket=BUCKET, Key="data/tiny-services/data.csv")["Body"].read().decode()
    rows = list(csv.reader(body.splitlines()))[:20]
    answers = [asked(home, endpoint, "application/x-text", text.encode())["predicted_label"] for _, text in rows]
    assert sum(answer == label for answer, (label, _) in zip(answers, rows, strict=True)) >= 10, answers
    said = home.json("try", endpoint, rows[0][1])
    assert (said[0]["label"], said[0]["text"]) == (answers[0], f"{said[0]['probability']:.4g}")
    torn_down(home, endpoint)
    assert home.json("try", job, rows[0][1])[0]["label"] == answers[0], "without an endpoint, the job"


def test_rows_of_numbers_with_a_model_that_is_packed_with_its_code(home: Home, folder: Path) -> None:
    changes = {"model": {"id": "xgboost-classification-model"}, "data": {"training": f"s3://{CONTENT}/{POINTS}"}}
    job = trained(home, folder, "serve-xgb", **changes, hyperparameters=None, instance={"type": "ml.m5.xlarge"})
    endpoint = deployed(home, job)
    model = home.sandbox.client("sagemaker").describe_model(ModelName=endpoint)["PrimaryContainer"]
    assert model["ModelDataUrl"] == f"s3://{BUCKET}/{endpoint}/model.tar.gz"
    key = f"{POINTS}validation/data.csv"
    body = home.sandbox.client("s3").get_object(Bucket=CONTENT, Key=key)["Body"].read().decode()
    rows = [line.partition(",") for line in body.splitlines()[:40]]
    answer = asked(home, endpoint, "text/csv", "\n".join(features for _, _, features in rows).encode())
    assert len(answer["probabilities"]) == 40
    assert answer["labels"] == ["0", "1", "2"]
    assert sum(label == right for label, (right, _, _) in zip(answer["predicted_label"], rows, strict=True)) >= 35
    with pytest.raises(ClientError, match="finite numbers"):
        asked(home, endpoint, "text/csv", b"1,2")
    torn_down(home, endpoint)


def numbers(answer: Any) -> bool:
    return len(answer["prediction"]) == 2 and answer["prediction"][0] != answer["prediction"][1]


def vector(answer: Any) -> bool:
    return math.isclose(sum(value * value for value in answer["embedding"]), 1.0, rel_tol=1e-3)


def classes(answer: Any) -> bool:
    return answer["labels"] == ["0", "1"] and math.isclose(sum(answer["probabilities"]), 1.0)


QUESTION = ["Where is the library?", "The library is beside the town hall."]
CHAT = {"messages": [{"role": "user", "content": "What does CreateBucket do?"}], "max_tokens": 20}


@pytest.mark.parametrize(
    ("model", "data", "instance", "content_type", "body", "is_right"),
    [
        ("xgboost-regression-model", "points_regression", "ml.m5.xlarge", "text/csv", "1,2,3,4\n4,3,2,1", numbers),
        (
            "huggingface-spc-distilroberta-base",
            "pairs",
            "ml.g4dn.xlarge",
            "application/list-text",
            ["A man plays a guitar.", "Somebody makes music."],
            classes,
        ),
        (
            "huggingface-eqa-distilbert-base-uncased",
            "questions",
            "ml.g4dn.xlarge",
            "application/list-text",
            QUESTION,
            lambda answer: answer["answer"] in QUESTION[1],
        ),
        (
            "huggingface-sentencesimilarity-all-MiniLM-L6-v2",
            "sentences",
            "ml.g4dn.xlarge",
            "application/x-text",
            "Creates a bucket.",
            vector,
        ),
        (
            "meta-textgeneration-llama-3-2-1b-instruct",
            "dialogs",
            "ml.g5.2xlarge",
            "application/json",
            CHAT,
            lambda answer: answer["choices"][0]["message"]["content"],
        ),
    ],
)
def test_the_other_tasks(
    home: Home,
    folder: Path,
    model: str,
    data: str,
    instance: str,
    content_type: str,
    body: Any,
    is_right: Callable[[Any], object],
) -> None:
    job = trained(
        home,
        folder,
        f"serve-{data.replace('_', '-')}",
        model={"id": model},
        data={"training": f"s3://{CONTENT}/training-datasets/sandbox_{data}/"},
        instance={"type": instance},
        hyperparameters={"epoch": 1} if content_type == "application/json" else None,
        accept_eula=True if model.startswith("meta") else None,
    )
    endpoint = deployed(home, job)
    sent = (body if isinstance(body, str) else json.dumps(body)).encode()
    accept = "application/json" if content_type == "application/json" else VERBOSE
    answer = asked(home, endpoint, content_type, sent, accept)
    assert is_right(answer), answer
    torn_down(home, endpoint)


def test_a_transform_and_an_endpoint_with_a_queue_by_the_command_line(home: Home, folder: Path) -> None:
    job, answers = trained(home, folder, "serve-cli"), f"s3://{BUCKET}/{unique_name('answers')}/"
    ended = home.json("transform", job, f"s3://{BUCKET}/data/shapes/circles/", answers, "--yes", "--follow")
    assert (ended["status"], ended["output"]) == ("Completed", answers)
    prefix = answers.removeprefix(f"s3://{BUCKET}/")
    found = home.sandbox.client("s3").list_objects_v2(Bucket=BUCKET, Prefix=prefix)["Contents"]
    assert all(each["Key"].endswith(".out") for each in found)
    assert home.sandbox.client("sagemaker").list_models(NameContains=job)["Models"] == []

    assert home.json("deploy", job, "--async", f"{answers}queue/", "--yes", "--follow")["scales"] is True
    file = folder / "circle.jpg"
    home.sandbox.client("s3").download_file(BUCKET, "data/shapes/circles/circles-007.jpg", str(file))
    assert home.json("try", job, file)[0]["probability"] > 0
    home.json("teardown", job, "--yes")
    scalable = home.sandbox.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="sagemaker")
    assert not [each for each in scalable["ScalableTargets"] if job in each["ResourceId"]]
    client = home.sandbox.client("sagemaker")
    until(lambda: not client.list_endpoints(NameContains=job)["Endpoints"])
    assert client.list_models(NameContains=job)["Models"] == []


def test_prompts(home: Home, folder: Path) -> None:
    changes = {"model": {"id": GPT}, "data": {"training": f"s3://{CONTENT}/training-datasets/sandbox_prose/"}}
    job = trained(home, folder, "serve-gpt", **changes, hyperparameters={"epoch": 3})
    endpoint = deployed(home, job)
    request = {
        "inputs": "ListTags",
        "parameters": {"max_new_tokens": 12, "details": True, "seed": 3, "temperature": 0.7},
    }
    (answer,) = asked(home, endpoint, "application/json", json.dumps(request).encode(), "application/json")
    assert answer["details"]["generated_tokens"] <= 12
    assert answer["generated_text"]
    assert asked(home, endpoint, "application/json", json.dumps(request).encode(), "application/json") == [answer]
    with pytest.raises(ClientError) as refused:
        asked(home, endpoint, "application/json", b'{"inputs": "a", "parameters": {"max_new_tokens": 0}}')
    assert refused.value.response["OriginalStatusCode"] in (415, 422)
    torn_down(home, endpoint)

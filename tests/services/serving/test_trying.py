"""Asking endpoints, against servers that answer as an endpoint of each task does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from jsft_tui.aws.account import Account
from jsft_tui.core.account.target import StaticCredentials, Target
from jsft_tui.core.catalog.job_tags import MODEL_ID_TAG, MODEL_VERSION_TAG
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.serving.endpoint import Endpoint, EndpointStatus
from jsft_tui.core.serving.invoke.answers import Line
from jsft_tui.services.catalog import Catalog
from jsft_tui.services.serving.endpoints import Endpoints
from jsft_tui.services.serving.trying import Given, Trying
from tests.common.pictures import picture_file
from tests.common.servers.stub_aws import Reply, StubAws
from tests.common.servers.stub_server import KEYS

HEADERS = {"x-amzn-RequestId": "1", "ETag": '"1"'}
"""Headers by which an answer that is streamed is known as one of AWS, and of S3."""


class Models:
    """A catalog whose specs say nothing but their task, by their ids."""

    def __init__(self, **fields: Any) -> None:
        self.fields = fields

    def spec(self, model_id: str, version: str) -> ModelSpec:
        if model_id == "gone":
            raise Problem("UnknownModel", "there is no model 'gone'.")
        return ModelSpec.parse({"model_id": model_id, "version": version, **self.fields})


def endpoint(model: str, status: EndpointStatus = EndpointStatus.IN_SERVICE) -> Endpoint:
    tags = {MODEL_ID_TAG: model, MODEL_VERSION_TAG: "1.0.0"} if model else {}
    return Endpoint(
        "mine", "arn", status, 0.0, "mine", failure_reason="out of memory" * (status.name == "FAILED"), tags=tags
    )


@contextmanager
def trying(answer: bytes, status: int = 200, **fields: Any) -> Iterator[tuple[Trying, StubAws]]:
    """What tries endpoints that answer with this."""
    ticks = iter((10.0, 10.25))
    with StubAws(lambda _: Reply(status, answer.decode(), HEADERS)) as aws:
        account = Account(Target("us-west-2", endpoint=aws.url, credentials=KEYS))
        catalog = cast(Catalog, Models(**fields))
        yield Trying(account, catalog, Endpoints(account), ticks=lambda: next(ticks)), aws


def sent(model: str, item: str, **given: Any) -> Any:
    """What is sent to an endpoint of a model."""
    with trying(b"{}") as (service, aws):
        target = service.target_of(endpoint(model))
        service.invoke(target, service.payload_for(target, Given(item, **given)))
        (request,) = aws.requests
        return request.headers["Content-Type"], request.body


def test_a_sentence_is_answered_with_labels_and_the_time_it_took() -> None:
    with trying(b'{"probabilities": [0.1, 0.9], "labels": ["bad", "good"]}') as (service, aws):
        target = service.target_of(endpoint("huggingface-tc-bert"))

        tried = service.invoke(target, service.payload_for(target, Given("Fine.")))

    assert tried.answer.lines == (Line("good", "0.9", 0.9), Line("bad", "0.1", 0.1))
    assert tried.seconds == 0.25
    (request,) = aws.requests
    assert request.service == "sagemaker"
    assert (request.headers["Content-Type"], request.body) == ("application/x-text", "Fine.")


def test_a_row_is_sent_as_csv_from_the_command_line_or_a_file(tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("1,2\n3,4\n")

    assert sent("lightgbm-classification-model", "1,2") == ("text/csv", "1,2")
    assert sent("lightgbm-classification-model", str(rows)) == ("text/csv", "1,2\n3,4\n")


def test_a_prompt_has_its_parameters() -> None:
    kind, body = sent("huggingface-llm-a", "Hello", parameters={"max_new_tokens": 5})

    assert kind == "application/json"
    assert json.loads(body) == {"inputs": "Hello", "parameters": {"max_new_tokens": 5}}


def test_a_json_file_is_the_whole_body_of_a_prompt(tmp_path: Path) -> None:
    document = tmp_path / "chat.json"
    document.write_text('{"messages": []}')

    assert sent("huggingface-llm-a", str(document)) == ("application/json", '{"messages": []}')


def test_a_picture_is_sent_as_it_is(tmp_path: Path) -> None:
    picture = picture_file(tmp_path)
    with trying(b"{}") as (service, _):
        target = service.target_of(endpoint("pytorch-ic-a"))

        found = service.payload_for(target, Given(str(picture)))

    assert (found.content_type, found.body) == ("application/x-image", picture.read_bytes())


def test_a_picture_in_s3_is_read_there() -> None:
    with trying(b"picture") as (service, aws):
        target = service.target_of(endpoint("pytorch-ic-a"))
        found = service.payload_for(target, Given("s3://team-data/stars/a.jpg"))
        assert [request.service for request in aws.requests] == ["s3"]
    assert (found.content_type, found.body) == ("application/x-image", b"picture")


def test_a_content_type_that_is_given_wins() -> None:
    assert sent("", "anything", content_type="text/plain") == ("text/plain", "anything")
    assert sent("pytorch-ic-a", "anything", content_type="text/plain") == ("text/plain", "anything")


def test_the_example_of_the_spec_is_sent_from_the_spec_or_its_object() -> None:
    inline = {"a": {"content_type": "application/json", "body": {"inputs": "Hi"}}}
    with trying(b"{}", default_payloads=inline) as (service, _):
        found = service.example_for(service.target_of(endpoint("huggingface-llm-a")))
    assert (found.content_type, found.body) == ("application/json", b'{"inputs": "Hi"}')

    stored = {"a": {"content_type": "application/x-image", "body": "$s3<assets/cat.jpg>"}}
    with trying(b"picture", default_payloads=stored) as (service, aws):
        found = service.example_for(service.target_of(endpoint("pytorch-ic-a")))
        assert [request.service for request in aws.requests] == ["s3"]
    assert (found.content_type, found.body) == ("application/x-image", b"picture")


@pytest.mark.parametrize(
    ("model", "given", "code"),
    [
        ("", Given("x"), "UnknownContentType"),
        ("gone", Given("x"), "UnknownContentType"),
        ("pytorch-ic-a", Given("no-such.png"), "NoSuchFile"),
        ("huggingface-tc-a", Given("x", {"top_p": 1}), "NoParameters"),
    ],
    ids=["no model", "unknown model", "no picture", "parameters"],
)
def test_what_an_endpoint_does_not_take_is_not_sent(model: str, given: Given, code: str) -> None:
    with trying(b"{}") as (service, aws):
        target = service.target_of(endpoint(model))
        with pytest.raises(Problem) as refused:
            service.payload_for(target, given)

    assert (refused.value.code, aws.requests) == (code, [])


def test_there_may_be_no_example() -> None:
    with trying(b"{}") as (service, _), pytest.raises(Problem) as refused:
        service.example_for(service.target_of(endpoint("pytorch-ic-a")))

    assert refused.value.code == "NoExample"


@pytest.mark.parametrize("status", [EndpointStatus.CREATING, EndpointStatus.FAILED, EndpointStatus.DELETING])
def test_an_endpoint_that_is_not_in_service_is_not_asked(status: EndpointStatus) -> None:
    with trying(b"{}") as (service, aws):
        target = service.target_of(endpoint("huggingface-tc-a", status))
        with pytest.raises(Problem) as refused:
            service.invoke(target, service.payload_for(target, Given("x")))

    assert (refused.value.code, aws.requests) == ("EndpointNotInService", [])
    assert ("out of memory" in refused.value.message) == (status is EndpointStatus.FAILED)


def test_a_container_that_fails_says_so() -> None:
    answer = {"__type": "ModelError", "message": "Received server error (500) from primary", "OriginalStatusCode": 500}
    with trying(json.dumps(answer).encode(), 424) as (service, _):
        target = service.target_of(endpoint("huggingface-tc-a"))
        with pytest.raises(Problem) as failed:
            service.invoke(target, service.payload_for(target, Given("x")))

    assert failed.value.code == "ModelError"
    assert "server error (500)" in failed.value.message


def test_a_read_only_session_may_ask() -> None:
    with StubAws(lambda _: Reply(200, "{}", HEADERS)) as aws:
        target = Target("us-west-2", endpoint=aws.url, credentials=StaticCredentials("a", "b"), read_only=True)
        account = Account(target)
        service = Trying(account, cast(Catalog, Models()), Endpoints(account))
        asked = service.target_of(endpoint("huggingface-tc-a"))

        assert service.invoke(asked, service.payload_for(asked, Given("x"))).body == b"{}"

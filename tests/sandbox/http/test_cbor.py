"""CBOR in both directions: as boto3 speaks it when it is made to, and byte by byte."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.loaders import Loader

from jsft_tui.sandbox.http import cbor
from jsft_tui.sandbox.http.constraints import service_model
from tests.sandbox.cloudwatch.writing import put_values
from tests.sandbox.running import RunningSandbox


def test_a_client_that_speaks_cbor_is_answered_in_cbor(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = Loader.load_service_model

    def cbor_only(self: Loader, service: str, *arguments: Any, **options: Any) -> Any:
        model = load(self, service, *arguments, **options)
        if service == "cloudwatch" and "metadata" in model:
            model = {**model, "metadata": {**model["metadata"], "protocols": ["smithy-rpc-v2-cbor"]}}
        return model

    monkeypatch.setattr(Loader, "load_service_model", cbor_only)
    seen: list[str] = []
    client = sandbox.client("cloudwatch", user_agent_extra="cbor")
    client.meta.events.register("before-send", lambda request, **_: seen.append(request.headers["Content-Type"]))
    put_values(sandbox, "Tested", {}, [("loss", 1_795_000_000.0, 0.5)])
    found = client.get_metric_statistics(
        Namespace="Tested",
        MetricName="loss",
        StartTime=1_794_999_000,
        EndTime=1_795_001_000,
        Period=60,
        Statistics=["Average"],
    )
    assert [(p["Average"], p["Timestamp"].timestamp() // 60) for p in found["Datapoints"]] == [
        (0.5, 1_795_000_000 // 60)
    ]
    with pytest.raises(ClientError) as error:
        client.get_metric_statistics(
            **{
                "Namespace": "Tested",
                "MetricName": "loss",
                "StartTime": 2,
                "EndTime": 1,
                "Period": 60,
                "Statistics": ["Sum"],
            }
        )
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert set(map(str, seen)) <= {"application/cbor", "b'application/cbor'"}
    assert seen


@pytest.mark.parametrize(
    ("text", "value"),
    # Examples of RFC 8949, appendix A.
    [
        ("f93e00", 1.5),
        ("fa47c35000", 100000.0),
        ("c11a514b67b0", 1363896240),
        ("9f018202039f0405ffff", [1, [2, 3], [4, 5]]),
        ("bf61610161629f0203ffff", {"a": 1, "b": [2, 3]}),
        ("7f657374726561646d696e67ff", "streaming"),
    ],
)
def test_cbor_of_other_writers_is_read(text: str, value: Any) -> None:
    assert cbor.decode(bytes.fromhex(text)) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "18",
        "5a00",
        "ff",
        "9bffffffffffffffff",
        "5bffffffffffffffff",
        "81" * 9_999,
        "fc",
        "bf01ff",
        "a18001",
        "61ff",
    ],
)
def test_malformed_cbor_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="CBOR"):
        cbor.decode(bytes.fromhex(text))


@pytest.mark.parametrize("value", [0.0, -1.5, 1e300])
def test_what_is_written_is_read_again(value: float) -> None:
    shape = service_model("cloudwatch").operation_model("GetMetricStatistics").output_shape
    point = {"Timestamp": 1_795_000_000.0, "Average": value, "Unit": "Seconds"}
    document = {"Label": "ü" * 300, "Datapoints": [point] * 30}
    assert cbor.decode(cbor.encode(document, shape)) == document


def test_an_error_and_an_empty_answer_need_no_shape() -> None:
    error = {"__type": "ValidationException", "message": "no"}
    assert cbor.decode(cbor.encode(error, None)) == error
    assert cbor.decode(cbor.encode({}, None)) == {}

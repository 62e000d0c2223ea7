"""Tearing down: the endpoint first, because it costs money, and what scales it only when it goes."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest

from jsft_tui.aws.serving.endpoints import Serving
from jsft_tui.aws.serving.scaling import Scaling
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.serving.deploy.mode import Asynchronous
from jsft_tui.core.serving.endpoint import EndpointStatus
from jsft_tui.core.serving.teardown import CONFIG
from jsft_tui.core.storage.uri import S3Uri
from tests.common.servers.sagemaker_server import BUCKET, client
from tests.services.serving.deploys import Place, planned, targets

QUEUE = Asynchronous(S3Uri(BUCKET, "answers/"), 2)
IN_PROGRESS = Problem("ValidationException", "Cannot update in-progress endpoint.")
DENIED = Problem("AccessDenied", "you may not.")


def queue(place: Place) -> None:
    plan = planned(place, mode=QUEUE)
    place.deploying.send(plan)
    assert place.deploying.scale(plan) is None


def test_an_endpoint_that_cannot_be_deleted_yet_keeps_its_scaling(place: Place) -> None:
    queue(place)
    torn, sagemaker = place.endpoints.teardown("my-job"), client(place.url, "sagemaker")

    def refuse(*_: Any) -> None:
        raise IN_PROGRESS

    with (
        patch.object(Serving, "delete_endpoint", refuse),
        patch.object(EndpointStatus, "parse", lambda _: EndpointStatus.UPDATING),
        pytest.raises(Problem, match="my-job is Updating") as refused,
    ):
        place.endpoints.delete(torn)

    assert refused.value.code == "EndpointBusy"
    assert len(targets(place)) == 1
    assert sagemaker.describe_endpoint(EndpointName="my-job")["EndpointStatus"] == "InService"


def test_who_may_not_end_the_scaling_still_deletes_the_rest_and_is_told(place: Place) -> None:
    queue(place)

    def refuse(*_: Any) -> None:
        raise DENIED

    with patch.object(Scaling, "delete", refuse), pytest.raises(Problem) as refused:
        place.endpoints.delete(place.endpoints.teardown("my-job"))

    assert refused.value is DENIED
    assert place.left == ([], [], [])


def test_an_interrupted_teardown_ends_the_scaling_when_it_is_repeated(place: Place) -> None:
    queue(place)
    place.account.serving.delete_endpoint("my-job")

    torn = place.endpoints.teardown("my-job")
    place.endpoints.delete(torn)

    assert (torn.endpoint, torn.scaling) == ("", "my-job")
    assert (targets(place), place.left) == ([], ([], [], []))


def test_the_leftover_of_an_update_goes_and_the_endpoint_of_its_name_stays(place: Place) -> None:
    place.deploying.send(planned(place))
    place.deploying.send(planned(place, name="other"))
    serving = place.account.serving
    serving.delete_endpoint("my-job")
    serving.create_endpoint({"EndpointName": "my-job", "EndpointConfigName": "other"})  # as an update leaves it

    place.endpoints.delete(place.endpoints.teardown_leftover(CONFIG, "my-job"))

    assert (sorted(place.left[0]), *place.left[1:]) == (["my-job", "other"], ["other"], ["other"])

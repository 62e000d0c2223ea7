"""An asynchronous endpoint scales to zero as soon as somebody sees it in service."""

from __future__ import annotations

from dataclasses import replace
from typing import cast
from unittest.mock import patch

import pytest

from jsft_tui.aws.serving.scaling import Scaling
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.serving.deploy.mode import SCALE_TAG, Asynchronous
from jsft_tui.core.serving.endpoint import EndpointStatus
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.catalog import Catalog
from jsft_tui.services.serving.deploying import Deploying
from tests.common.servers.sagemaker_server import BUCKET
from tests.services.serving.deploys import OneModel, Place, planned, targets

QUEUE = Asynchronous(S3Uri(BUCKET, "answers/"), 3)


def test_what_a_deploy_left_without_scaling_gets_it_once(place: Place) -> None:
    place.deploying.send(planned(place, mode=QUEUE))
    place.deploying.send(planned(place, name="other"))

    assert place.deploying.scale_waiting(place.endpoints.all()) == {"my-job": None}

    (target,) = targets(place)
    assert (target["MinCapacity"], target["MaxCapacity"]) == (0, 3)
    assert all(SCALE_TAG not in each.tags for each in place.endpoints.all())
    assert place.deploying.scale_waiting(place.endpoints.all()) == {}


def test_an_endpoint_that_is_being_created_waits(place: Place) -> None:
    place.deploying.send(planned(place, mode=QUEUE))
    coming = [replace(each, status=EndpointStatus.CREATING) for each in place.endpoints.all()]

    assert place.deploying.scale_waiting(coming) == {}
    assert targets(place) == []


def test_the_scaling_that_a_deploy_makes_itself_is_not_repeated(place: Place) -> None:
    plan = planned(place, mode=QUEUE)
    place.deploying.send(plan)

    assert place.deploying.scale(plan) is None
    assert place.deploying.scale_waiting(place.endpoints.all()) == {}


@pytest.mark.parametrize(("is_retryable", "calls"), [(True, 2), (False, 1)], ids=["for now", "for good"])
def test_what_is_refused_is_told_and_for_good_only_once(place: Place, is_retryable: bool, calls: int) -> None:
    place.deploying.send(planned(place, mode=QUEUE))
    no = Problem("AccessDenied", "no.", retryable=is_retryable)
    asked = []

    def refuse(_: Scaling, name: str, mode: Asynchronous) -> None:
        asked.append((name, mode))
        raise no

    with patch.object(Scaling, "put", refuse):
        assert place.deploying.scale_waiting(place.endpoints.all()) == {"my-job": no}
        place.deploying.scale_waiting(place.endpoints.all())

    assert asked == [("my-job", QUEUE)] * calls


def test_a_read_only_session_scales_nothing(place: Place) -> None:
    place.deploying.send(planned(place, mode=QUEUE))
    deploying = Deploying(place.account, cast(Catalog, OneModel()), place.inputs, Problem("ReadOnly", "no."))

    assert deploying.scale_waiting(place.endpoints.all()) == {}
    assert targets(place) == []

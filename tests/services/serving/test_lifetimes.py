"""The lifetime of a deploy: from when it counts, and what of it an earlier attempt left."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from jsft_tui.aws.serving.endpoints import Serving
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.serving.life.schedule import schedule_name, when
from tests.services.serving.deploys import NOW, Place, planned

KEEPER = "arn:aws:iam::123456789012:role/Keeper"
HOUR = 3600


def expression(place: Place) -> str | None:
    found = place.account.schedules.find(schedule_name("my-job"))
    return None if found is None else found.when


def test_the_lifetime_counts_from_the_deploy_and_not_from_the_question(place: Place) -> None:
    plan = planned(place, lifetime_seconds=HOUR, scheduler_role=KEEPER)
    place.time = NOW + 2 * HOUR  # a question was left open

    place.deploying.send(plan)

    assert [each.expires for each in place.endpoints.all()] == [NOW + 3 * HOUR]
    assert expression(place) == when(NOW + 3 * HOUR)


@pytest.mark.parametrize("role", [KEEPER, ""], ids=["schedule", "jsft"])
def test_an_endpoint_that_was_there_gets_the_lifetime(place: Place, role: str) -> None:
    place.deploying.send(planned(place))

    deployed = place.deploying.send(planned(place, lifetime_seconds=HOUR, scheduler_role=role))

    (found,) = place.endpoints.all()
    assert deployed.created == ()
    assert (found.expires, found.schedule) == (NOW + HOUR, schedule_name("my-job") if role else "")
    assert expression(place) == (when(NOW + HOUR) if role else None)


def test_without_a_lifetime_the_one_that_is_there_stays(place: Place) -> None:
    place.deploying.send(planned(place, lifetime_seconds=HOUR, scheduler_role=KEEPER))
    place.deploying.send(planned(place))

    assert [each.expires for each in place.endpoints.all()] == [NOW + HOUR]
    assert expression(place) == when(NOW + HOUR)


def test_the_schedule_of_an_attempt_that_was_refused_deletes_no_later_endpoint(place: Place) -> None:
    def refuse(*_: object) -> str:
        raise Problem("ResourceLimitExceeded", "no quota.")

    with patch.object(Serving, "create_endpoint", refuse), pytest.raises(Problem, match="no quota"):
        place.deploying.send(planned(place, lifetime_seconds=HOUR, scheduler_role=KEEPER))
    assert expression(place) == when(NOW + HOUR)

    place.deploying.send(planned(place))

    assert expression(place) is None

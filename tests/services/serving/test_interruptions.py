"""A connection is lost in the middle of a deploy or a teardown: repeating it finishes it, and nothing is doubled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest

from jsft_tui.aws.serving.endpoints import Serving
from jsft_tui.core.common.errors import Problem
from tests.services.serving.deploys import Place, planned

pytestmark = pytest.mark.sandbox

LOST = Problem("NoConnection", "the connection was lost.", retryable=True)
CREATING = ("create_model", "create_config", "create_endpoint")
DELETING = ("delete_endpoint", "delete_config", "delete_model")


@contextmanager
def lost(operation: str, *, arrives: bool) -> Iterator[None]:
    """Lose the connection of an operation once: its answer, or its request."""
    real: Callable[..., Any] = getattr(Serving, operation)
    left = [LOST]

    def call(serving: Serving, *arguments: Any) -> Any:
        if not left:
            return real(serving, *arguments)
        if arrives:
            real(serving, *arguments)
        raise left.pop()

    with patch.object(Serving, operation, call):
        yield


@pytest.mark.parametrize("operation", CREATING)
def test_an_answer_that_is_lost_leads_to_no_second_one(place: Place, operation: str) -> None:
    with lost(operation, arrives=True):
        deployed = place.deploying.send(planned(place))

    assert deployed.created == ("model", "endpoint configuration", "endpoint")
    assert place.left == (["my-job"],) * 3


@pytest.mark.parametrize("operation", CREATING)
def test_a_deploy_whose_request_was_lost_is_finished_by_repeating_it(place: Place, operation: str) -> None:
    with lost(operation, arrives=False), pytest.raises(Problem, match="lost"):
        place.deploying.send(planned(place))
    shown = place.endpoints.leftovers()
    assert (bool(shown.models), bool(shown.configs)) == (operation != "create_model", operation == "create_endpoint")

    place.deploying.send(planned(place))

    assert place.left == (["my-job"],) * 3


@pytest.mark.parametrize("operation", DELETING)
@pytest.mark.parametrize("arrives", [True, False], ids=["answer", "request"])
def test_a_teardown_that_was_interrupted_is_finished_by_repeating_it(
    place: Place, operation: str, arrives: bool
) -> None:
    place.deploying.send(planned(place))
    with lost(operation, arrives=arrives), pytest.raises(Problem, match="lost"):
        place.endpoints.delete(place.endpoints.teardown("my-job"))

    if place.left != ([], [], []):
        place.endpoints.delete(place.endpoints.teardown("my-job"))

    assert place.left == ([], [], [])

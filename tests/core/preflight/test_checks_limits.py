"""What CreateTrainingJob takes of names, numbers and lengths."""

from __future__ import annotations

from typing import Any

import pytest

from jsft_tui.core.common.findings import Level
from jsft_tui.core.run.run import KmsKeys
from tests.core.preflight.examples import URI, assert_says, chosen, level, plan


@pytest.mark.parametrize(
    ("run", "says"),
    [
        ({"tags": {"aws:team": "x"}}, "reserved by AWS"),
        ({"tags": {"k" * 129: "x"}}, "too long"),
        ({"tags": {"k": "v" * 257}}, "too long"),
        ({"tags": {"team": "a*b"}}, "character"),
        ({"tags": {f"k{n}": "" for n in range(49)}}, "49 tags"),
        ({"environment": {"1A": "x"}}, "not a valid name"),
        ({"environment": {"A": "x" * 513}}, "513"),
        ({"environment": {f"A{n}": "" for n in range(101)}}, "101 environment"),
        ({"kms": KmsKeys(output="a key")}, "kms.output"),
        ({"kms": KmsKeys(volume="a key")}, "kms.volume"),
        ({"instance": chosen(keep_alive=2 * 86_400)}, "keep_alive"),
        ({"data": {"training": URI, "model": URI}}, "reserved by JumpStart"),
        ({"data": {"training": URI, "a b": URI}}, "not a valid channel name"),
        ({"data": {f"c{n}": URI for n in range(19)}}, "19 data channels"),
    ],
)
def test_what_the_service_would_refuse_outright_blocks(run: dict[str, Any], says: str) -> None:
    assert_says("limits", Level.BLOCK, says, planned=plan(**run))


def test_what_it_takes_passes() -> None:
    run = plan(
        tags={"team": "Bilder & mehr".replace("&", "+"), "größe": "1"},
        environment={"_A1": "x" * 512},
        kms=KmsKeys("arn:aws:kms:us-west-2:123456789012:key/1a2b", "alias/mine"),
        instance=chosen(keep_alive=3600),
    )
    assert level("limits", run) is Level.PASS


def test_a_time_limit_that_hardly_any_training_can_keep_is_warned_about() -> None:
    short = chosen(max_runtime=10)

    assert_says("limits", Level.WARN, "10s", planned=plan(instance=short))
    assert level("limits", plan(instance=short, sandbox=True)) is Level.PASS

"""Names that no job can have: said without asking AWS, whose answer would be its grammar."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.session.test_sign_in import jsft
from tests.common.servers.stub_aws import KEYS, Reply, Request, StubAws, aws_home, identity, refusal

NAMES = ("a b", "x" * 64, "x/y", "", "*", "ünï", "arn:aws:sagemaker:us-west-2:123456789012:training-job/flowers")
COMMANDS = ("job", "download", "clone", "stop", "tuning", "groups", "endpoint")


@pytest.fixture(autouse=True)
def aws(folder: Path) -> Iterator[None]:
    def answer(request: Request) -> Reply:
        if not request.headers.get("X-Amz-Target", ""):
            return identity()
        return refusal("sagemaker", "ValidationException", "1 validation error detected: Member must satisfy", 400)

    with StubAws(answer) as stub:
        config = "[default]\nregion = us-west-2\n"
        with aws_home(folder, config, f"[default]\n{KEYS}", AWS_ENDPOINT_URL=stub.url):
            yield


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (command, name)
        for command in COMMANDS
        for name in NAMES
        if command == COMMANDS[0] or name in (NAMES[0], NAMES[-1])
    ],
)
def test_a_name_that_no_job_can_have_is_not_sent(command: str, name: str) -> None:
    if command == "groups" and name.startswith("arn:"):
        return
    error = jsft(command, name, "--json").error
    assert error["message"].startswith("there is no ")
    assert "validation error" not in error["message"]
    if name.startswith("arn:") and command != "endpoint":
        assert error["remedy"] == "Write its name: flowers"

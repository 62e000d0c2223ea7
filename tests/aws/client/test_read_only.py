"""A read-only session refuses every writing request of every service before anything is sent."""

from __future__ import annotations

import re
from types import SimpleNamespace

import botocore.session
import pytest

from jsft_tui.aws.client.session import AwsSession, _refuse_write
from jsft_tui.core.account.target import StaticCredentials, Target
from jsft_tui.core.common.errors import Problem

SERVICES = ("s3", "sagemaker", "logs", "cloudwatch", "iam", "sts", "kms", "ec2", "service-quotas", "pricing")
WRITES = re.compile(
    r"(Create|Put|Delete|Update|Start|Stop|Add|Remove|Tag|Untag|Attach|Detach|Upload|Copy|Abort|Run)[A-Z]"
)


@pytest.mark.parametrize("service", SERVICES)
def test_every_writing_operation_of_a_service_is_refused(service: str) -> None:
    names = botocore.session.get_session().get_service_model(service).operation_names
    for name in filter(WRITES.match, names):
        with pytest.raises(Problem) as refused:
            _refuse_write(SimpleNamespace(name=name))
        assert refused.value.code == "ReadOnly"


def test_the_clients_of_a_read_only_target_ask_that_guard() -> None:
    keys = StaticCredentials("AKIAEXAMPLE", "secret")
    session = AwsSession(Target("us-west-2", endpoint="http://127.0.0.1:9", credentials=keys, read_only=True))
    with pytest.raises(Problem) as refused:
        session.client("s3").put_object(Bucket="team-data", Key="x", Body=b"")
    assert refused.value.code == "ReadOnly"

"""The fetcher has a line for each requirement of a check."""

from __future__ import annotations

from types import SimpleNamespace
from unittest.mock import Mock

import pytest

from jsft_tui.core.account.kms import KeyFacts
from jsft_tui.core.account.permissions import Permissions
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.preflight.checks import requirements
from jsft_tui.core.preflight.checks.account.role_access import ROLE_PERMISSIONS
from jsft_tui.core.storage.uri import Entry, Page, S3Uri
from jsft_tui.services.preflight.input_fetcher import InputFetcher
from tests.core.preflight.examples import plan


def test_every_requirement_of_a_check_can_be_fetched_and_none_is_fetched_for_nothing() -> None:
    fetcher = InputFetcher(Mock(), Mock(), Mock(), Mock())
    assert {each.name for each in fetcher.requirements} == {each.name for each in requirements()}


KEY = "arn:aws:kms:us-west-2:123456789012:key/1"


@pytest.mark.parametrize(
    ("key", "facts", "asked"),
    [
        (KEY, KeyFacts(True, KEY), True),
        (KEY, KeyFacts(True, KEY, is_managed=True), False),
        (KEY, KeyFacts(False), False),
        (KEY, Problem("AccessDenied", "no", ""), False),
        ("", KeyFacts(False), False),
    ],
    ids=["own", "of AWS", "gone", "not told", "none"],
)
def test_the_role_is_asked_for_the_key_that_the_data_is_encrypted_with(
    key: str, facts: KeyFacts | Problem, asked: bool
) -> None:
    data = S3Uri.parse("s3://my-data/flowers/a.jpg")
    s3, kms, iam = Mock(), Mock(), Mock()
    s3.flat_page.return_value = Page((Entry(data.parent, 0), Entry(data, 7)), None)
    s3.encryption_key.return_value = key
    kms.key.side_effect = [facts]
    iam.simulate.return_value = Permissions({})
    fetcher = InputFetcher(SimpleNamespace(s3=s3, kms=kms, iam=iam), Mock(), Mock(), Mock())  # type: ignore[arg-type]
    fetcher.fetch(ROLE_PERMISSIONS, plan())
    s3.encryption_key.assert_called_once_with(data)
    calls = [call.args[1:3] for call in iam.simulate.call_args_list]
    assert ((("kms:Decrypt",), (KEY,)) in calls) == asked

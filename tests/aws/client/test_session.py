"""Clients use the credentials of the latest sign-in."""

from __future__ import annotations

from pathlib import Path

import pytest

from jsft_tui.aws.account import Account
from jsft_tui.core.account.target import Target
from jsft_tui.core.common.errors import Problem
from tests.common.home import Home, environment
from tests.common.servers.cable import SignIn


def test_keys_that_come_or_change_later_are_taken_by_the_next_call(home: Home, folder: Path) -> None:
    file = folder / "credentials"
    here = {"AWS_SHARED_CREDENTIALS_FILE": str(file), "AWS_ENDPOINT_URL": home.sandbox.info["endpoint"]}
    with environment(home.environment(**here)):
        account = Account(Target(home.sandbox.info["region"]))

        def problem() -> str:
            with pytest.raises(Problem) as caught:
                account.training.page()
            return caught.value.code

        assert [problem(), problem()] == ["NoCredentials"] * 2
        SignIn(home.sandbox, file)
        assert account.training.page().jobs is not None
        file.write_text("[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wrong\n")
        assert account.training.page().jobs is not None  # valid credentials are not looked up again
        SignIn(home.sandbox, file)
        home.sandbox.set_faults({"do": "expired", "times": 1})
        assert problem() == "ExpiredToken"
        account.training.page()
        account.logs.streams("no-such-job")
        home.sandbox.set_faults({"do": "denied", "times": 1})
        assert problem() == "AccessDenied"
        client = account._session.client("sagemaker")
        account.training.page()
        assert account._session.client("sagemaker") is client  # another error needs no new client

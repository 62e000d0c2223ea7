"""An MFA code is asked for once, for all regions and all threads; what it gave is kept as the AWS CLI keeps it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from jsft_tui.aws.account import Account
from jsft_tui.core.account.sign_in import CodeRequest
from jsft_tui.core.account.target import Target
from jsft_tui.core.common.errors import Problem
from tests.common.servers.stub_aws import DEVICE, KEYS, MFA_PROFILES, MFA_REGION, StubAws, StubSts, aws_home


@pytest.fixture
def stub() -> Iterator[StubAws]:
    with StubAws(StubSts("111111", "222222")) as server:
        yield server


class Person:
    """Types codes, one for each question; None leaves the question."""

    def __init__(self, *codes: str | None) -> None:
        self.codes = list(codes)
        self.asked: list[CodeRequest] = []

    def __call__(self, request: CodeRequest) -> str | None:
        self.asked.append(request)
        return self.codes.pop(0)


def account(stub: StubAws, person: Person) -> Account:
    endpoints = tuple((name, stub.url) for name in ("iam", "pricing", "s3", "sagemaker", "sts"))
    return Account(Target(MFA_REGION, profile="mfa", endpoints=endpoints), person)


def test_one_code_serves_all_threads_and_the_next_start(tmp_path: Path, stub: StubAws) -> None:
    person = Person("111111")
    with aws_home(tmp_path, MFA_PROFILES, f"[base]\n{KEYS}", AWS_ENDPOINT_URL=stub.url) as files:
        first = account(stub, person)
        threads = [threading.Thread(target=first.iam.identity) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert person.asked == [CodeRequest(DEVICE, "mfa")]
        assert account(stub, person).iam.identity().account == "123456789012"
        assert len(person.asked) == 1
        kept = list((files / "cli" / "cache").iterdir())
        assert [json.loads(file.read_text())["Credentials"]["AccessKeyId"] for file in kept] == ["ASIA111111"]
        assert all(file.stat().st_mode & 0o077 == 0 for file in kept)


def test_other_regions_use_the_same_sign_in(tmp_path: Path, stub: StubAws) -> None:
    person = Person("111111")
    with aws_home(tmp_path, MFA_PROFILES, f"[base]\n{KEYS}", AWS_ENDPOINT_URL=stub.url) as files:
        (files / "cli").write_text("no folder")  # nothing can be kept
        there = Account(Target("eu-north-1", profile="mfa"), person)
        there.iam.identity()
        assert there.price_list.training_prices("eu-north-1") == {}
        assert [request.region for request in stub.requests if request.service == "pricing"] == ["us-east-1"]
        assert len(person.asked) == 1


def test_a_wrong_code_is_asked_for_again_and_the_question_says_so(tmp_path: Path, stub: StubAws) -> None:
    person = Person("999999", "222222")
    with aws_home(tmp_path, MFA_PROFILES, f"[base]\n{KEYS}", AWS_ENDPOINT_URL=stub.url):
        account(stub, person).iam.identity()
    assert [request.is_repeated for request in person.asked] == [False, True]


def test_three_wrong_codes_end_it(tmp_path: Path, stub: StubAws) -> None:
    person = Person("999999", "999998", "999997")
    with aws_home(tmp_path, MFA_PROFILES, f"[base]\n{KEYS}", AWS_ENDPOINT_URL=stub.url):
        mine = account(stub, person)
        for _ in range(2):
            with pytest.raises(Problem, match="none of 3 MFA codes") as caught:
                mine.iam.identity()
            assert caught.value.code == "SignInFailed"
    assert len(person.asked) == 3


def test_who_declines_once_is_not_asked_again_until_he_tries_again(tmp_path: Path, stub: StubAws) -> None:
    person = Person(None, "111111")
    with aws_home(tmp_path, MFA_PROFILES, f"[base]\n{KEYS}", AWS_ENDPOINT_URL=stub.url):
        mine = account(stub, person)
        for call in (mine.iam.identity, mine.s3.buckets, mine.training.page):
            with pytest.raises(Problem, match="no MFA code was given"):
                call()
        assert len(person.asked) == 1
        assert account(stub, person).iam.identity()


def test_credentials_that_the_service_refuses_are_kept_no_longer(tmp_path: Path, stub: StubAws) -> None:
    person, sts = Person("111111", "222222"), stub.answer
    assert isinstance(sts, StubSts)
    with aws_home(tmp_path, MFA_PROFILES, f"[base]\n{KEYS}", AWS_ENDPOINT_URL=stub.url):
        mine = account(stub, person)
        mine.iam.identity()
        sts.revoked = True
        with pytest.raises(Problem):
            mine.iam.identity()
        sts.revoked = False
        mine.iam.identity()
    assert len(person.asked) == 2


def test_without_anyone_to_ask_it_is_said_how(tmp_path: Path, stub: StubAws) -> None:
    here = aws_home(tmp_path, MFA_PROFILES, f"[base]\n{KEYS}", AWS_ENDPOINT_URL=stub.url)
    with here, pytest.raises(Problem, match="no terminal to ask on") as caught:
        Account(Target(MFA_REGION, profile="mfa")).iam.identity()
    assert "aws sts get-caller-identity --profile mfa" in caught.value.remedy


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"Credentials": {"AccessKeyId": "A", "Expiration": "2099-01-01T00:00:00"}}', '{"Credentials": 1}'],
)
def test_a_broken_file_of_the_cache_is_no_obstacle(tmp_path: Path, stub: StubAws, text: str) -> None:
    person = Person("111111", "222222")
    with aws_home(tmp_path, MFA_PROFILES, f"[base]\n{KEYS}", AWS_ENDPOINT_URL=stub.url) as files:
        account(stub, person).iam.identity()
        (file,) = (files / "cli" / "cache").iterdir()
        file.write_text(text)
        account(stub, person).iam.identity()
    assert len(person.asked) == 2


def test_what_another_endpoint_gave_is_not_used_here(tmp_path: Path, stub: StubAws) -> None:
    person = Person("111111", "222222")
    with StubAws(StubSts("222222")) as other:
        for server in (stub, other):
            with aws_home(tmp_path, MFA_PROFILES, f"[base]\n{KEYS}", AWS_ENDPOINT_URL=server.url):
                account(server, person).iam.identity()
    assert len(person.asked) == 2

"""An MFA code is asked for in a dialog, and the screen behind it stays usable."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from pathlib import Path

from jsft_tui.config import Config
from jsft_tui.paths import Paths
from jsft_tui.services.session.open import SessionFactory
from jsft_tui.services.target.resolve import TargetChoice
from jsft_tui.tui.application.app import JsftApp, Start
from jsft_tui.tui.base.dialog import Dialog
from tests.common.servers.stub_aws import KEYS, MFA_PROFILES, StubAws, StubSts, aws_home
from tests.tui.driver.pilot import Work


@asynccontextmanager
async def signing_in(folder: Path, *codes: str) -> AsyncIterator[tuple[Work, StubAws]]:
    """Open a profile with MFA, and wait for the question."""
    with StubAws(StubSts(*codes)) as stub, signed_out_home(folder, stub):
        paths = Paths.from_environment({"JSFT_HOME": str(folder / "jsft")})
        app = JsftApp(Start(SessionFactory(TargetChoice("mfa"), paths, Config())))
        async with app.run_test(size=(100, 30)) as pilot:
            work = Work(app, pilot)
            await work.wait_for(
                lambda: "The profile mfa wants a code of arn:aws:iam::123456789012:mfa/me." in work.question
            )
            await work.wait_for("enter  Take")  # it listens
            yield work, stub


def signed_out_home(folder: Path, stub: StubAws) -> AbstractContextManager[Path]:
    return aws_home(folder, MFA_PROFILES, f"[base]\n{KEYS}", AWS_ENDPOINT_URL=stub.url, AWS_REGION="us-west-2")


def roles_assumed(stub: StubAws) -> int:
    return sum(request.fields.get("Action") == "AssumeRole" for request in stub.requests)


async def test_one_code_signs_in_and_is_kept_for_the_next_region(tmp_path: Path) -> None:
    async with signing_in(tmp_path, "123456") as (work, stub):
        await work.pilot.press(*"12x", "enter")
        await work.wait_for("An MFA code has 6 digits.")
        assert roles_assumed(stub) == 0
        await work.pilot.press("backspace", *"3456", "enter")
        await work.wait_for("mfa  us-west-2  1234 5678 9012")
        assert stub.url.removeprefix("http://") in work.lines[0]
        assert roles_assumed(stub) == 1
        work.app.open_target(work.app.session_factory.elsewhere("mfa", "eu-north-1"))
        await work.wait_for("mfa  eu-north-1  1234 5678 9012")
        assert roles_assumed(stub) == 1


async def test_a_code_that_is_not_accepted_is_asked_for_again(tmp_path: Path) -> None:
    async with signing_in(tmp_path, "123456") as (work, stub):
        await work.pilot.press(*"999999", "enter")
        await work.wait_for(lambda: "The code before was not accepted" in work.question)
        await work.wait_for("enter  Take")
        await work.pilot.press(*"123456", "enter")
        await work.wait_for("mfa  us-west-2  1234 5678 9012")
        assert roles_assumed(stub) == 2


async def test_leaving_the_question_shows_how_to_try_again(tmp_path: Path) -> None:
    async with signing_in(tmp_path, "123456") as (work, stub):
        await work.pilot.press("escape")
        await work.wait_for("no MFA code was given")
        assert not isinstance(work.app.screen, Dialog)
        assert roles_assumed(stub) == 0
        await work.pilot.press("r")
        await work.wait_for(lambda: "The profile mfa wants a code" in work.question)
        await work.wait_for("enter  Take")
        await work.pilot.press(*"123456", "enter")
        await work.wait_for("mfa  us-west-2  1234 5678 9012")


async def test_the_program_can_be_left_while_it_asks(tmp_path: Path) -> None:
    async with signing_in(tmp_path, "123456") as (work, _):
        await work.pilot.press("ctrl+c", "ctrl+c")
        assert work.app.return_code == 130

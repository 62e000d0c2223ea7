"""The Job screen on a bad day: it says what is the matter, and shows the whole job in the end."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.services.background.polling import Cadence
from jsft_tui.services.target.resolve import TargetChoice
from jsft_tui.tui.screens.job.screen import JobScreen
from jsft_tui.tui.widgets.log.view import LogView
from tests.common.home import Home
from tests.common.servers.cable import Cable, SignIn
from tests.tui.driver.pilot import at_work
from tests.tui.screens.job.job_work import endless


async def test_an_outage_and_the_end_of_a_sign_in_are_said_and_pass_by_themselves(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jsft_tui.aws.client.session.MAX_ATTEMPTS", 1)
    monkeypatch.setattr("jsft_tui.services.background.polling.REMOTE", Cadence(logs=0.1, status=0.3, patience=0.4))
    name = endless(home, folder, "bad-day")
    cable, sign_in = Cable(home.sandbox), SignIn(home.sandbox, folder / "credentials")
    variables: dict[str, Any] = {**cable.environment, **sign_in.environment}
    async with at_work(home, (80, 24), choice=TargetChoice(), settled=False, **variables) as work:
        await work.wait_for(lambda: work.app.session is not None)
        work.app.open_job(name)
        await work.wait_for("epoch 1")
        screen = work.screen(JobScreen)

        cable.cut()
        await work.wait_for(" offline since ")
        says = re.compile(r"Offline since \d\d:\d\d:\d\d, last seen \d\d:\d\d:\d\d, trying again in ")
        await work.wait_for(lambda: says.match(screen.status) is not None)
        await work.wait_for(lambda: "trying again in 0.4 s" in screen.status)  # it backs off
        lines = screen.query_one(LogView).state.lines
        screen.query_one(LogView).focus()
        await work.pilot.press("k")  # nothing hangs
        await work.wait_for("f follows")
        await work.pilot.press("f")
        cable.mend()
        await work.wait_for(lambda: "offline" not in work.text.lower())
        await work.wait_for(lambda: screen.query_one(LogView).state.lines > lines)

        cable.expire(sign_in.token)
        await work.wait_for(" signed out since ")
        assert "Put new keys into the profile default, then ctrl+r." in screen.status
        await work.wait_for(lambda: "signed out" in work.lines[0])
        sign_in.again()
        await work.wait_for(lambda: "signed out" not in work.text.lower())
        await work.wait_for(lambda: "signed out" not in work.lines[0])

        # Not `jsft stop` in this process: it has an environment of its own, in which no client may be made here.
        home.sandbox.client("sagemaker").stop_training_job(TrainingJobName=name)
        await work.wait_for(lambda: screen.status == "It was stopped.")
        assert "Stopped" in work.text
        store = screen.query_one(LogView).store
        told = [store.line(number).text for number in range(len(store))]
    cable.cut()
    assert told == [line["message"] for line in home.json("logs", name)]

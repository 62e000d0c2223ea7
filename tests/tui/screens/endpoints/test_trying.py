"""Asking the model behind an endpoint: what it takes, what it answers, what it was asked before; and its log."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from textual.widgets import Input

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.serving.endpoint import Endpoint
from jsft_tui.core.serving.invoke.payloads import Invocation
from jsft_tui.services.jobs.follow import Logged
from jsft_tui.services.serving.watching import Seen
from jsft_tui.tui.screens.ask.pane import AskForm, TryPane
from jsft_tui.tui.screens.endpoints.screen import EndpointsScreen
from jsft_tui.tui.screens.jobs.screen import JobsScreen
from tests.common.effort import PATIENCE
from tests.tui.driver.pilot import Work
from tests.tui.driver.worlds import (
    BUCKET,
    COMBINED,
    HARM,
    LITE,
    LONG,
    SERVING,
    World,
    deployed,
    endpoint,
    endpoint_config,
    log,
)
from tests.tui.screens.endpoints.serving_work import at_endpoints, go_to, serving_of

pytestmark = pytest.mark.screens

MODELS = {
    "pictures": LITE,
    "sentences": f"pytorch-tc-{COMBINED}",
    "rows": "sklearn-classification-linear",
    "prompts": LONG,
}
CLASSES = {"probabilities": [0.021, 0.931, 0.048], "labels": ["daisy", "rose", "tulip"], "predicted_label": "rose"}


def _png() -> bytes:
    found = io.BytesIO()
    Image.new("RGB", (8, 8), (250, 10, 10)).save(found, "PNG")
    return found.getvalue()


WORLD: World = replace(
    SERVING,
    endpoints=[
        *(endpoint(name, "InService", 4_000) for name in MODELS),
        endpoint("starts", "Creating", 100),
        endpoint("foreign", "InService", 900_000),
    ],
    endpoint_configs=[endpoint_config(name, "ml.m5.xlarge") for name in (*MODELS, "starts", "foreign")],
    endpoint_tags={name: deployed("flowers-stopped", model) for name, model in MODELS.items()},
    models=[*MODELS, "starts", "foreign"],
    buckets={**SERVING.buckets, BUCKET: {"flowers/rose.png": _png()}},
    calls={},
)


def form(work: Work) -> AskForm:
    """The form below the list."""
    return work.screen(EndpointsScreen).query_one(AskForm)


def pane(work: Work) -> TryPane:
    """The pane around it."""
    return work.screen(EndpointsScreen).query_one(TryPane)


async def ask(work: Work, name: str, item: str, answer: Any) -> bytes:
    """Ask the model behind an endpoint; what was sent."""
    serving_of(work).answer = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    await go_to(work, name)
    await work.press("t")
    assert isinstance(work.app.focused, Input)
    await work.type(item)
    await work.press("enter")
    asked, invocation = serving_of(work).invoked[-1]
    assert asked == name
    return invocation.body


async def test_a_picture_is_sent_and_shown_and_the_classes_have_bars(tmp_path: Path) -> None:
    picture = tmp_path / "rose-17.png"
    picture.write_bytes(_png())
    async with at_endpoints(tmp_path / "home", world=WORLD) as work:
        await go_to(work, "pictures")
        assert "application/x-image" in pane(work).title
        assert "the path of a JPEG or PNG file" in work.text
        assert await ask(work, "pictures", str(picture), CLASSES) == _png()
        said = form(work).answer.text
        lines = [line for line in said.splitlines() if "%" in line]
        assert lines[0].startswith("Answer")
        assert "rose" in lines[0]
        assert "93.1 %" in lines[0]
        assert " ms" in lines[0]
        assert "4.8 %" in lines[1]
        assert lines[0].count("━") > lines[1].count("━") > 0
        assert form(work).picture.pixels is not None


async def test_a_picture_in_s3_is_sent_too(tmp_path: Path) -> None:
    async with at_endpoints(tmp_path, world=WORLD) as work:
        assert await ask(work, "pictures", f"s3://{BUCKET}/flowers/rose.png", CLASSES) == _png()
        assert form(work).picture.pixels is not None
        await go_to(work, "sentences")
        assert form(work).picture.pixels is None


async def test_at_80_columns_there_is_the_answer_without_the_picture(tmp_path: Path) -> None:
    async with at_endpoints(tmp_path, (80, 24), WORLD) as work:
        await ask(work, "pictures", f"s3://{BUCKET}/flowers/rose.png", CLASSES)
        assert "93.1 %" in work.text
        assert form(work).picture.pixels is None
        assert all(len(line) <= 80 for line in work.lines)


async def test_a_sentence_a_row_and_a_prompt_are_sent_as_their_models_take_them(tmp_path: Path) -> None:
    async with at_endpoints(tmp_path, world=WORLD) as work:
        assert await ask(work, "sentences", "A sentence.", {"probabilities": [0.2, 0.8]}) == b"A sentence."
        assert "80.0 %" in work.text
        await work.press("escape")
        assert await ask(work, "rows", "1.5,2,3", {"predictions": [3.25]}) == b"1.5,2,3"
        assert "3.25" in work.text
        await work.press("escape")
        await go_to(work, "prompts")
        await work.press("t", "tab")
        await work.type("temperature=0.2")
        await work.press("shift+tab")
        await work.press("escape")
        body = json.loads(await ask(work, "prompts", "Say it.", [{"generated_text": "It\nis said."}]))
        assert body["inputs"] == "Say it."
        assert body["parameters"]["temperature"] == 0.2
        assert "is said." in work.text


async def test_what_was_asked_before_is_kept_for_each_endpoint(tmp_path: Path) -> None:
    async with at_endpoints(tmp_path, world=WORLD) as work:
        await ask(work, "sentences", "One.", {"probabilities": [0.1, 0.9]})
        await work.press("ctrl+u")
        serving_of(work).answer = json.dumps({"probabilities": [0.7, 0.3]}).encode()
        await work.type("Two.")
        await work.press("enter")
        assert "Before" in form(work).answer.text
        assert "One. → 1 90.0 %" in form(work).answer.text
        await work.press("escape")
        await go_to(work, "rows")
        assert "Nothing was asked yet." in form(work).answer.text
        await go_to(work, "sentences")
        assert "70.0 %" in form(work).answer.text
        assert form(work).item.value == "Two."


async def test_the_answer_is_read_as_it_came(tmp_path: Path) -> None:
    async with at_endpoints(tmp_path, world=WORLD) as work:
        await ask(work, "sentences", "One.", b'{"odd": 1}')
        assert '{"odd": 1}' in form(work).answer.text
        await work.press("escape", "v")
        assert "Answer as it came" in pane(work).title
        assert '{"odd": 1}' in pane(work).raw.text
        await work.press("left_square_bracket")
        assert "Try it" in pane(work).title


async def test_what_goes_wrong_is_said_where_the_answer_would_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_endpoints(tmp_path, world=WORLD) as work:

        def fail(*_: object) -> bytes:
            raise Problem("ModelError", "the container answered 500.", "Look at its log.")

        monkeypatch.setattr(serving_of(work), "invoke", fail)
        await go_to(work, "sentences")
        await work.press("t")
        await work.type("One.")
        await work.press("enter")
        assert "the container answered 500. Look at its log." in form(work).answer.text
        monkeypatch.undo()
        serving_of(work).answer = b'{"probabilities": [1.0]}'
        await work.press("enter")
        assert "100.0 %" in form(work).answer.text


async def test_a_slow_answer_comes_though_another_endpoint_is_asked_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_endpoints(tmp_path, world=WORLD) as work:
        answers = threading.Event()

        def invoke(name: str, invocation: Invocation) -> bytes:
            if name == "sentences":
                answers.wait(PATIENCE)
            return b'{"probabilities": [0.3, 0.7]}' if name == "sentences" else b'{"predictions": [3.25]}'

        monkeypatch.setattr(serving_of(work), "invoke", invoke)
        table = work.screen(EndpointsScreen)._table
        await go_to(work, "rows")
        await go_to(work, "pictures")
        await go_to(work, "sentences")
        await work.press("t")
        await work.type("One.")
        try:
            await work.pilot.press("enter")
            await work.wait_for("Asking …")
            await work.pilot.press("escape")
            assert table.move_to_key("rows")
            await work.wait_for("Nothing was asked yet.")
            await work.pilot.press("t")
            form(work).item.value = "1,2"
            await work.pilot.press("enter")
            await work.wait_for("3.25")
            await work.pilot.press("escape")
            assert table.move_to_key("pictures")
            await work.wait_for("Nothing was asked yet.")
        finally:
            answers.set()
        await work.settle()
        assert not work.screen(EndpointsScreen).status  # "One." is no picture, and was not for this one
        await go_to(work, "sentences")
        assert "70.0 %" in form(work).answer.text


async def test_what_is_typed_is_kept_while_there_is_nothing_to_ask(tmp_path: Path) -> None:
    async with at_endpoints(tmp_path, world=replace(WORLD, models=[*WORLD.models, "left"])) as work:
        await go_to(work, "sentences")
        await work.press("t")
        await work.type("A sentence.")
        await work.press("escape")
        await go_to(work, "model left")
        await go_to(work, "sentences")
        assert form(work).item.value == "A sentence."


async def test_one_that_starts_or_is_not_known_says_so(tmp_path: Path) -> None:
    async with at_endpoints(tmp_path, world=WORLD) as work:
        await go_to(work, "starts")
        assert "starts is starting" in form(work).answer.text
        await go_to(work, "foreign")
        assert "names no JumpStart model" in form(work).answer.text
        await work.press("t")
        await work.type("x")
        await work.press("enter")
        assert not serving_of(work).invoked
        assert "This cannot be asked now." in work.text


async def test_what_a_hostile_model_answers_is_shown_as_it_stands(tmp_path: Path) -> None:
    async with at_endpoints(tmp_path, world=WORLD) as work:
        for harm in HARM:
            answer = {"probabilities": [0.5, 0.5], "labels": [harm, "b"]}
            await ask(work, "sentences", "One.", answer)
            await work.press("escape", "v", "left_square_bracket")
            assert "\x1b" not in work.text
            assert "50.0 %" in work.text
        assert work.app.is_running


async def test_the_key_on_a_finished_job_leads_to_its_endpoint(tmp_path: Path) -> None:
    async with at_endpoints(tmp_path, world=WORLD) as work:
        await work.press("6")
        table = work.screen(JobsScreen)._table
        assert table.move_to_key("flowers-stopped")
        await work.press("t")
        assert work.screen(EndpointsScreen)
        assert isinstance(work.app.focused, Input)


class HeldLog:
    """A log that goes on until it is stopped."""

    def __init__(self) -> None:
        self.stopped = threading.Event()

    def events(self) -> Iterator[Seen[Endpoint] | Logged]:
        yield Logged(tuple(log("Loaded the model.", "POST /invocations 200")))
        self.stopped.wait()

    def stop(self) -> None:
        self.stopped.set()


async def test_the_log_is_followed_while_it_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_endpoints(tmp_path, world=WORLD) as work:
        logs: dict[str, HeldLog] = {}

        def watch(name: str) -> HeldLog:
            logs[name] = HeldLog()
            return logs[name]

        monkeypatch.setattr(work.session.services.endpoint_facts, "watch", watch)
        await go_to(work, "sentences")
        await work.pilot.press("v", "v")
        await work.wait_for("POST /invocations 200")
        assert "Log" in pane(work).title
        assert "2 lines" in pane(work).title
        work.screen(EndpointsScreen)._table.move_to_key("rows")
        await work.wait_for(lambda: "rows" in logs and logs["sentences"].stopped.is_set())
        await work.pilot.press("6")
        await work.wait_for(lambda: logs["rows"].stopped.is_set())


async def test_in_few_rows_the_pane_has_the_whole_screen(tmp_path: Path) -> None:
    async with at_endpoints(tmp_path, (60, 15), WORLD) as work:
        assert "Try it" not in work.text
        await ask(work, "sentences", "One.", {"probabilities": [0.1, 0.9]})
        assert "90.0 %" in work.text
        await work.press("escape")
        assert "sentences" in work.text
        assert "Nothing was asked" not in work.text

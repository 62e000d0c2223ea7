"""Screen 3: the types, what each means for batch and cost, and the rest of the instance choice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

from jsft_tui.core.hyperparameters.values import with_hyperparameter
from jsft_tui.core.run.run import InstanceChoice, ModelChoice
from jsft_tui.services.session.session import SIGN_IN
from jsft_tui.tui.base import screen as work_screen
from jsft_tui.tui.screens.instance.screen import InstanceScreen
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from jsft_tui.tui.widgets.text.text_pane import TextPane
from tests.home import IMAGE_MODEL, Home
from tests.tui.pilot import Work, at_work
from tests.tui.still import still_app
from tests.tui.worlds import LITE, ORDINARY, spec

FOUR, EIGHT = "ml.g4dn.12xlarge", "ml.g5.48xlarge"
LLM = "meta-textgeneration-llama-2-7b"


def spot(work: Work) -> tuple[bool, int, int | None]:
    """Whether the draft is a spot run, its longest run and its longest wait in hours."""
    choice = work.run.instance
    return choice.spot, choice.max_runtime // 3600, choice.max_wait and choice.max_wait // 3600


async def open_screen(work: Work, model: str = IMAGE_MODEL, type_: str = FOUR, batch: str = "auto") -> InstanceScreen:
    """The screen with a draft of a model on a type."""
    name = "per_device_train_batch_size" if model == LLM else "batch_size"
    run = replace(work.run, model=ModelChoice(model), instance=InstanceChoice(type_), hyperparameters={name: batch})
    work.session.drafts.put(run)
    await work.press("3")
    await work.wait_for(FOUR if model == IMAGE_MODEL else "in the spec")
    return work.screen(InstanceScreen)


def table(work: Work) -> VirtualTable:
    return work.screen(InstanceScreen).query_one("#instances", VirtualTable)


def details(work: Work) -> str:
    return work.screen(InstanceScreen).query_one("#details TextPane", TextPane).text


async def put_cursor(work: Work, type_: str) -> None:
    assert table(work).move_to_key(type_)
    await work.settle()


async def fill_in(work: Work, text: str) -> None:
    """Put a text into the dialog's line, and take it."""
    await work.pilot.press("ctrl+u", *text)
    await work.press("enter")


async def test_the_line_below_follows_the_cursor_without_any_call(home: Home) -> None:
    async with at_work(home) as work:
        await open_screen(work)
        assert table(work).cursor_key == FOUR
        assert "32 per GPU x 4 GPUs = 128 (spec max 1024)" in work.text
        assert "at most $29.34 for 6 h · price of 2026-09-01" in work.text
        home.sandbox.forget_calls()
        await put_cursor(work, EIGHT)
        assert "32 per GPU x 8 GPUs = 256" in work.text
        await put_cursor(work, "ml.p3.8xlarge")
        assert "0/0 ✖" in next(line for line in work.lines if "ml.p3.8xlarge " in line)
        await work.wait_for(lambda: "no quota, legacy, rarely offered, no bf16" in details(work))
        assert home.sandbox.calls() == []


async def test_batch_and_cost_follow_the_cursor_at_once_and_the_rest_when_it_rests(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_work(home) as work:
        await open_screen(work)
        hardware = details(work).splitlines()[2:]
        monkeypatch.setattr(work_screen, "REST", 60.0)
        await put_cursor(work, EIGHT)
        meaning = details(work).splitlines()[:2]
        assert meaning[0].endswith("32 per GPU x 8 GPUs = 256 (spec max 1024)")
        assert meaning[1].startswith("at most $122.16 for 6 h")
        assert details(work).splitlines()[2:] == hardware
        monkeypatch.setattr(work_screen, "REST", 0.001)
        await put_cursor(work, "ml.p3.8xlarge")
        await work.wait_for(lambda: "V100" in details(work))


async def test_choosing_makes_the_batch_anew_and_says_so(home: Home) -> None:
    async with at_work(home) as work:
        screen = await open_screen(work)
        seen = []
        for type_ in (EIGHT, FOUR, EIGHT, FOUR, EIGHT):
            await put_cursor(work, type_)
            await work.press("enter")
            seen.append(screen.status.partition("batch ")[2])
        assert seen == ["128 -> 256", "256 -> 128", "128 -> 256", "256 -> 128", "128 -> 256"]
        assert (work.run.instance.type, work.run.hyperparameters["batch_size"]) == (EIGHT, "auto")
        assert "chosen" in next(line for line in work.lines if line.startswith(f"▌{EIGHT}"))

        work.session.drafts.put(with_hyperparameter(work.run, "batch_size", "100"))
        await put_cursor(work, FOUR)
        assert "100, as typed" in details(work)
        await work.press("enter")
        assert "batch stays 100, as you typed it" in screen.status
        assert work.run.hyperparameters["batch_size"] == "100"

        await put_cursor(work, "ml.p3.2xlarge")
        await work.press("enter")
        assert screen.status.endswith("no quota")


async def test_a_batch_per_device_is_shown_and_never_multiplied(home: Home) -> None:
    async with at_work(home) as work:
        await open_screen(work, LLM, "ml.g5.12xlarge")
        await work.press("enter")
        per_device = work.screen(InstanceScreen).status
        assert "per device, effective" in per_device
        before = details(work)
        await put_cursor(work, EIGHT)
        assert before != details(work)
        assert "per device" in details(work)
        assert work.run.hyperparameters["per_device_train_batch_size"] == "auto"


async def test_types_are_narrowed_ordered_and_searched(home: Home) -> None:
    async with at_work(home) as work:
        await open_screen(work)
        every = len(table(work).source)
        await work.press("f")
        assert "[0]" in work.text
        await work.press("f", "f")
        assert "[4]" in work.text
        keys = [table(work).source.key(index) for index in range(len(table(work).source))]
        assert set(keys) == {FOUR, "ml.g5.12xlarge", "ml.p3.8xlarge"}
        await work.press("f", "f")
        assert "[any]" in work.text

        first = []
        for words in ("by GPUs ▲", "by GPU memory ▼", "by name ▲", "by price ▲"):
            await work.press("s")
            assert words in work.text
            first.append(table(work).source.key(0))
        assert first == ["ml.m5.xlarge", "ml.g5.xlarge", "ml.c5.2xlarge", "ml.m5.xlarge"]

        await work.press("a")
        assert len(table(work).source) > 200
        await put_cursor(work, "ml.g6.xlarge")
        await work.wait_for(lambda: "not in the model's spec" in details(work))
        await work.press("enter")
        assert "not in the model's spec" in work.screen(InstanceScreen).status
        await work.press("a")
        assert len(table(work).source) == every

        await work.press("slash")
        await work.pilot.press(*"a10g", "space", *"48")
        await work.wait_for(f"1 of {every}")
        await work.press("escape", "slash")
        await work.pilot.press(*"zzz")
        await work.wait_for("No type fits")


async def test_count_spot_and_times(home: Home) -> None:
    async with at_work(home, (80, 24)) as work:
        screen = await open_screen(work)
        await work.press("c")
        await fill_in(work, "0")
        assert "whole number" in work.text
        await fill_in(work, "2")
        assert work.run.instance.count == 2
        assert "0/1 !" in work.text
        await work.press("w")
        assert "Only spot" in screen.status
        await work.press("S")
        assert spot(work) == (True, 6, 6)
        assert "max wait 6h" in work.text
        await work.press("m")
        await fill_in(work, "8h")
        assert spot(work) == (True, 8, 8)
        await work.press("w")
        await fill_in(work, "1h")
        assert "shorter" in work.text
        await fill_in(work, "9h")
        assert spot(work) == (True, 8, 9)
        await work.press("S")
        assert spot(work) == (False, 8, None)


async def test_the_disk_is_chosen_where_the_type_has_none_of_its_own(home: Home) -> None:
    async with at_work(home, (80, 24)) as work:
        screen = await open_screen(work)
        await work.press("d")
        assert "fixed" in screen.status
        await put_cursor(work, "ml.m5.xlarge")
        await work.press("enter", "d")
        await fill_in(work, "200")
        assert "disk 200 GB" in work.text
        chosen = work.run.volume_gb
        await work.press("d", "ctrl+u", "enter")
        assert (chosen, work.run.volume_gb) == (200, None)
        await work.press("c", "escape")
        assert work.run.instance.count == 1


async def test_without_a_model_all_types_are_shown(home: Home) -> None:
    async with at_work(home) as work:
        await work.press("3")
        assert "225 types, no model" in work.text
        assert "No model is chosen" in details(work)
        await put_cursor(work, EIGHT)
        await work.press("enter", "a")
        assert work.run.instance.type == EIGHT


@pytest.mark.parametrize("size", [(80, 24), (100, 30)])
async def test_denied_prices_and_quotas_are_said_and_nothing_becomes_zero(home: Home, size: tuple[int, int]) -> None:
    for cached in home.paths.cache.rglob("prices.json"):
        cached.unlink()
    home.sandbox.set_faults(
        {"do": "denied", "service": "pricing"},
        {"do": "denied", "service": "service-quotas"},
        {"do": "denied", "service": "sagemaker", "operation": "ListTrainingJobs"},
    )
    async with at_work(home, size) as work:
        screen = await open_screen(work)
        shown = next(line for line in work.lines if FOUR in line and "4.89" in line)
        assert "?" in shown
        assert "price of 2026-09-01 (bundled table)" in details(work)
        for said in ("quotas unknown", "instances in use unknown", "price list not read"):
            assert said in details(work)
        await put_cursor(work, "ml.p3.8xlarge")
        assert "cost unknown" in details(work)
        assert all(" 0.00" not in line for line in work.lines)

        home.sandbox.set_faults()
        await work.press("r")
        assert "those of now" in screen.status
        assert "0/0 ✖" in work.text
        assert "unknown" not in details(work)

        home.sandbox.set_faults({"do": "expired"})
        await work.press("r")
        assert SIGN_IN in work.session.problems
        assert "aws sso login" in str(work.app.told(work.session.problems["quotas"]))


async def test_a_slow_answer_holds_nothing_up_and_a_missing_spec_is_said(home: Home) -> None:
    async with at_work(home) as work:
        hold = {"do": "hold", "service": "sagemaker", "operation": "ListTrainingJobs", "seconds": 3600}
        home.sandbox.set_faults(hold)
        work.session.drafts.put(replace(work.run, model=ModelChoice(IMAGE_MODEL), instance=InstanceChoice(FOUR)))
        await work.pilot.press("3")
        await work.settle("instance held")
        await work.pilot.press("down")
        await work.settle("instance held")
        assert "?/" in work.text
        home.sandbox.set_faults()
        await work.settle()
        assert "0/1" in work.text

        work.session.drafts.put(replace(work.run, model=ModelChoice("no-such-model")))
        await work.wait_for("cannot be read")
        assert len(table(work).source) == 0


async def test_an_expired_sign_in_leaves_the_types_and_r_asks_again(home: Home) -> None:
    async with at_work(home) as work:
        screen = await open_screen(work)
        home.sandbox.set_faults({"do": "expired", "times": None})
        await work.press("r")
        assert "NOT SIGNED IN" in work.lines[0]
        assert "aws sso login" in screen.status
        assert "32 per GPU x 4 GPUs = 128" in details(work)
        assert "quotas unknown" in details(work)
        await put_cursor(work, EIGHT)
        await work.press("enter")
        assert work.run.instance.type == EIGHT
        home.sandbox.set_faults()
        await work.press("ctrl+r")
        await work.wait_for(lambda: "NOT SIGNED IN" not in work.lines[0])
        await work.wait_for(lambda: "unknown" not in details(work))


async def test_right_to_left_and_wide_names_keep_the_columns(tmp_path: Path) -> None:
    names = ("ml.מכונה.xlarge", "ml.模型.2xlarge")
    types = ["ml.g5.2xlarge", *names]
    world = replace(ORDINARY, specs=[spec(LITE, supported_training_instance_types=types)])
    app = still_app(world, tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        work = Work(app, pilot)
        await work.wait_for(lambda: app.session is not None)
        await work.press("3")
        await work.wait_for(names[1])
        rows = [row for row in work.lines if row.lstrip(" ▌").startswith("ml.")]
        assert [row.lstrip(" ▌").split()[0] for row in rows] == types
        assert {cell_len(row.partition("│")[0]) for row in work.lines[2:-2]} == {cell_len(rows[0].partition("│")[0])}
        for name in names:
            await put_cursor(work, name)
            await work.wait_for(f"─ {name} ─")
            assert "not known to this version" in details(work)
        await work.press("enter")
        assert work.run.instance.type == names[1]

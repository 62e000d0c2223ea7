"""Screen 3: the types, what each means for batch and cost, and the rest of the instance choice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jsft_tui.core.account.sign_in import SIGN_IN
from jsft_tui.core.hyperparameters.values import with_hyperparameter
from jsft_tui.core.run.run import InstanceChoice, ModelChoice
from jsft_tui.tui.screens.hyperparameters.screen import HyperparametersScreen
from jsft_tui.tui.screens.instance.rows import OfferRows
from jsft_tui.tui.screens.instance.screen import InstanceScreen
from jsft_tui.tui.terminal.drawing.frame_buffer import cells_of
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from tests.common.home import IMAGE_MODEL, Home
from tests.tui.driver.pilot import Work, at_work
from tests.tui.driver.still import still_app
from tests.tui.driver.worlds import LITE, ORDINARY, spec

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
    await work.wait_for(lambda: len(table(work).source) > 0 and "Quota " in details(work))
    return work.screen(InstanceScreen)


def table(work: Work) -> VirtualTable:
    return work.screen(InstanceScreen).query_one(VirtualTable)


def groups(work: Work) -> list[str]:
    rows = table(work).source
    assert isinstance(rows, OfferRows)
    return [group.title for group in rows.groups]


def details(work: Work) -> str:
    return work.screen(InstanceScreen).panes.view.text


def row(work: Work, type_: str) -> list[str]:
    """The words of a type's row in a terminal of 120 columns, or of 100."""
    width = table(work).size.width + 1
    found = next(line[1:width] for line in work.lines[4:] if f" {type_} " in line[:width])
    return found.replace("▌", " ").split()


async def put_cursor(work: Work, type_: str) -> None:
    """Move to a type, and wait until it is told what it means."""
    assert table(work).move_to_key(type_)
    await work.wait_for(lambda: work.screen(InstanceScreen).panes.detail_pane.title.startswith(type_))


async def fill_in(work: Work, text: str) -> None:
    """Put a text into the dialog's line, and take it."""
    await work.pilot.press("ctrl+u", *text)
    await work.press("enter")


async def test_the_detail_follows_the_cursor_without_any_call(home: Home) -> None:
    async with at_work(home, (120, 36)) as work:
        await open_screen(work)
        assert table(work).cursor_key == FOUR
        assert groups(work) == ["Ready to use", "No quota"]
        assert "32 per GPU × 4 GPUs = 128" in details(work)
        assert "$4.89/h, at most $29.34" in details(work)
        await work.wait_for(lambda: "in 3 zones of us-west-2" in details(work))
        home.sandbox.forget_calls()
        await put_cursor(work, EIGHT)
        assert "32 per GPU × 8 GPUs = 256" in details(work)
        assert "at most $122.16" in details(work)
        await put_cursor(work, "ml.p3.8xlarge")
        assert "none: ask AWS for more" in details(work)
        assert "an old type: often not available" in details(work)
        assert home.sandbox.calls() == []


async def test_signs_and_costs_of_this_run_stand_in_the_rows(home: Home) -> None:
    async with at_work(home, (120, 36), demo=True) as work:
        await work.press("3")
        await work.wait_for("How it runs")
        assert row(work, FOUR) == ["●", FOUR, *"4 × T4 16 GB 192 4.89 2.44 0/1 128".split()]  # noqa: SIM905
        assert "★ ml.g4dn.xlarge " in work.text
        assert "★ cheapest with a GPU: $0.37 at most, one T4, batch 32" in details(work)
        assert row(work, "ml.p3.8xlarge")[-2:] == ["0", "128"]


async def test_choosing_makes_the_batch_anew_and_says_so(home: Home) -> None:
    async with at_work(home) as work:
        screen = await open_screen(work)
        seen = []
        for type_ in (EIGHT, FOUR, EIGHT):
            await put_cursor(work, type_)
            await work.press("space")
            seen.append(screen.status.partition("batch ")[2])
        assert seen == ["128 -> 256", "256 -> 128", "128 -> 256"]
        assert (work.run.instance.type, work.run.hyperparameters["batch_size"]) == (EIGHT, "auto")

        work.session.drafts.put(with_hyperparameter(work.run, "batch_size", "100"))
        await put_cursor(work, FOUR)
        assert "100, as typed" in details(work)
        await work.press("space")
        assert "batch stays 100, as you typed it" in screen.status
        assert work.run.hyperparameters["batch_size"] == "100"

        await put_cursor(work, "ml.p3.2xlarge")
        await work.press("space")
        assert screen.status.endswith("no quota")


async def test_enter_chooses_and_goes_on_to_the_next_step(home: Home) -> None:
    async with at_work(home) as work:
        await open_screen(work)
        await put_cursor(work, EIGHT)
        await work.press("enter")
        assert work.run.instance.type == EIGHT
        assert work.screen(HyperparametersScreen).status.startswith(f"Instance type: {EIGHT}")


async def test_a_batch_per_device_is_shown_and_never_multiplied(home: Home) -> None:
    async with at_work(home) as work:
        await open_screen(work, LLM, "ml.g5.12xlarge")
        await work.press("space")
        assert "per device, effective" in work.screen(InstanceScreen).status
        before = details(work)
        await put_cursor(work, EIGHT)
        assert before != details(work)
        assert "per device" in details(work)
        assert work.run.hyperparameters["per_device_train_batch_size"] == "auto"


async def test_types_are_narrowed_by_one_menu_ordered_and_searched(home: Home) -> None:
    async with at_work(home, (120, 36)) as work:
        screen = await open_screen(work)
        title = screen.panes.list_pane
        every = len(table(work).source)
        for typed in ("4 gpus", "only types with quota"):
            await work.press("f")
            await work.type(typed)
            await work.press("enter")
        assert "GPUs 4, with quota  by price ▲" in title.title
        keys = [table(work).source.key(index) for index in range(len(table(work).source))]
        assert keys == [FOUR, "ml.g5.12xlarge"]
        await work.press("f", "enter")  # the first takes all away
        assert "GPUs any" in title.title

        first = []
        for words in ("by GPUs ▲", "by GPU memory ▼", "by name ▲", "by price ▲"):
            await work.press("s")
            assert words in title.title
            first.append(table(work).source.key(0))
        assert first == ["ml.m5.xlarge", "ml.g5.xlarge", "ml.c5.2xlarge", "ml.m5.xlarge"]

        assert "a all 225 types" in work.text
        await work.press("a")
        assert groups(work)[-1] == "Not named by the model"
        await put_cursor(work, "ml.g6.xlarge")
        assert "the model does not name this type" in details(work)
        await work.press("space")
        assert "not in the model's spec" in screen.status
        await work.press("a")
        assert len(table(work).source) == every

        await work.press("slash")
        await work.pilot.press(*"a10g", "space", *"48")
        await work.wait_for("1 of 1")
        await work.press("escape")
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
        assert groups(work)[0] == "Ready to use"
        assert "used up" in details(work) or "2 needed" in details(work)
        await work.press("p")
        assert spot(work) == (True, 6, 6)
        assert "p spot on" in details(work)
        await work.press("m")
        await fill_in(work, "8h")
        await fill_in(work, "1h")
        assert "shorter" in work.text
        await fill_in(work, "9h")
        assert spot(work) == (True, 8, 9)
        await work.press("S")  # the key of an earlier version
        assert spot(work) == (False, 8, None)
        await work.press("m")
        await fill_in(work, "7h")
        assert spot(work) == (False, 7, None)
        assert work.app.screen is screen


def kept_warm(work: Work) -> int | None:
    return work.run.instance.keep_alive


async def test_instances_are_kept_warm_but_not_with_spot(home: Home) -> None:
    async with at_work(home, (120, 36)) as work:
        screen = await open_screen(work)
        await work.press("w")
        await fill_in(work, "7h")
        assert "maximum" in work.text
        await fill_in(work, "30m")
        assert kept_warm(work) == 1800
        assert "keep warm     30 min" in details(work)
        await work.press("p")
        assert kept_warm(work) is None
        await work.press("w")
        assert "cannot be kept warm" in screen.status


async def test_a_cursor_goes_over_how_it_runs_and_enter_edits(home: Home) -> None:
    async with at_work(home, (120, 36)) as work:
        await open_screen(work)
        await work.press("tab")
        await work.wait_for("enter edit")
        await work.press("enter")
        await fill_in(work, "3")
        assert work.run.instance.count == 3
        await work.press("down", "down", "enter")
        assert work.run.instance.spot is True
        await work.press("tab")
        await work.wait_for("enter choose")
        assert work.app.focused is table(work)


async def test_the_disk_is_chosen_where_the_type_has_none_of_its_own(home: Home) -> None:
    async with at_work(home, (80, 24)) as work:
        screen = await open_screen(work)
        await work.press("d")
        assert "fixed" in screen.status
        await put_cursor(work, "ml.m5.xlarge")
        await work.press("space", "d")
        await fill_in(work, "200")
        assert "d disk 200 GB" in details(work)
        chosen = work.run.volume_gb
        await work.press("d", "ctrl+u", "enter")
        assert (chosen, work.run.volume_gb) == (200, None)
        await work.press("c", "escape")
        assert work.run.instance.count == 1


async def test_without_a_model_all_types_are_shown(home: Home) -> None:
    async with at_work(home, (120, 36)) as work:
        await work.press("3")
        await work.wait_for("of 225")
        await work.wait_for(lambda: "no model is chosen" in details(work))
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
        assert "?" in next(line for line in work.lines if FOUR in line and "29.34" in line)
        assert groups(work) == ["Quota not known"]
        assert "price of 1 Sep 2026 (bundled table)" in details(work)
        for said in ("quotas unknown", "instances in use unknown", "price list not read"):
            assert said in details(work)
        await put_cursor(work, "ml.p3.8xlarge")
        assert "unknown: no price is known" in details(work)
        assert all(" 0.00" not in line for line in work.lines)

        home.sandbox.set_faults()
        await work.press("r")
        assert "refreshed" in screen.status
        assert "No quota" in groups(work)
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
        assert "?/1" in row(work, FOUR)
        home.sandbox.set_faults()
        await work.settle()
        assert "0/1" in row(work, FOUR)

        work.session.drafts.put(replace(work.run, model=ModelChoice("no-such-model")))
        await work.wait_for("cannot be read")
        assert len(table(work).source) == 0


async def test_an_expired_sign_in_leaves_the_types_and_r_asks_again(home: Home) -> None:
    async with at_work(home) as work:
        screen = await open_screen(work)
        home.sandbox.set_faults({"do": "expired", "times": None})
        await work.press("r")
        assert "signed out" in work.lines[0]
        assert "aws sso login" in screen.status
        assert "32 per GPU × 4 GPUs = 128" in details(work)
        assert "quotas unknown" in details(work)
        await put_cursor(work, EIGHT)
        await work.press("space")
        assert work.run.instance.type == EIGHT
        home.sandbox.set_faults()
        await work.press("ctrl+r")
        await work.wait_for(lambda: "signed out" not in work.lines[0])
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
        assert [row(work, name)[:1] for name in types] == [["ml.g5.2xlarge"], [names[0]], [names[1]]]
        # The borders of both panes are below each other.
        edges = [(0, "┃│"), (61, "┃│"), (62, "┃│"), (99, "┃│")]
        cells = [cells_of(shown) for shown in work.lines[4:-2]]
        assert all(shown[column] in wanted for shown in cells for column, wanted in edges)
        for name in names:
            await put_cursor(work, name)
            assert "not known to this version" in details(work)
        await work.press("space")
        assert work.run.instance.type == names[1]

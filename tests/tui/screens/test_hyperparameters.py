"""Screen 4: the form, its editors, its errors, and the batch size that is followed or held."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from rich.cells import cell_len

from jsft_tui.core.run.run import InstanceChoice, ModelChoice
from jsft_tui.tui.dialogs.prompt import PromptDialog
from jsft_tui.tui.screens.hyperparameters.screen import HyperparametersScreen
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from jsft_tui.tui.widgets.text.text_pane import TextPane
from tests.home import IMAGE_MODEL, Home
from tests.tui.pilot import Work, at_work
from tests.tui.still import still_app
from tests.tui.worlds import LITE, ORDINARY, hyperparameter, spec

FOUR, EIGHT = "ml.g4dn.12xlarge", "ml.g5.48xlarge"
LLM = "meta-textgeneration-llama-2-7b"


async def open_screen(work: Work, model: str = IMAGE_MODEL, **values: str) -> HyperparametersScreen:
    """The screen with a draft of a model on four GPUs."""
    run = replace(work.run, model=ModelChoice(model), instance=InstanceChoice(FOUR), hyperparameters=values)
    work.session.drafts.put(run)
    await work.press("4")
    await work.wait_for(" changed · ")
    return work.screen(HyperparametersScreen)


def table(work: Work) -> VirtualTable:
    return work.screen(HyperparametersScreen).query_one("#fields", VirtualTable)


def field(work: Work) -> str:
    return work.screen(HyperparametersScreen).query_one("#field TextPane", TextPane).text


async def put_cursor(work: Work, name: str) -> None:
    assert table(work).move_to_key(name)
    await work.settle()


async def fill_in(work: Work, text: str) -> None:
    """Put a text into the dialog's line, and take it."""
    await work.pilot.press("ctrl+u", *text)
    await work.press("enter")


async def test_each_type_is_edited_in_its_own_way(home: Home) -> None:
    async with at_work(home, (80, 24)) as work:
        screen = await open_screen(work, batch_size="auto")
        assert "27 values · 0 changed · 0 errors" in work.text
        await put_cursor(work, "epochs")
        assert "whole dataset" in field(work)
        assert "int, 1 to 1000" in field(work)
        await work.press("enter")
        await fill_in(work, "5000")
        assert isinstance(work.app.screen, PromptDialog)
        assert "allowed: 1 to 1000" in work.text
        await fill_in(work, "12")
        assert work.run.hyperparameters["epochs"] == "12"
        assert screen.status == "epochs is 12 now."
        assert "●" in next(line for line in work.lines if " epochs " in line and "12" in line)

        await put_cursor(work, "augmentation")
        await work.press("enter")
        assert work.run.hyperparameters["augmentation"] == "True"
        await put_cursor(work, "optimizer")
        await work.press("enter")
        await work.pilot.press(*"adagr")
        await work.press("enter")
        assert work.run.hyperparameters["optimizer"] == "adagrad"
        await put_cursor(work, "epochs")
        await work.press("enter", "escape")
        assert work.run.hyperparameters["epochs"] == "12"
        assert "3 changed" in work.text


async def test_the_batch_follows_the_instance_until_it_is_typed(home: Home) -> None:
    async with at_work(home) as work:
        screen = await open_screen(work, batch_size="auto")
        await put_cursor(work, "batch_size")
        assert "128 auto" in work.text
        assert "follows the instance" in field(work)
        for type_, value in ((EIGHT, "256 auto"), (FOUR, "128 auto"), (EIGHT, "256 auto")):
            work.session.drafts.put(replace(work.run, instance=InstanceChoice(type_)))
            await work.settle()
            assert value in work.text
        await work.press("enter")
        await fill_in(work, "100")
        assert "held by you" in field(work)
        work.session.drafts.put(replace(work.run, instance=InstanceChoice(FOUR)))
        await work.settle()
        assert work.run.hyperparameters["batch_size"] == "100"
        assert "256" not in field(work)
        await work.press("b")
        assert "32 per GPU x 4 GPUs = 128" in screen.status
        assert work.run.hyperparameters["batch_size"] == "auto"
        await work.press("enter")
        await fill_in(work, "64")
        await work.press("x")
        assert work.run.hyperparameters["batch_size"] == "auto"


async def test_values_are_reset_one_by_one_or_all(home: Home) -> None:
    async with at_work(home) as work:
        screen = await open_screen(work, epochs="10", learning_rate="0.5", batch_size="100")
        await put_cursor(work, "epochs")
        await work.press("c")
        assert "3 of 27 values" in work.text
        assert "changed only" in work.text
        await work.press("x")
        assert "epochs" not in work.run.hyperparameters
        assert screen.status == "epochs is 5 now."
        await work.press("X")
        assert "batch_size" in work.text
        await work.press("n")
        assert work.run.hyperparameters["learning_rate"] == "0.5"
        await work.press("X", "y")
        assert work.run.hyperparameters == {"batch_size": "auto"}
        assert "Everything is at the model's defaults." in work.text
        await work.press("X")
        assert not isinstance(work.app.screen, PromptDialog)
        await work.press("c", "delete")
        assert "27 values · 0 changed" in work.text


async def test_all_errors_are_shown_at_once(home: Home) -> None:
    async with at_work(home, (80, 24)) as work:
        await open_screen(work, LLM, epoch="0", int8_quantization="True", lora_q="7")
        assert "3 changed · 3 errors" in work.text
        await work.press("c")
        marked = [line.strip(" ▌").split()[1] for line in work.lines if line.strip(" ▌").startswith("! ")]
        assert {"int8_quantization", "enable_fsdp", "epoch", "lora_q"} <= set(marked)
        await put_cursor(work, "lora_q")
        assert "Did you mean lora_r" in field(work)
        await work.press("x")
        assert "lora_q" not in work.run.hyperparameters
        await put_cursor(work, "int8_quantization")
        assert "exactly one must be True" in field(work)
        await work.press("enter")
        assert "1 error" in work.text
        await put_cursor(work, "epoch")
        await work.press("x")
        assert "0 errors" in work.text


async def test_an_llm_batch_is_per_device(home: Home) -> None:
    async with at_work(home) as work:
        await open_screen(work, LLM, per_device_train_batch_size="auto")
        await put_cursor(work, "per_device_train_batch_size")
        rows = field(work)
        assert "per device" in rows
        assert "effective batch 16" in rows
        await work.press("b")
        assert work.run.hyperparameters["per_device_train_batch_size"] == "auto"
        assert "4 auto" in work.text


async def test_names_and_help_are_searched(home: Home) -> None:
    async with at_work(home) as work:
        await open_screen(work, batch_size="auto")
        await work.press("slash")
        await work.pilot.press(*"often")
        await work.wait_for("1 of 27 values")
        await work.press("enter")
        assert table(work).cursor_key == "epochs"
        await work.press("slash", "escape")
        await work.pilot.press(*"zzz")
        await work.wait_for("No value fits")


async def test_without_a_model_or_its_spec_it_says_what_to_press(home: Home) -> None:
    async with at_work(home, (80, 24)) as work:
        await work.press("4")
        assert "Press 1 to choose one" in work.text
        await work.press("enter", "x", "X", "b", "c")
        assert work.run.hyperparameters == {}
        work.session.drafts.put(replace(work.run, model=ModelChoice("no-such-model")))
        await work.wait_for("The spec cannot be read")
        work.session.drafts.put(replace(work.run, model=ModelChoice("sklearn-classification-linear")))
        await work.wait_for("4 values")
        await work.press("b")
        assert "no batch size" in work.screen(HyperparametersScreen).status


async def test_an_expired_sign_in_leaves_the_form_and_ctrl_r_reads_the_missing_spec(home: Home) -> None:
    async with at_work(home) as work:
        await open_screen(work, batch_size="auto")
        home.sandbox.set_faults({"do": "expired", "times": None})
        await work.press("ctrl+r")
        await work.wait_for("NOT SIGNED IN")
        assert "aws sso login" in work.text
        await put_cursor(work, "train_only_top_layer")
        await work.press("enter")
        assert work.run.hyperparameters["train_only_top_layer"] in ("True", "False")
        home.sandbox.set_faults()
        await work.press("ctrl+r")
        await work.wait_for(lambda: "NOT SIGNED IN" not in work.text)
        await work.wait_for("27 values · 1 changed")


async def test_right_to_left_and_wide_texts_keep_the_columns(tmp_path: Path) -> None:
    rows = [("אפוקים", "שלום"), ("学習率", "高い値"), ("café", "n\u0303")]
    declared = [hyperparameter(name, "text", value, help=f"{value} {name}") for name, value in rows]
    world = replace(ORDINARY, specs=[spec(LITE, hyperparameters=declared)])
    world = replace(world, draft=replace(world.draft, hyperparameters={rows[1][0]: "あ" * 40}))
    app = still_app(world, tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        work = Work(app, pilot)
        await work.wait_for(lambda: app.session is not None)
        await work.press("4")
        await work.wait_for("3 values · 1 changed")
        assert len({cell_len(row.partition("│")[0]) for row in work.lines[2:-2]}) == 1
        for name, value in rows:
            await put_cursor(work, name)
            await work.wait_for(f"─ {name} ─")
            assert f"Default    {value}" in field(work)
        await put_cursor(work, rows[1][0])
        await work.press("x")
        assert work.run.hyperparameters.get(rows[1][0]) in (None, rows[1][1])
        await work.press("enter")
        await work.type("漢字שלום")
        await work.press("enter")
        assert work.run.hyperparameters[rows[1][0]].endswith("漢字שלום")

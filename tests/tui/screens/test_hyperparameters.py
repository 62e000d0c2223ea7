"""Screen 4: the form, the field in a row, errors, and the batch size that is followed or held."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from jsft_tui.core.run.run import InstanceChoice, ModelChoice
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.screens.hyperparameters.field import ValueField
from jsft_tui.tui.screens.hyperparameters.rows import FOLD, FieldRows
from jsft_tui.tui.screens.hyperparameters.screen import HyperparametersScreen
from jsft_tui.tui.terminal.drawing.frame_buffer import cells_of
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from tests.common.home import IMAGE_MODEL, Home
from tests.tui.driver.pilot import Work, at_work
from tests.tui.driver.still import still_app
from tests.tui.driver.worlds import LITE, ORDINARY, hyperparameter, spec

FOUR, EIGHT = "ml.g4dn.12xlarge", "ml.g5.48xlarge"
LLM = "meta-textgeneration-llama-2-7b"


async def open_screen(work: Work, model: str = IMAGE_MODEL, **values: str) -> HyperparametersScreen:
    """The screen with a draft of a model on four GPUs."""
    run = replace(work.run, model=ModelChoice(model), instance=InstanceChoice(FOUR), hyperparameters=values)
    work.session.drafts.put(run)
    await work.press("4")
    await work.wait_for(" changed")
    return work.screen(HyperparametersScreen)


def table(work: Work) -> VirtualTable:
    return work.screen(HyperparametersScreen).query_one(VirtualTable)


def rows(work: Work) -> FieldRows:
    found = table(work).source
    assert isinstance(found, FieldRows)
    return found


def groups(work: Work) -> dict[str, list[str]]:
    return {group.value: [row.name for row in some] for group, some in rows(work).grouped}


def title(work: Work) -> str:
    return work.screen(HyperparametersScreen).panes.list_pane.title


def details(work: Work) -> str:
    return work.screen(HyperparametersScreen).panes.view.text


async def put_cursor(work: Work, name: str) -> None:
    """Move to a hyperparameter, and wait until it is told."""
    assert table(work).move_to_key(name)
    await work.wait_for(lambda: work.screen(HyperparametersScreen).panes.detail_pane.title.startswith(name))


async def edit(work: Work, name: str, text: str) -> None:
    """Type a value into its row, and keep it."""
    await put_cursor(work, name)
    await work.press("enter")
    await work.pilot.press(*text)
    await work.press("enter")


async def test_values_are_edited_in_their_rows(home: Home) -> None:
    async with at_work(home, (80, 24)) as work:
        screen = await open_screen(work, batch_size="auto")
        assert "27 values, 1 changed" in title(work)
        await put_cursor(work, "epochs")
        assert "whole dataset" in details(work)
        await edit(work, "epochs", "5000")
        assert "must be from 1 to 1000" in work.text
        assert "1 wrong" in title(work)
        assert work.run.hyperparameters == {"batch_size": "auto"}
        assert work.lines[-1].startswith(" enter keep  esc undo  ↑↓ step by 1  x reset")
        await work.press("escape")
        assert "wrong" not in title(work)
        assert work.app.focused is table(work)
        await edit(work, "epochs", "12")
        assert work.run.hyperparameters["epochs"] == "12"
        assert screen.status == "epochs set to 12."
        assert " 12 was 5 " in work.text
        assert groups(work)["Changed"] == ["epochs", "batch_size"]
        assert table(work).cursor_key == "epochs"

        await edit(work, "augmentation", "t")
        assert work.run.hyperparameters["augmentation"] == "True"
        await edit(work, "optimizer", "adagr")
        assert work.run.hyperparameters["optimizer"] == "adagrad"
        assert "4 changed" in title(work)


async def test_arrows_step_and_x_puts_the_default_into_the_field(home: Home) -> None:
    async with at_work(home) as work:
        await open_screen(work, batch_size="auto", learning_rate="0.5")
        await put_cursor(work, "learning_rate")
        await work.press("enter", "down", "down", "enter")
        assert work.run.hyperparameters["learning_rate"] == "0.005"
        await work.press("enter", "up", "x", "enter")
        assert float(work.run.hyperparameters["learning_rate"]) == 0.001
        await put_cursor(work, "optimizer")
        await work.press("enter", "down", "down", "up", "enter")
        assert work.run.hyperparameters["optimizer"] == "sgd"
        await put_cursor(work, "batch_size")
        await work.press("enter", "up", "enter")
        assert work.run.hyperparameters["batch_size"] == "256"
        await work.press("enter", "x", "enter")
        assert work.run.hyperparameters["batch_size"] == "auto"


async def test_a_field_that_is_left_changes_nothing(home: Home) -> None:
    async with at_work(home, (120, 36)) as work:
        screen = await open_screen(work, batch_size="auto")
        before = work.run
        await put_cursor(work, "epochs")
        await work.press("enter", "9", "tab")
        assert work.run == before
        assert not screen.query_one(ValueField).is_open
        await put_cursor(work, "epochs")
        await work.press("enter", "enter")  # as it was
        assert work.run == before
        await put_cursor(work, "batch_size")
        await work.press("enter", "enter")
        assert work.run == before


async def test_the_batch_follows_the_instance_until_it_is_typed(home: Home) -> None:
    async with at_work(home, (120, 36)) as work:
        screen = await open_screen(work, batch_size="auto")
        await put_cursor(work, "batch_size")
        assert "128 32 × 4 GPUs" in work.text
        assert "follows the instance" in details(work)
        for type_, value in ((EIGHT, "256 32 × 8 GPUs"), (FOUR, "128 32 × 4 GPUs"), (EIGHT, "256 32 × 8 GPUs")):
            work.session.drafts.put(replace(work.run, instance=InstanceChoice(type_)))
            await work.wait_for(value)
        await edit(work, "batch_size", "100")
        assert "held by you" in details(work)
        work.session.drafts.put(replace(work.run, instance=InstanceChoice(FOUR)))
        await work.settle()
        assert work.run.hyperparameters["batch_size"] == "100"
        assert "256" not in details(work)
        await work.press("b")
        assert "32 per GPU × 4 GPUs = 128" in screen.status
        assert work.run.hyperparameters["batch_size"] == "auto"
        await edit(work, "batch_size", "64")
        await work.press("x")
        assert work.run.hyperparameters["batch_size"] == "auto"


async def test_values_are_reset_one_by_one_or_all(home: Home) -> None:
    async with at_work(home, (120, 36)) as work:
        screen = await open_screen(work, epochs="10", learning_rate="0.5", batch_size="100")
        await put_cursor(work, "epochs")
        await work.press("c")
        assert "changed only  27 values, 3 changed" in title(work)
        assert len(rows(work)) == 3
        await work.press("x")
        assert "epochs" not in work.run.hyperparameters
        assert screen.status == "epochs set to 5."
        await work.press("ctrl+x")
        assert "batch_size" in work.text
        await work.press("n")
        assert work.run.hyperparameters["learning_rate"] == "0.5"
        await work.press("X", "y")  # the key of an earlier version
        assert work.run.hyperparameters == {"batch_size": "auto"}
        assert "Everything is at the model's defaults." in work.text
        await work.press("ctrl+x")
        assert not isinstance(work.app.screen, ConfirmDialog)
        await work.press("c", "delete")
        assert "27 values, 1 changed" in title(work)  # the batch is that of four GPUs


async def test_all_errors_stand_first(home: Home) -> None:
    async with at_work(home, (80, 24)) as work:
        await open_screen(work, LLM, epoch="0", int8_quantization="True", lora_q="7")
        assert "3 changed, 3 wrong" in title(work)
        assert set(groups(work)["Wrong"]) == {"int8_quantization", "enable_fsdp", "epoch", "lora_q"}
        assert next(iter(groups(work))) == "Wrong"
        await put_cursor(work, "lora_q")
        assert "Did you mean lora_r" in details(work)
        await work.press("x")
        assert "lora_q" not in work.run.hyperparameters
        await put_cursor(work, "int8_quantization")
        assert "exactly one must be True" in details(work)
        await edit(work, "int8_quantization", "f")
        assert "1 wrong" in title(work)
        await put_cursor(work, "epoch")
        await work.press("x")
        assert "wrong" not in title(work)
        assert "Wrong" not in groups(work)


async def test_an_llm_batch_is_per_device(home: Home) -> None:
    async with at_work(home, (120, 36)) as work:
        await open_screen(work, LLM, per_device_train_batch_size="auto")
        await put_cursor(work, "per_device_train_batch_size")
        assert "effective batch 16" in details(work)
        await work.press("b")
        assert work.run.hyperparameters["per_device_train_batch_size"] == "auto"
        assert " 4 per device " in work.text


async def test_what_is_usual_is_told_with_the_scale_and_a_hint(home: Home) -> None:
    async with at_work(home, (120, 36)) as work:
        await open_screen(work, batch_size="auto")
        await put_cursor(work, "learning_rate")
        for said in ("Usual     0.0001 to 0.01", "On a log scale", "! With batch 128 instead of 32", "Too high: "):
            assert said in details(work)


async def test_names_and_help_are_searched(home: Home) -> None:
    async with at_work(home) as work:
        await open_screen(work, batch_size="auto")
        await work.press("slash")
        await work.pilot.press(*"often")
        await work.wait_for("1 of 1")
        await work.press("enter")
        assert table(work).cursor_key == "epochs"
        assert title(work).startswith("Hyperparameters / often")
        await work.press("slash", "escape")
        await work.pilot.press(*"zzz")
        await work.wait_for("No hyperparameter fits")


async def test_in_a_low_terminal_the_rest_is_folded_until_it_is_opened(home: Home) -> None:
    async with at_work(home, (80, 24)) as work:
        await open_screen(work, batch_size="auto", epochs="10")
        assert " The rest · 20, enter shows them" in work.text
        assert "beta_1" not in work.text
        await work.press("G")
        assert table(work).cursor_key == FOLD
        assert "20 more values" in work.text
        await work.wait_for("momentum")  # in the detail
        assert work.lines[-1].startswith(" enter show")
        await work.press("enter", "j")
        assert "The rest · 20, enter folds them" in work.text
        assert table(work).cursor_key == "beta_1"
        assert "8 of 27" in work.text
        await work.press("k", "enter")
        assert table(work).cursor_key == FOLD
        assert "enter shows them" in work.text


async def test_what_is_looked_for_is_never_folded(home: Home) -> None:
    async with at_work(home, (80, 24)) as work:
        await open_screen(work, beta_1="0.8")
        await put_cursor(work, "beta_1")
        await work.press("x")  # it is one of the rest again
        assert table(work).cursor_key == "beta_1"
    async with at_work(home, (80, 24)) as work:
        await open_screen(work, batch_size="auto")
        await work.press("slash")
        await work.pilot.press(*"patience")
        await work.wait_for("early_stopping_patience")
        assert FOLD not in table(work).shown_keys


async def test_where_there_is_room_nothing_is_folded(home: Home) -> None:
    async with at_work(home, (80, 30)) as work:
        await open_screen(work, batch_size="auto")
        assert "The rest · 20" in work.text
        assert "enter shows them" not in work.text


async def test_an_empty_value_says_that_it_is(tmp_path: Path) -> None:
    with_empty = hyperparameter("reward", "text", "", options=["", "exact", "loose"])
    model = spec(LITE, hyperparameters=[with_empty])
    world = replace(ORDINARY, specs=[model], draft=replace(ORDINARY.draft, hyperparameters={}))
    app = still_app(world, tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        work = Work(app, pilot)
        await work.wait_for(lambda: app.session is not None)
        await work.settle()
        await work.press("4")
        await work.wait_for("empty, exact, loose")


async def test_without_a_model_or_its_spec_it_says_what_to_press(home: Home) -> None:
    async with at_work(home, (80, 24)) as work:
        await work.press("4")
        assert "1  choose a model" in work.text
        await work.press("enter", "x", "ctrl+x", "b", "c")
        assert work.run.hyperparameters == {}
        await work.press("c")
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
        await work.wait_for("signed out")
        assert "aws sso login" in work.text
        await edit(work, "train_only_top_layer", "f")
        assert work.run.hyperparameters["train_only_top_layer"] == "False"
        home.sandbox.set_faults()
        await work.press("ctrl+r")
        await work.wait_for(lambda: "signed out" not in work.text)
        await work.wait_for("27 values, 2 changed")


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
        await work.wait_for("3 values, 1 changed")
        # The borders of the list are below each other.
        cells = [cells_of(shown) for shown in work.lines[4:-2]]
        assert all(shown[column] in "┃│" for shown in cells for column in (0, 61, 62))
        for name, value in rows:
            await put_cursor(work, name)
            assert f"Default   {value}" in details(work)
        await put_cursor(work, rows[1][0])
        await work.press("x")
        assert work.run.hyperparameters.get(rows[1][0]) in (None, rows[1][1])
        await work.press("enter")
        await work.type("漢字שלום")
        await work.press("enter")
        assert work.run.hyperparameters[rows[1][0]] == "漢字שלום"

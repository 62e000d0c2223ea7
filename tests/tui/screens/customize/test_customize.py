"""The Customize screen: what the region offers as a table, what a way needs and costs, and the choice."""

from __future__ import annotations

import re
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from jsft_tui.core.catalog.technique import Adapter, Technique
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.customization.customization import Customization
from jsft_tui.core.preflight.base.check import Plan
from jsft_tui.core.preflight.summary import needing_attention
from jsft_tui.core.run.run import InstanceChoice, Run
from jsft_tui.tui.screens.customize.screen import CustomizeScreen
from jsft_tui.tui.screens.data.screen import DataScreen
from jsft_tui.tui.screens.models.screen import ModelsScreen
from jsft_tui.tui.screens.review.screen import ReviewScreen
from tests.common.effort import PATIENCE
from tests.core.customization.specs import RECIPES
from tests.tui.driver.pilot import Work
from tests.tui.driver.still import still_app
from tests.tui.driver.worlds import CUSTOMIZING, GROUP, LITE, ORDINARY, TUNED, World, draft

pytestmark = [pytest.mark.screens, pytest.mark.usefixtures("plain_environment")]


@asynccontextmanager
async def at_ways(folder: Path, size: tuple[int, int] = (120, 36), world: World = CUSTOMIZING) -> AsyncIterator[Work]:
    """The screen, with everything known."""
    app = still_app(world, folder)
    async with app.run_test(size=size) as pilot:
        work = Work(app, pilot)
        await work.wait_for(lambda: app.session is not None)
        await work.settle()
        await work.press("m")
        work.screen(CustomizeScreen)
        yield work


def is_customization(work: Work) -> bool:
    return work.run.customization is not None


async def test_enter_on_a_model_with_recipes_asks_how_and_then_goes_to_its_data(tmp_path: Path) -> None:
    async with at_ways(tmp_path) as work:
        await work.press("1")
        work.screen(ModelsScreen)
        await work.press("enter")
        assert "How to customize qwen3-8b" in work.text
        await work.press("down", "enter")
        work.screen(DataScreen)
        wanted = work.run.customization
        assert wanted is not None
        assert (wanted.technique, wanted.adapter) == (Technique.DPO, Adapter.LORA)
        assert work.run.instance.is_serverless
        assert "qwen3-8b DPO LoRA" in work.lines[2]
        assert "DPO LoRA, serverless is chosen." in work.text


async def test_a_way_says_what_it_needs_and_what_it_costs(tmp_path: Path) -> None:
    async with at_ways(tmp_path) as work:
        assert "8 recipes in us-west-2" in work.text
        assert "● chosen" in work.text
        assert "! a model package group: g chooses one" in work.text
        assert "$2 per million tokens" in work.text
        await work.press("down", "down")
        assert "$12 per hour" in work.text
        assert "the time that you set bounds it" in work.text
        assert "RLVR LoRA, serverless" in work.text


def watched(work: Work, monkeypatch: pytest.MonkeyPatch, before: Callable[[int], object] = lambda _: None) -> list[Run]:
    """The runs that the screen asks about; `before` is called with their number."""
    asked: list[Run] = []
    planning = work.session.services.planning
    plan = planning.plan

    def ask(run: Run) -> Plan:
        asked.append(run)
        before(len(asked))
        return plan(run)

    monkeypatch.setattr(planning, "plan", ask)
    return asked


async def test_a_late_answer_for_another_model_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_ways(tmp_path) as work:
        answers = threading.Event()
        asked = watched(work, monkeypatch, lambda number: answers.wait(PATIENCE) if number == 1 else None)
        await work.pilot.press("down")
        await work.wait_for(lambda: len(asked) == 1)
        try:
            other = replace(work.run.model, id="meta-textgeneration-llama-both", version="2.0.4")
            on_instance = InstanceChoice("ml.g5.12xlarge")
            work.session.drafts.put(replace(work.run, model=other, customization=None, instance=on_instance))
            await work.wait_for("● JumpStart training job")
        finally:
            answers.set()
        await work.settle()
        work.screen(CustomizeScreen).action_focus_ways()
        await work.press("down")
        await work.press("down")
        of_other = [run.customization for run in asked if run.model.id == other.id]
        assert Technique.DPO in [wanted.technique for wanted in of_other if wanted is not None]


async def test_another_role_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_ways(tmp_path) as work:
        asked = watched(work, monkeypatch)
        role = "arn:aws:iam::123456789012:role/Other"
        work.session.drafts.put(replace(work.run, role=role))
        await work.settle()
        assert [run.role for run in asked] == [role]


async def test_what_could_not_be_asked_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_ways(tmp_path) as work:

        def fail(number: int) -> None:
            if number == 1:
                raise Problem("NoConnection", "could not ask: no connection.", retryable=True)

        asked = watched(work, monkeypatch, fail)
        await work.press("down")
        assert "no connection" in work.screen(CustomizeScreen).status
        await work.press("down")
        await work.press("up")
        techniques = [run.customization.technique for run in asked if run.customization is not None]
        assert techniques.count(Technique.DPO) == 2
        assert "a model package group: g chooses one" in work.text


async def test_a_group_is_chosen_or_created_only_when_confirmed(tmp_path: Path) -> None:
    async with at_ways(tmp_path) as work:
        packages = work.session.services.account.model_packages
        await work.press("g", "up", "up", "enter")
        assert work.run.customization is not None
        assert work.run.customization.model_package_group == GROUP
        assert f"✔ model package group {GROUP}" in work.text
        await work.press("g")
        await work.type("Create")
        await work.press("enter", "enter")
        assert "CreateModelPackageGroup" in work.question
        await work.press("escape")
        assert packages.names == [GROUP]  # type: ignore[attr-defined]
        await work.press("g")
        await work.type("Create")
        await work.press("enter", "enter", "enter")
        assert packages.names == [GROUP, "qwen3-8b-tuned"]  # type: ignore[attr-defined]
        assert work.run.customization.model_package_group == "qwen3-8b-tuned"


async def test_where_there_is_a_group_it_is_offered_first_and_its_name_is_not_given_again(tmp_path: Path) -> None:
    async with at_ways(tmp_path) as work:
        await work.press("g")
        assert "Create another group" in work.text
        await work.press("enter")
        assert work.run.customization is not None
        assert work.run.customization.model_package_group == GROUP
        await work.press("g")
        await work.type("Create")
        await work.press("enter", "ctrl+u")
        await work.type(GROUP)
        await work.press("enter")
        assert "There is a group of that name" in work.question
        assert "CreateModelPackageGroup" not in work.question


async def test_a_recipe_is_chosen_on_instances_and_back_with_its_values(tmp_path: Path) -> None:
    async with at_ways(tmp_path) as work:
        before = work.run
        await work.press("right", "right")
        assert "by the hour of the instances" in work.text
        await work.press("enter")
        work.screen(DataScreen)
        assert work.run.instance.type == "ml.g5.12xlarge"
        assert work.run.hyperparameters == before.hyperparameters
        await work.press("1", "m", "left", "left", "enter")
        assert work.run == before


async def test_what_jsft_does_not_run_on_instances_says_why_and_who_can(tmp_path: Path) -> None:
    async with at_ways(tmp_path) as work:
        before = work.run
        await work.press("down", "down", "right", "right", "enter")
        assert "RLVR was not compared" in work.screen(CustomizeScreen).status
        assert "Studio, or the SDK can" in work.text
        assert work.run == before


async def test_what_the_region_does_not_offer_is_a_dash_and_says_where_it_is(tmp_path: Path) -> None:
    regions = {"prod": {"eu-west-1": {"serverless_sku": "x"}}}
    mixed = [
        entry if entry["customization_technique"] == "SFT" else {**entry, "regional_parameters": regions}
        for entry in RECIPES
    ]
    world = replace(CUSTOMIZING, specs=[{"model_id": TUNED, "version": "1.2.0", "recipe_collection": mixed}])
    async with at_ways(tmp_path, world=world) as work:
        assert "2 recipes in us-west-2" in work.text
        before = work.run
        await work.press("down", "enter")
        assert work.screen(CustomizeScreen).status == "us-west-2 does not offer it; eu-west-1 does."
        assert work.run == before
        row = next(line for line in work.lines if line.startswith(("│ DPO", "┃ DPO")))
        assert row[:73].count("–") == 4


async def test_a_model_with_both_ways_offers_both_and_goes_from_one_to_the_other(tmp_path: Path) -> None:
    async with at_ways(tmp_path) as work:
        await work.press("1", "slash")
        await work.type("both")
        await work.press("enter", "enter")
        assert not is_customization(work)
        assert "● JumpStart training job" in work.text
        await work.press("down", "enter")
        work.screen(DataScreen)
        assert work.run.customization is not None
        assert "llama-both SFT LoRA" in work.lines[2]
        await work.press("1", "m", "up", "enter")
        assert not is_customization(work)
        assert not work.run.instance.is_serverless
        assert "llama-both SFT" not in work.lines[2]


async def test_a_model_without_recipes_says_so_and_where_to_go(tmp_path: Path) -> None:
    async with at_ways(tmp_path, world=replace(ORDINARY, draft=draft(LITE))) as work:
        assert f"{LITE} has no recipes" in work.text
        assert "choose a model" in work.text


async def test_the_recipe_is_shown_in_full(tmp_path: Path) -> None:
    async with at_ways(tmp_path) as work:
        await work.press("v")
        assert "name: a recipe" in work.question


async def test_a_click_goes_to_a_cell_and_a_second_one_chooses_it(tmp_path: Path) -> None:
    async with at_ways(tmp_path) as work:
        y = next(number for number, line in enumerate(work.lines) if "DPO" in line)
        await work.pilot.click(offset=(26, y))
        await work.settle()
        assert "─ DPO LoRA, serverless" in work.text
        work.screen(CustomizeScreen)
        await work.pilot.click(offset=(26, y))
        await work.settle()
        work.screen(DataScreen)


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (100, 30), (200, 50)])
async def test_all_techniques_are_there_in_every_terminal(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_ways(tmp_path, size) as work:
        for technique in Technique:
            assert technique.value in work.text
        await work.press("down", "down", "down", "right", "right", "right")
        assert "RLAIF full, your instances" in work.text


# Instance


async def test_serverless_is_a_row_of_its_own_with_its_price(tmp_path: Path) -> None:
    async with at_ways(tmp_path) as work:
        await work.press("3")
        assert "● serverless" in work.text
        assert "$2 per million tokens" in work.text
        before = work.run
        await work.press("down")
        assert "ml.g5.12xlarge" in work.text
        assert work.run == before
        await work.press("enter")
        assert work.run.instance.type == "ml.g5.12xlarge"


async def test_types_on_which_jsft_does_not_run_the_recipe_cannot_be_chosen(tmp_path: Path) -> None:
    rewarded = replace(CUSTOMIZING.draft, customization=Customization(Technique.RLVR))
    async with at_ways(tmp_path, world=replace(CUSTOMIZING, draft=rewarded)) as work:
        await work.press("3")
        assert "jsft does not launch on them" in work.text
        before = work.run
        await work.press("down", "enter")
        assert "RLVR was not compared" in work.app.work_screen.status  # type: ignore[union-attr]
        assert work.run == before


async def test_a_recipe_that_is_billed_by_the_hour_has_a_price_and_a_bound_in_its_row(tmp_path: Path) -> None:
    async with at_ways(tmp_path) as work:
        await work.press("down", "down", "enter", "3")
        row = next(line for line in work.lines if "● serverless" in line)
        assert re.search(r"per hour +12\.00 +288\.00 ", row)  # a day


async def test_a_run_on_an_instance_can_go_back_to_serverless(tmp_path: Path) -> None:
    on_instance = replace(CUSTOMIZING.draft, instance=InstanceChoice("ml.g5.12xlarge"))
    async with at_ways(tmp_path, world=replace(CUSTOMIZING, draft=on_instance)) as work:
        await work.press("3", "g", "space")
        assert work.run.instance.is_serverless
        assert work.run.instance.max_runtime == 86_400


@pytest.mark.parametrize("key", ["c", "p", "d", "w"])
async def test_what_only_instances_have_cannot_be_set(tmp_path: Path, key: str) -> None:
    async with at_ways(tmp_path) as work:
        before = work.run
        await work.press("3", key)
        assert "SageMaker chooses the instances" in work.app.work_screen.status  # type: ignore[union-attr]
        assert work.run == before


async def test_the_time_limit_can_be_set(tmp_path: Path) -> None:
    async with at_ways(tmp_path) as work:
        await work.press("3", "m", "ctrl+u")
        await work.type("2h")
        await work.press("enter")
        assert work.run.instance.max_runtime == 7200


# Settings


@pytest.mark.parametrize(
    ("label", "keys", "name", "value"),
    [
        ("model package group", ("enter", "up", "up", "enter"), "model_package_group", GROUP),
        ("MLflow app", ("enter", "enter"), "mlflow_app", "arn:aws:sagemaker:us-west-2:123456789012:mlflow-app/app-1"),
        ("sequence length", ("enter", "enter"), "sequence_length", "4K"),
        (
            "continue from",
            ("enter", "enter", "enter"),
            "source_model_package",
            f"arn:aws:sagemaker:us-west-2:123456789012:model-package/{GROUP}/1",
        ),
        (
            "evaluator",
            ("enter", "enter"),
            "evaluator",
            "arn:aws:sagemaker:us-west-2:123456789012:hub-content/hub/JsonDoc/reward/1.0.0",
        ),
        ("judge model", ("enter", "enter"), "judge_model", "openai.gpt-oss-120b-1:0"),
    ],
    ids=["group", "mlflow", "length", "source", "evaluator", "judge"],
)
async def test_settings_of_a_customization_are_chosen_from_lists(
    tmp_path: Path, label: str, keys: tuple[str, ...], name: str, value: str
) -> None:
    wanted = CUSTOMIZING.draft.customization
    assert wanted is not None
    world = replace(
        CUSTOMIZING, draft=replace(CUSTOMIZING.draft, customization=replace(wanted, technique=Technique.RLAIF))
    )
    async with at_ways(tmp_path, world=world) as work:
        await work.press("comma")
        for _ in range(40):
            if f"─ {label} ─" in work.text:
                break
            await work.press("down")
        await work.press(*keys)
        assert getattr(work.run.customization, name) == value


# Review


async def test_the_review_names_the_method_and_fixes_a_missing_group(tmp_path: Path) -> None:
    async with at_ways(tmp_path) as work:
        await work.press("5")
        assert "training data not chosen" in work.text
        work.session.drafts.put(replace(work.run, data={"training": "s3://team-data/flowers/"}))
        screen = work.screen(ReviewScreen)
        await work.wait_for(lambda: "block the launch" in work.text or "blocks the launch" in work.text)
        assert "Method    recipe: SFT LoRA" in work.text
        findings = [found.check for found in needing_attention(screen._review)]
        await work.press(*["down"] * findings.index("package_group"), "f")
        await work.wait_for("Create another group")
        await work.press("up", "enter")
        assert work.run.customization is not None
        assert work.run.customization.model_package_group == GROUP

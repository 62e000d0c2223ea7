"""Screen 7: what runs, what it costs and whether anybody calls it; what was left behind; the way to be rid of it."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Input

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.serving.teardown import Leftovers
from jsft_tui.tui.dialogs.choice import ChoiceDialog
from jsft_tui.tui.screens.endpoints.screen import EndpointsScreen
from jsft_tui.tui.screens.endpoints.teardown import TeardownDialog
from jsft_tui.tui.widgets.bars.line_bar import LineBar
from tests.common.effort import PATIENCE
from tests.tui.driver.pilot import Work
from tests.tui.driver.still import denied
from tests.tui.driver.worlds import NOW, ORDINARY, SERVING, endpoint_config
from tests.tui.screens.endpoints.serving_work import at_endpoints, go_to, row, serving_of, table_of

pytestmark = pytest.mark.screens


async def test_all_endpoints_are_listed_those_of_jsft_first_with_their_cost(tmp_path: Path) -> None:
    async with at_endpoints(tmp_path, world=replace(SERVING, calls={})) as work:
        assert "$4.00/h, $2,917 a month" in work.lines[3]
        assert "$4.00/h" in work.lines[2]  # the strip
        assert "1 job, 3 endpoints" in work.lines[0]
        keys = [table_of(work).source.key(at) for at in range(len(table_of(work).source))]
        assert keys[:4] == ["tickets-llama-8b", "flowers-lite0-a", "churn-lightgbm", "broken"]
        assert keys[4:] == ["endpoint configuration churn-1", "model churn-0", "model 模型-ファイン-튜닝"]
        assert "3 d  $0.74     $537" in row(work, "flowers-lite0-a")
        assert "ml.g4dn.xlarge" in row(work, "flowers-lite0-a")
        assert row(work, "tickets-llama-8b").split("││")[0].rstrip().endswith("starting")
        assert "✖" in row(work, "broken")
        for heading in ("Made with jsft · 2", "Others · 2", "Left behind · 3"):
            assert heading in work.text


async def test_an_idle_endpoint_is_marked_and_says_what_it_costs_a_day(tmp_path: Path) -> None:
    async with at_endpoints(tmp_path) as work:
        await go_to(work, "flowers-lite0-a")
        assert "0 for 2 d" in row(work, "flowers-lite0-a")
        assert row(work, "flowers-lite0-a")[2] == "!"
        assert "214" in row(work, "churn-lightgbm")
        assert "! 1 idle: it costs $17.66 a day" in work.text
        assert "! Nobody has called it for 2 days." in work.text
        assert "Calls in the last 24 hours." in work.text
        await go_to(work, "churn-lightgbm")
        assert "last 10 days" in work.text
        assert "Config    churn-2" in work.text


async def test_the_detail_says_whose_model_it_is_and_what_deleting_takes(tmp_path: Path) -> None:
    async with at_endpoints(tmp_path) as work:
        await go_to(work, "flowers-lite0-a")
        for said in (
            "It has cost $53.16 since 25 May.",
            "Model     flowers-stopped",
            "Instance  1 × ml.g4dn.xlarge",
            ", with jsft",
            "Deletes   never",
            "The tuned model stays in",
            "D  Delete: saves $537 a month",
        ):
            assert said in work.text, said
        await go_to(work, "tickets-llama-8b")
        assert "Reminds   in 2 h" in work.text
        await go_to(work, "broken")
        assert "primary container" in work.text
        assert "It costs nothing." in work.text
        await go_to(work, "model churn-0")
        assert "No endpoint uses this model." in work.text


async def test_what_instances_cost_that_came_and_went_is_not_said(tmp_path: Path) -> None:
    queue = {"AsyncInferenceConfig": {"OutputConfig": {"S3OutputPath": "s3://bucket/answers/"}}}
    configs = [
        {**each, **queue} if each["EndpointConfigName"] == "flowers-lite0-a" else each
        for each in SERVING.endpoint_configs
    ]
    async with at_endpoints(tmp_path, world=replace(SERVING, endpoint_configs=configs)) as work:
        await go_to(work, "flowers-lite0-a")
        assert "It has cost" not in work.text
        assert "What it has cost is unknown" in work.text


async def test_deleting_names_what_goes_and_takes_it_with_the_keys_that_are_shown(tmp_path: Path) -> None:
    async with at_endpoints(tmp_path) as work:
        await go_to(work, "flowers-lite0-a")
        await work.press("D")
        assert isinstance(work.app.screen, TeardownDialog)
        for said in ("Delete flowers-lite0-a?", "It saves $537 a month.", "account 1234 5678 9012, us-west-2"):
            assert said in work.text
        assert work.question.count("flowers-lite0-a") == 3
        assert "D or enter  Delete" in work.app.screen.query_one(".dialog--keys", LineBar).text
        await work.press("y")
        assert isinstance(work.app.screen, TeardownDialog)
        assert "flowers-lite0-a" in serving_of(work).endpoint_names()
        await work.press("enter")
        await work.wait_for(lambda: not row(work, "flowers-lite0-a"))
        serving = serving_of(work)
        assert "flowers-lite0-a" not in (*serving.endpoint_names(), *serving.config_names(), *serving.model_names())
        assert "$3.26/h" in work.lines[2]


async def test_deleting_keeps_what_something_else_uses_and_says_so(tmp_path: Path) -> None:
    async with at_endpoints(tmp_path) as work:
        await go_to(work, "churn-lightgbm")
        await work.press("D")
        assert "churn stays: used by churn-1" in " ".join(work.question.split())
        await work.wait_for("Keep it")
        await work.press("escape")
        assert "churn-lightgbm" in serving_of(work).endpoint_names()
        await go_to(work, "endpoint configuration churn-1")
        await work.press("D")
        assert "used by churn-2" in " ".join(work.question.split())
        await work.wait_for("Keep it")
        await work.press("D")
        assert "churn-1" not in serving_of(work).config_names()
        assert "churn" in serving_of(work).model_names()
        assert not row(work, "churn-1")


async def test_deleting_what_was_left_behind_never_takes_the_endpoint_of_its_name(tmp_path: Path) -> None:
    configs = [*SERVING.endpoint_configs, endpoint_config("churn-lightgbm", "ml.m5.xlarge")]
    async with at_endpoints(tmp_path, world=replace(SERVING, endpoint_configs=configs)) as work:
        await go_to(work, "endpoint configuration churn-lightgbm")
        await work.press("D")
        assert "Endpoint" not in work.question.replace("Endpoint configuration", "")
        await work.wait_for("Keep it")
        await work.press("D")
        assert "Deleted churn-lightgbm." in work.text
        serving = serving_of(work)
        assert "churn-lightgbm" in serving.endpoint_names()
        assert "churn-lightgbm" not in serving.config_names()
        assert {"churn-2", "churn-1"} <= set(serving.config_names())


async def test_what_is_used_by_the_time_of_the_answer_is_not_deleted(tmp_path: Path) -> None:
    async with at_endpoints(tmp_path) as work:
        await go_to(work, "flowers-lite0-a")
        await work.press("D")
        await work.wait_for("Keep it")
        serving = serving_of(work)
        serving.create_config(endpoint_config("other", "ml.m5.xlarge", model="flowers-lite0-a"))
        await work.press("D")
        assert "flowers-lite0-a is used otherwise by now" in work.text
        assert "flowers-lite0-a" in serving.endpoint_names()
        assert "flowers-lite0-a" in serving.model_names()


async def test_what_an_interrupted_teardown_left_is_shown_and_deleted_with_the_same_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_endpoints(tmp_path) as work:

        def lose(name: str) -> None:
            raise Problem("Unreachable", f"could not delete {name}: the connection was lost.")

        with monkeypatch.context() as patch:
            patch.setattr(serving_of(work), "delete_config", lose)
            await go_to(work, "flowers-lite0-a")
            await work.press("D")
            await work.wait_for("Keep it")
            await work.press("D")
            assert "the connection was lost" in work.text
        keys = [table_of(work).source.key(at) for at in range(len(table_of(work).source))]
        assert "flowers-lite0-a" not in keys
        assert {"endpoint configuration flowers-lite0-a", "model flowers-lite0-a"} <= set(keys)
        await go_to(work, "endpoint configuration flowers-lite0-a")
        await work.press("D")
        await work.wait_for("Keep it")
        await work.press("D")
        keys = [table_of(work).source.key(at) for at in range(len(table_of(work).source))]
        assert not [key for key in keys if "flowers-lite0-a" in key]


async def test_the_key_for_another_teardown_leaves_the_one_under_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_endpoints(tmp_path) as work:
        answers = threading.Event()

        def lose(name: str) -> None:
            answers.wait(PATIENCE)
            raise Problem("Unreachable", f"could not delete {name}: the connection was lost.")

        monkeypatch.setattr(serving_of(work), "delete_endpoint", lose)
        await go_to(work, "flowers-lite0-a")
        await work.press("D")
        await work.wait_for("Keep it")
        await work.pilot.press("D")
        await work.wait_for("Deleting flowers-lite0-a")
        assert table_of(work).move_to_key("broken")
        await work.pilot.press("D")
        try:
            assert "flowers-lite0-a is being deleted" in work.screen(EndpointsScreen).would_lose
            assert work.screen(EndpointsScreen).status == "flowers-lite0-a is being deleted already."
        finally:
            answers.set()
        await work.settle()
        assert "the connection was lost" in work.text


async def test_the_list_is_filtered_sorted_and_copied(tmp_path: Path) -> None:
    async with at_endpoints(tmp_path) as work:
        await work.press("slash")
        await work.type("churn")
        await work.wait_for(lambda: not row(work, "broken"))
        assert row(work, "churn-lightgbm")
        assert row(work, "churn-1")
        await work.press("enter")
        assert "Endpoints / churn" in work.lines[3]
        await work.press("escape")
        assert row(work, "broken")
        await work.press("s")
        assert isinstance(work.app.screen, ChoiceDialog)
        await work.type("cost")
        await work.press("enter")
        assert "By cost · 4" in work.text
        keys = [table_of(work).source.key(at) for at in range(4)]
        assert keys == ["tickets-llama-8b", "flowers-lite0-a", "churn-lightgbm", "broken"]
        await go_to(work, "churn-lightgbm")
        await work.press("y")
        await work.type("arn")
        await work.press("enter")
        assert work.app.clipboard.endswith(":endpoint/churn-lightgbm")


async def test_without_endpoints_it_says_so_and_names_the_way(tmp_path: Path) -> None:
    async with at_endpoints(tmp_path, (80, 24), ORDINARY) as work:
        assert "No endpoints. Nothing costs you anything here." in work.text
        assert "E  deploys its model" in work.text
        assert "none yet" in work.lines[3]
        await work.press("D")
        assert "Nothing is there to be deleted." in work.text


async def _refuse(work: Work, monkeypatch: pytest.MonkeyPatch, problem: Problem) -> None:
    def refuse() -> list[str]:
        raise problem

    monkeypatch.setattr(serving_of(work), "endpoint_names", refuse)


async def test_who_may_not_list_them_is_told_what_to_ask_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_endpoints(tmp_path) as work:
        await _refuse(work, monkeypatch, denied("sagemaker:ListEndpoints"))
        store = work.session.endpoint_list
        store._state = type(store.state)()
        await work.press("r")
        assert "not listed" in work.lines[3]
        assert "sagemaker:ListEndpoints on *" in work.text


async def test_an_old_list_says_of_when_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_endpoints(tmp_path) as work:
        await _refuse(work, monkeypatch, Problem("Unreachable", "could not ask: no connection."))
        await work.press("r")
        assert "not up to date" in work.lines[3]
        assert "What you see is of" in work.screen(EndpointsScreen).status
        assert "$0.74?" in row(work, "flowers-lite0-a")
        monkeypatch.undo()
        await work.press("r")
        assert "$4.00/h" in work.lines[3]
        assert not work.screen(EndpointsScreen).status


async def test_leftovers_that_cannot_be_looked_for_leave_the_list_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_endpoints(tmp_path) as work:

        def refuse() -> list[str]:
            raise denied("sagemaker:ListModels")

        monkeypatch.setattr(serving_of(work), "model_names", refuse)
        await work.press("r")
        assert row(work, "flowers-lite0-a")
        assert work.session.endpoint_list.state.incomplete is not None
        assert work.session.endpoint_list.state.leftovers == Leftovers(("churn-1",), ("churn-0", "模型-ファイン-튜닝"))


async def test_nothing_is_deleted_in_a_read_only_session(tmp_path: Path) -> None:
    async with at_endpoints(tmp_path) as work:
        endpoints = work.session.services.endpoints
        endpoints._refused = Problem("ReadOnly", "this session is read-only: nothing is deleted.")
        await go_to(work, "flowers-lite0-a")
        await work.press("D")
        await work.wait_for("Keep it")
        await work.press("D")
        assert "read-only" in work.text
        assert "flowers-lite0-a" in serving_of(work).endpoint_names()


async def test_a_filter_is_typed_where_the_list_is(tmp_path: Path) -> None:
    async with at_endpoints(tmp_path, (60, 15), replace(SERVING, models=())) as work:
        await work.press("slash")
        assert isinstance(work.app.focused, Input)
        assert all(len(line) <= 60 for line in work.lines)


async def test_a_lifetime_is_set_and_said(tmp_path: Path) -> None:
    async with at_endpoints(tmp_path) as work:
        await go_to(work, "flowers-lite0-a")
        assert "never: l sets a lifetime" in work.text
        await work.press("l")
        assert isinstance(work.app.screen, ChoiceDialog)
        await work.type("8 hours")
        await work.press("enter")
        assert "jsft reminds you in 8 hours." in work.text
        assert "Reminds   in 8 h" in work.text
        found = serving_of(work).find("flowers-lite0-a")
        assert found is not None
        assert found.expires == NOW + 8 * 3600
        await work.press("l", "escape")
        assert "Reminds   in 8 h" in work.text


async def test_what_deletes_itself_says_so(tmp_path: Path) -> None:
    tags = {**SERVING.endpoint_tags["tickets-llama-8b"], "jsft:schedule": "jsft-tickets-llama-8b"}
    world = replace(SERVING, endpoint_tags={**SERVING.endpoint_tags, "tickets-llama-8b": tags})
    async with at_endpoints(tmp_path, world=world) as work:
        await go_to(work, "tickets-llama-8b")
        assert "Deletes   in 2 h" in work.text

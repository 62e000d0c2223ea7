"""Deploying a job's model: what is chosen, what it costs, what the checks say, and what is created."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.serving.deploy.mode import Asynchronous
from jsft_tui.core.serving.deploy.plan import DeployPlan
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.serving.deploying import Deployed
from jsft_tui.services.storage.transfer import Advance
from jsft_tui.tui.base.dialog import Dialog
from jsft_tui.tui.dialogs.choice import ChoiceDialog
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.dialogs.deploy.dialog import DeployDialog
from jsft_tui.tui.dialogs.prompt import PromptDialog
from jsft_tui.tui.screens.endpoints.screen import EndpointsScreen
from jsft_tui.tui.screens.jobs.screen import JobsScreen
from jsft_tui.tui.screens.models.screen import ModelsScreen
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from tests.common.effort import PATIENCE
from tests.tui.driver.pilot import Work
from tests.tui.driver.still import StillScaling, still_app
from tests.tui.driver.worlds import BUCKET, LITE, REGION, SERVING, World, job, spec, tags
from tests.tui.screens.endpoints.serving_work import go_to, row, serving_of, table_of

pytestmark = pytest.mark.screens

DONE = "flowers-done"
HOSTED = spec(
    LITE,
    hosting_prepacked_artifact_key="prepacked/",
    default_inference_instance_type="ml.g4dn.xlarge",
    supported_inference_instance_types=["ml.g5.12xlarge", "ml.g4dn.xlarge", "ml.m5.xlarge", "ml.p3.8xlarge"],
    hosting_instance_type_variants={
        "regional_aliases": {REGION: {"any": "registry.example/serve:1"}},
        "variants": {name: {"regional_properties": {"image_uri": "$any"}} for name in ("g4dn", "g5", "m5")},
    },
)
WORLD: World = replace(
    SERVING,
    specs=[HOSTED],
    jobs=[job(DONE, "Completed", 600), *SERVING.jobs],
    tags={**SERVING.tags, DONE: tags(LITE)},
    buckets={**SERVING.buckets, BUCKET: {f"models/{DONE}/output/model.tar.gz": b"model"}},
)


@asynccontextmanager
async def deploying(folder: Path, size: tuple[int, int] = (120, 36), world: World = WORLD) -> AsyncIterator[Work]:
    """The question about the finished job, asked from the list of jobs; its checks are made."""
    app = still_app(world, folder)
    async with app.run_test(size=size) as pilot:
        work = Work(app, pilot)
        await work.wait_for(lambda: app.session is not None)
        await work.settle()
        await work.press("6")
        assert work.screen(JobsScreen).query_one(VirtualTable).move_to_key(DONE)
        await work.settle()
        await work.press("E")
        await listens(work)
        yield work


def shows(work: Work, kind: type[Dialog[Any]]) -> bool:
    """Whether a question of this kind is shown."""
    return isinstance(work.app.screen, kind)


async def listens(work: Work) -> None:
    """Wait until the question takes answers."""
    await work.settle()
    await work.wait_for(lambda: not isinstance(work.app.screen, Dialog) or not work.app.screen._is_deaf)


async def ask_again(work: Work) -> None:
    """Ask the question about the finished job once more."""
    await work.press("6")
    await work.press("E")
    await listens(work)


async def test_the_question_says_instance_time_and_cost_and_the_endpoint_is_created(tmp_path: Path) -> None:
    async with deploying(tmp_path) as work:
        assert shows(work, DeployDialog)
        said = work.question
        for text in (
            "Instance   ml.g4dn.xlarge 1 × T4",
            "Lifetime   2 hours",
            f"Name       {DONE}",
            "account 1234 5678 9012, us-west-2",
            "$0.74 an hour, $1.47 for 2 hours",
            "left running: $537 a month",
        ):
            assert text in said, said
        assert "Deploy for 2 hours" in work.text
        await work.press("enter")
        assert work.screen(EndpointsScreen)
        assert table_of(work).cursor_key == DONE
        assert "◌" in row(work, DONE)
        assert f"{DONE} is being created." in work.text
        serving = serving_of(work)
        assert DONE in serving.endpoint_names()
        assert DONE in serving.config_names()
        assert DONE in serving.model_names()
        assert "never" not in work.text


async def test_it_is_asked_from_the_jobs_own_screen_and_the_ways_are_named(tmp_path: Path) -> None:
    async with deploying(tmp_path) as work:
        await work.press("escape")
        assert work.screen(JobsScreen).status == "Not deployed."
        assert "E   Deploy an endpoint" in work.text
        await work.pilot.press("enter")
        await work.settle("job follow")
        await work.wait_for("What next")
        assert "E   Deploy an endpoint" in work.text
        await work.pilot.press("E")
        await work.wait_for(lambda: isinstance(work.app.screen, DeployDialog))


async def test_another_type_count_name_and_time_are_chosen(tmp_path: Path) -> None:
    async with deploying(tmp_path, (80, 24)) as work:
        await work.press("i")
        assert shows(work, ChoiceDialog)
        assert "$0.23/h  $168" in work.text
        assert "no quota" not in work.text.split("ml.g4dn.xlarge")[1].splitlines()[0]
        await work.type("m5")
        await work.press("enter")
        assert shows(work, DeployDialog)
        assert "ml.m5.xlarge" in work.question
        await work.press("c")
        assert shows(work, PromptDialog)
        await work.press("backspace", "3", "enter")
        assert "3 × ml.m5.xlarge" in work.question
        await work.press("n")
        await work.type("-b")
        await work.press("enter")
        assert f"{DONE}-b" in work.question
        await work.press("l")
        await work.type("another")
        await work.press("enter")
        await work.type("90m")
        await work.press("enter")
        assert "90 minutes" in work.question
        assert "$1.04 for 90 minutes" in work.question
        await work.press("enter")
        endpoint = serving_of(work).find(f"{DONE}-b")
        assert endpoint is not None
        assert endpoint.instances == {"ml.m5.xlarge": 3}
        assert endpoint.expires is not None


async def test_without_an_end_the_dollars_of_a_month_are_typed(tmp_path: Path) -> None:
    async with deploying(tmp_path) as work:
        await work.press("l")
        await work.type("somebody")
        await work.press("enter")
        assert "until somebody deletes it" in work.question
        await work.press("enter")
        assert shows(work, ConfirmDialog)
        assert "$537 in a month" in work.question
        await work.type("5")
        await work.press("enter")
        assert DONE not in serving_of(work).endpoint_names()
        await work.type("37")
        await work.press("enter")
        assert DONE in serving_of(work).endpoint_names()


async def test_what_the_checks_refuse_cannot_be_deployed(tmp_path: Path) -> None:
    world = replace(WORLD, models=[DONE, *WORLD.models])
    async with deploying(tmp_path, world=world) as work:
        assert "✖" in work.question
        assert "is the name of another model" in " ".join(work.question.split())
        await work.press("enter")
        assert shows(work, DeployDialog)
        assert DONE not in serving_of(work).endpoint_names()


async def test_a_job_without_a_model_says_why(tmp_path: Path) -> None:
    async with deploying(tmp_path) as work:
        await work.press("escape")
        assert work.screen(JobsScreen).query_one(VirtualTable).move_to_key("flowers-running")
        await work.press("E")
        assert "only a completed job has a model" in work.screen(JobsScreen).status


async def test_a_lost_connection_leaves_what_the_list_shows_and_repeating_finishes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with deploying(tmp_path) as work:

        def lose(request: object) -> str:
            raise Problem("Unreachable", "could not create the endpoint: the connection was lost.")

        with monkeypatch.context() as patch:
            patch.setattr(serving_of(work), "create_endpoint", lose)
            await work.press("enter")
        assert "the connection was lost" in work.screen(JobsScreen).status
        await work.press("7")
        keys = [table_of(work).source.key(at) for at in range(len(table_of(work).source))]
        assert {f"endpoint configuration {DONE}", f"model {DONE}"} <= set(keys)


async def test_the_same_model_is_deployed_again_from_its_endpoint(tmp_path: Path) -> None:
    async with deploying(tmp_path) as work:
        await work.press("enter")
        await go_to(work, DONE)
        await work.press("E")
        await listens(work)
        assert shows(work, ChoiceDialog)
        assert f"{DONE} has an endpoint already" in work.text
        await work.type("another")
        await work.press("enter")
        assert f"Name       {DONE}-2" in work.question
        await work.press("escape")
        await go_to(work, "churn-lightgbm")
        await work.press("E")
        assert "Whose model it is, jsft does not know" in work.text


async def test_after_a_lost_answer_the_endpoint_that_was_created_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with deploying(tmp_path) as work:
        send = work.session.services.deploying.send

        def lose(plan: DeployPlan, advance: Advance) -> Deployed:
            send(plan, advance)
            raise Problem("Unreachable", "could not create the endpoint: the connection was lost.")

        with monkeypatch.context() as patch:
            patch.setattr(work.session.services.deploying, "send", lose)
            await work.press("enter")
        assert "the connection was lost" in work.screen(JobsScreen).status
        await work.press("E")
        await listens(work)
        assert f"{DONE} has an endpoint already" in work.text
        await work.press("escape")
        assert work.screen(JobsScreen).status == "Not deployed."
        await work.press("E")
        await listens(work)
        await work.press("enter")
        assert work.screen(EndpointsScreen)
        assert table_of(work).cursor_key == DONE
        assert f"{DONE}-2" not in serving_of(work).endpoint_names()


async def test_it_answers_from_a_queue_or_without_instances(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with deploying(tmp_path) as work:
        sent: list[DeployPlan] = []

        def send(plan: DeployPlan, advance: object) -> Deployed:
            sent.append(plan)
            return Deployed(plan.deployment.name, ("endpoint",))

        monkeypatch.setattr(work.session.services.deploying, "send", send)
        assert "Answers    in real time" in work.question
        assert "It costs from its creation on, called or not." in work.question
        await work.press("m")
        await work.type("4,096")
        await work.press("enter")
        assert "serverless, 4,096 MB" in work.question
        assert "by its requests" in work.question
        assert "It costs from its creation on" not in work.question
        await work.press("enter")
        assert sent.pop().deployment.instance_type == "ml.m5.xlarge"  # not the suggested one, which has a GPU
        await ask_again(work)
        await work.press("m")
        await work.type("queue")
        await work.press("enter", "enter")
        assert "ml.g4dn.xlarge" in work.question
        assert f"from a queue, into s3://{BUCKET}/{DONE}/answers/" in " ".join(work.question.split())
        await work.press("enter")
        assert sent[-1].deployment.mode == Asynchronous(S3Uri.parse(f"s3://{BUCKET}/{DONE}/answers/"))


async def test_the_key_for_another_deploy_leaves_the_one_under_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with deploying(tmp_path) as work:
        answers = threading.Event()

        def send(plan: DeployPlan, advance: object) -> Deployed:
            answers.wait(PATIENCE)
            raise Problem("Unreachable", "could not create the endpoint: the connection was lost.")

        monkeypatch.setattr(work.session.services.deploying, "send", send)
        await work.pilot.press("enter")
        await work.wait_for(lambda: work.app.deploying == DONE)
        await work.pilot.press("E")
        try:
            assert work.app.deploying == DONE
            assert f"{DONE} is being deployed already." in work.screen(JobsScreen).status
        finally:
            answers.set()
        await work.settle()
        assert "the connection was lost" in work.screen(JobsScreen).status
        assert not work.app.deploying


async def test_an_endpoint_from_a_queue_scales_once_it_is_seen_in_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with deploying(tmp_path) as work:
        scaling = cast(StillScaling, work.session.services.account.scaling)
        await work.press("m")
        await work.type("queue")
        await work.press("enter", "enter")
        assert "once it is in service" in " ".join(work.question.split())
        await work.press("enter")
        assert "◌" in row(work, DONE)
        await work.press("r")
        assert not scaling.targets
        serving_of(work).answers_now(DONE)
        with monkeypatch.context() as patch:

            def refuse(name: str, mode: Asynchronous) -> None:
                raise Problem("Throttled", "could not register the target: too many calls.", retryable=True)

            patch.setattr(scaling, "put", refuse)
            await work.press("r")
            assert f"{DONE} does not scale to zero: could not register the target" in work.text
        await work.press("6", "7")
        assert scaling.targets == {DONE: Asynchronous(S3Uri.parse(f"s3://{BUCKET}/{DONE}/answers/"))}
        assert f"{DONE} scales to zero from now on." in work.text
        await work.press("r")
        assert "scales to zero from now on" not in work.text


async def test_a_model_with_gpus_everywhere_is_not_served_without_instances(tmp_path: Path) -> None:
    only_gpus = spec(
        LITE,
        hosting_prepacked_artifact_key="prepacked/",
        default_inference_instance_type="ml.g4dn.xlarge",
        supported_inference_instance_types=["ml.g5.12xlarge", "ml.g4dn.xlarge"],
        hosting_instance_type_variants=HOSTED["hosting_instance_type_variants"],
    )
    async with deploying(tmp_path, world=replace(WORLD, specs=[only_gpus])) as work:
        await work.press("m")
        await work.type("4,096")
        await work.press("enter")
        assert "which serverless endpoints have not" in " ".join(work.question.split())
        await work.press("enter")
        assert DONE not in serving_of(work).endpoint_names()


async def test_who_went_elsewhere_meanwhile_stays_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with deploying(tmp_path) as work:
        answers = threading.Event()

        def send(plan: DeployPlan, advance: object) -> Deployed:
            answers.wait(PATIENCE)
            return Deployed(plan.deployment.name, ("endpoint",))

        monkeypatch.setattr(work.session.services.deploying, "send", send)
        await work.pilot.press("enter")
        await work.wait_for(lambda: work.app.deploying == DONE)
        await work.pilot.press("1")
        await work.wait_for(lambda: isinstance(work.app.work_screen, ModelsScreen))
        answers.set()
        await work.settle()
        assert f"{DONE} is being created." in work.screen(ModelsScreen).status

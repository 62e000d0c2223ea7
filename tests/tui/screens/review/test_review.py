"""Screen 5: checks stream in, remedies are applied, a job is launched once."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen

from jsft_tui.core.common.findings import Level
from jsft_tui.core.run.file.run_file import parse_run
from jsft_tui.services.launch import sending, settling
from jsft_tui.tui.base.dialog import TOO_EARLY
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.screens.review.screen import ReviewScreen
from tests.common.home import BROKEN, IMAGE_MODEL, TABULAR_MODEL, Home
from tests.tui.driver.pilot import Work, at_work

GATED = "huggingface-llm-gemma-2b"
LOOK_ONLY = "pytorch-ic-resnet18"


async def review(work: Work) -> ReviewScreen:
    """The screen, once all checks were made."""
    await work.press("5")
    screen = work.screen(ReviewScreen)
    await work.wait_for(lambda: screen._review.is_done)
    await work.settle()
    return screen


def job_names(home: Home) -> list[str]:
    rows = home.sandbox.client("sagemaker").list_training_jobs(MaxResults=100)["TrainingJobSummaries"]
    return [row["TrainingJobName"] for row in rows]


async def test_an_incomplete_draft_says_what_is_missing(home: Home) -> None:
    async with at_work(home, (80, 24)) as work:
        await work.press("5")
        await work.wait_for("This run is not complete")
        assert "1  model not chosen" in work.text
        assert "3  instance not chosen" in work.text
        assert "Nothing to check yet" in work.text
        await work.press("f", "ctrl+f", "e", "x", "y", "p", "p", "v", "escape")
        await work.press("L")
        assert "not complete" in work.screen(ReviewScreen).status


async def test_findings_documents_name_and_files(home: Home, folder: Path) -> None:
    async with at_work(home, (120, 36), demo=True) as work:
        screen = await review(work)
        assert "✔ Ready to launch" in work.text
        assert "L  Launch for at most $" in work.text
        assert {finding.check for finding in screen._review.findings} >= {"credentials", "data_format", "quota", "cost"}

        await work.press("n")
        await work.press("ctrl+u")
        await work.type("flowers_")
        await work.press("enter")
        assert "1 to 63 letters" in work.text
        await work.press("backspace", "enter")
        assert work.run.name == "flowers"
        await work.wait_for(lambda: screen._review.is_done and screen._checked == work.session.run)

        await work.press("w", "enter")
        await work.wait_for("Saved flowers.yaml")
        assert parse_run((folder / "flowers.yaml").read_text()).name == "flowers"
        await work.press("w", "enter")
        await work.wait_for("exists already")
        await work.press("n")

        await work.press("x")
        await work.type("json")
        await work.press("enter", "enter")
        await work.wait_for(lambda: (folder / "flowers.json").exists())
        dry_run = home.json("launch", folder / "flowers.yaml", "--dry-run")
        assert json.loads((folder / "flowers.json").read_text()) == dry_run
        await work.press("v")
        assert '"TrainingJobName": "flowers"' in work.text
        assert screen._document_text() == json.dumps(dry_run, indent=2, ensure_ascii=False)
        await work.press("v")
        assert "boto3.client" in screen._document_text()
        await work.press("w", "enter")
        await work.wait_for("Saved flowers.py")
        assert (folder / "flowers.py").read_text() == screen._document_text()
        await work.press("v", "v", "right_square_bracket", "left_square_bracket", "v", "v")
        assert "✔ Account" in work.text


async def test_what_blocks_stands_first_and_stops_the_launch(home: Home) -> None:
    async with at_work(home, demo=True) as work:
        broken = {"training": f"s3://{BROKEN}/images-corrupt/"}
        work.session.drafts.put(
            replace(work.run, data=broken, instance=replace(work.run.instance, type="ml.p3.2xlarge"))
        )
        screen = await review(work)
        found = screen._review.worst_first
        assert found[0].level is Level.BLOCK
        assert {finding.check for finding in screen._review.blocks} >= {"quota"}
        verdict = f"✖ {len(screen._review.blocks)} to fix"
        assert verdict in work.lines[2]
        await work.press("1")
        assert verdict in work.lines[2]
        await work.press("5")
        assert f"L  launches once the {len(screen._review.blocks)} problems" in work.text or "L  once the" in work.text
        assert "L launch" not in work.lines[-1]
        await work.press("v")
        assert '    "TrainingJobName"' in work.text or '  "TrainingJobName"' in work.text  # shown all the same
        await work.press("escape")  # from the document to the findings, not to the screen before
        assert screen.is_current
        assert "▌✖" in work.text
        await work.press("j", "j", "v")
        before = job_names(home)
        await work.press("L")
        assert "block" in screen.status
        assert "▌✖" in work.text  # what blocks is looked at
        assert screen._finding == screen._review.worst_first[0]
        assert job_names(home) == before


async def test_a_remedy_shows_its_change_and_is_applied_when_agreed(home: Home) -> None:
    async with at_work(home, demo=True) as work:
        instance = replace(work.run.instance, type="ml.p3.2xlarge")
        work.session.drafts.put(replace(work.run, instance=instance))
        screen = await review(work)
        assert screen._table.cursor == 0
        assert screen._finding is not None
        await work.press("g")
        while screen._finding.fix is None:
            await work.press("j")
        assert "f fix this  ^f fix all" in work.lines[-1]
        assert f"f  {screen._finding.offer.rpartition(',')[0]}" in work.text
        assert "$" in screen._finding.offer
        await work.press("f")
        assert isinstance(work.app.screen, ConfirmDialog)
        assert "ml.p3.2xlarge →" in work.text
        await work.press("n")
        assert work.run.instance == instance
        await work.press("f", "y")
        assert work.run.instance.type != "ml.p3.2xlarge"
        await work.wait_for(lambda: screen._review.is_done and screen._checked == work.session.run)
        assert "quota" not in {finding.check for finding in screen._review.blocks}


async def test_no_remedy_is_offered_where_no_type_has_quota(home: Home) -> None:
    async with at_work(home, demo=True) as work:
        work.session.drafts.put(replace(work.run, instance=replace(work.run.instance, count=50)))
        screen = await review(work)
        quota = next(finding for finding in screen._review.findings if finding.check == "quota")
        assert quota.level is Level.BLOCK
        assert quota.fix is None
        assert not any(finding.fix for finding in screen._review.findings)
        assert "f fix" not in work.text
        assert "L launch" not in work.lines[-1]


async def test_what_is_denied_is_unknown_and_blocks_nothing(home: Home) -> None:
    async with at_work(home, demo=True) as work:
        home.sandbox.set_faults({"do": "denied", "service": "iam"})
        screen = await review(work)
        levels = {finding.check: finding.level for finding in screen._review.findings}
        assert levels["role"] is Level.UNKNOWN
        assert screen._review.blocks == ()
        assert "Ready to launch" in work.text
        assert "unknown" in work.lines[3]


async def test_a_license_is_read_and_accepted(home: Home) -> None:
    async with at_work(home) as work:
        run, spec = work.session.services.planning.first_run(GATED)
        work.session.spec = spec
        work.session.drafts.put(run)
        screen = await review(work)
        assert "eula" in {finding.check for finding in screen._review.blocks}
        await work.press("f")
        assert "License of gemma-2b" in work.text
        await work.press("y", "w")
        assert "Save the license to" in work.text
        await work.press("escape")
        before = work.run
        assert not before.accept_eula
        await work.press("a")
        assert work.run.accept_eula
        await work.wait_for(lambda: screen._review.is_done and screen._checked == work.session.run)
        assert "eula" not in {finding.check for finding in screen._review.blocks}


async def test_l_launches_one_job_and_the_next_one_has_another_name(home: Home) -> None:
    async with at_work(home, demo=True) as work:
        await review(work)
        before, name = job_names(home), work.run.name
        await work.press("L")
        assert "Launch this job?" in work.text
        await work.press("n")
        assert job_names(home) == before
        await work.press("L", "L")
        await work.pilot.press("enter")
        await work.wait_for(lambda: work.app.job_name == name)
        assert [each for each in job_names(home) if each not in before] == [name]
        assert work.run.name != name
        await work.press("c")  # nothing is lost: what was launched is the job
        assert not isinstance(work.app.screen, ConfirmDialog)
        await work.press("c")  # this draft never was
        assert "never launched" in work.question


async def test_enter_right_behind_l_is_for_the_question_that_comes(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jsft_tui.tui.base.dialog.INPUT_DELAY", 3600.0)
    async with at_work(home, demo=True) as work:
        screen, before = await review(work), job_names(home)
        await work.press("p")  # enter would read one of the checks
        home.sandbox.set_faults({"do": "hold", "service": "iam", "seconds": 3600})
        await work.pilot.press("L", "enter")
        assert "Answer the question once it is here" in screen.status
        home.sandbox.set_faults()
        await work.settle()
        question: Screen[Any] = work.app.screen
        await work.press("enter")  # in the first moment: it may have been pressed before
        assert work.app.screen is question
        assert isinstance(question, ConfirmDialog)
        assert TOO_EARLY in work.text
        assert job_names(home) == before
        question.listen()
        await work.pilot.press("enter")
        await work.wait_for(lambda: bool(work.app.job_name))
        assert len(job_names(home)) == len(before) + 1


async def test_l_while_checks_run_shows_each_finding_once(home: Home) -> None:
    async with at_work(home, demo=True) as work:
        home.sandbox.set_faults({"do": "hold", "service": "iam", "seconds": 3600})
        await work.pilot.press("5")
        screen = work.screen(ReviewScreen)
        await work.wait_for(lambda: len(screen._review.findings) > 1)
        await work.pilot.press("L")
        home.sandbox.set_faults()
        await work.settle()
        assert isinstance(work.app.screen, ConfirmDialog)
        found = [(finding.check, finding.message) for finding in screen._review.findings]
        assert len(found) == len(set(found))
        assert screen._review.is_done
        await work.press("n")
        assert screen.status == "Not launched."
        assert screen._checked == work.session.run


async def test_what_is_asked_is_the_draft_that_was_checked_and_only_on_its_screen(home: Home) -> None:
    async with at_work(home, demo=True) as work:
        screen = await review(work)
        before = job_names(home)
        hold = {"do": "hold", "service": "iam", "seconds": 3600}
        home.sandbox.set_faults(hold)
        await work.pilot.press("L")
        work.session.drafts.put(replace(work.run, name="another-name"))
        home.sandbox.set_faults()
        await work.settle()
        assert "the draft was changed meanwhile" in screen.status
        await work.wait_for(lambda: screen._review.is_done and screen._checked == work.session.run)  # checked anew

        home.sandbox.set_faults(hold)
        await work.pilot.press("L", "1")
        home.sandbox.set_faults()
        await work.settle()
        assert not isinstance(work.app.screen, ConfirmDialog)
        await work.pilot.press("y")
        await work.press("5")  # here it waits
        assert isinstance(work.app.screen, ConfirmDialog)
        work.session.drafts.put(replace(work.run, name="yet-another"))
        await work.press("y")
        assert "the draft was changed meanwhile" in screen.status
        assert job_names(home) == before


async def test_a_run_that_was_launched_before_is_found_and_a_name_of_another_run_is_refused(home: Home) -> None:
    async with at_work(home, demo=True) as work:
        first, services = work.run, work.session.services
        services.launch.send(services.planning.plan(first))
        before = job_names(home)
        screen = await review(work)
        assert not [finding.check for finding in screen._review.blocks]  # though it holds the quota
        home.wait_for_jobs()
        await work.pilot.press("L")
        await work.wait_for(lambda: "was launched before" in work.question)
        assert "nothing is launched now" in work.question
        assert work.app.job_name == first.name
        assert work.run.name != first.name
        await work.pilot.press("escape", "5")

        other = {**first.hyperparameters, "epochs": "1"}
        work.session.drafts.put(replace(first, hyperparameters=other))
        await work.pilot.press("L")  # before the checks say so
        await work.wait_for("Not launched")
        assert "exists already" in work.text
        await work.pilot.press("escape")
        await work.wait_for(lambda: screen._review.is_done)
        assert "name" in {finding.check for finding in screen._review.blocks}
        assert screen._table.move_to_key("name 0")
        await work.pilot.press("f")
        await work.wait_for("Apply this fix?")
        await work.pilot.press("y")
        assert work.run.name.startswith(first.name)
        assert work.run.name != first.name
        assert job_names(home) == before


async def test_leaving_asks_while_a_launch_is_not_answered(home: Home) -> None:
    async with at_work(home, demo=True) as work:
        await review(work)
        name = work.run.name
        await work.press("L")
        hold = {"do": "hold", "service": "sagemaker", "operation": "CreateTrainingJob", "seconds": 3600}
        home.sandbox.set_faults(hold)
        await work.pilot.press("y")
        await work.pilot.press("q")
        await work.wait_for(lambda: "is not answered yet" in work.question)
        assert "jsft looks for the job at its next start" in work.question
        await work.pilot.press("n")
        home.sandbox.set_faults()
        await work.wait_for(lambda: work.app.job_name == name)
        assert job_names(home).count(name) == 1


@pytest.mark.parametrize(("above", "key"), [(0.5, "2"), (50.0, "")])
async def test_above_the_threshold_the_dollars_have_to_be_typed(
    home: Home, tmp_path: Path, above: float, key: str
) -> None:
    async with at_work(home, demo=True) as work:
        object.__setattr__(work.session.services.config, "confirm_above_usd", above)
        screen = await review(work)
        before = job_names(home)
        await work.press("L")
        assert isinstance(work.app.screen, ConfirmDialog)
        assert ("Type the whole dollars" in work.text) == bool(key)
        if key:
            await work.press("y", "enter")
            assert "That is not 2" in work.text
            assert job_names(home) == before
        await work.press("escape")
        assert screen.status == "Not launched."


async def test_a_model_that_the_sandbox_cannot_train_is_switched_for_one_that_trains_here(home: Home) -> None:
    async with at_work(home, (120, 36), demo=True) as work:
        run, _ = work.session.services.planning.first_run(LOOK_ONLY)
        work.session.drafts.put(run)
        screen = await review(work)
        assert screen._finding is not None
        assert screen._finding.check == "sandbox"
        assert "f  Switch to efficientnet-lite0, which trains here" in work.text
        await work.press("f", "enter")
        assert work.run.model.id == IMAGE_MODEL
        await work.wait_for(lambda: screen._review.is_done and screen._checked == work.session.run)
        await work.wait_for("Ready to launch")


async def test_all_fixes_are_shown_and_applied_at_once(home: Home) -> None:
    async with at_work(home, demo=True) as work:
        services = work.session.services
        services.launch.send(services.planning.plan(work.run))
        home.wait_for_jobs()
        instance = replace(work.run.instance, type="ml.p3.2xlarge")
        work.session.drafts.put(replace(work.run, instance=instance))
        screen = await review(work)
        assert {finding.check for finding in screen._review.blocks} == {"name", "quota"}
        await work.press("ctrl+f")
        assert "Apply these 2 fixes?" in work.text
        before = work.run
        await work.press("enter")
        assert (work.run.name, work.run.instance.type) != (before.name, before.instance.type)
        await work.wait_for(lambda: screen._review.is_done and screen._checked == work.session.run)
        assert screen._review.blocks == ()


async def test_all_checks_one_by_one_and_what_passed_is_scrolled_to(home: Home) -> None:
    async with at_work(home, (60, 15), demo=True) as work:
        screen = await review(work)
        assert "show all" not in work.text  # no room
        await work.press("G")
        assert "show all" in work.text
        await work.press("p")
        assert "1 of 2" in work.text
        assert len(screen._table.source) == len(screen._review.findings)
        await work.press("escape")
        assert "✔ Account" in work.text


async def test_the_run_tells_what_is_other_than_the_last_time(home: Home) -> None:
    async with at_work(home, (120, 36), demo=True) as work:
        services = work.session.services
        services.launch.send(services.planning.plan(work.run))
        home.wait_for_jobs()
        values = {**work.run.hyperparameters, "epochs": "2"}
        work.session.drafts.put(replace(work.run, name="another", hyperparameters=values))
        await work.press("6")
        await work.wait_for(lambda: any(job.instance_type for job in work.session.job_list.state.jobs))
        await review(work)
        await work.wait_for("Since your last run of this model")
        assert "10 → 2" in work.text
        assert "last time $" in work.text


async def test_where_the_price_is_unknown_the_question_says_so(home: Home) -> None:
    async with at_work(home) as work:
        run, spec = work.session.services.planning.first_run(TABULAR_MODEL)
        work.session.spec = spec
        work.session.drafts.put(replace(run, instance=replace(run.instance, type="ml.m4.xlarge")))
        await work.press("5", "L")
        assert isinstance(work.app.screen, ConfirmDialog)
        assert "! unknown: there is no price" in work.text
        assert "enter  Launch" in work.text
        await work.press("escape")


async def test_a_question_about_a_draft_that_was_changed_is_not_asked(home: Home) -> None:
    async with at_work(home) as work:
        run, spec = work.session.services.planning.first_run(GATED)
        work.session.spec = spec
        work.session.drafts.put(run)
        await review(work)
        other, spec = work.session.services.planning.first_run(IMAGE_MODEL)
        home.sandbox.set_faults({"do": "hold", "service": "s3", "seconds": 3600})
        await work.pilot.press("e")
        work.session.spec = spec
        work.session.drafts.put(other)
        home.sandbox.set_faults()
        await work.settle()
        await work.press("y")
        assert work.run.accept_eula is False


async def test_read_only_says_why_nothing_is_launched(home: Home) -> None:
    async with at_work(home, demo=True, JSFT_READ_ONLY="1") as work:
        screen = await review(work)
        assert "READ-ONLY" in work.text
        await work.press("L")
        assert "read-only" in screen.status


async def test_a_launch_that_is_refused_says_so_and_can_be_tried_again(home: Home) -> None:
    async with at_work(home, demo=True) as work:
        await review(work)
        before = job_names(home)
        home.sandbox.set_faults({"do": "denied", "service": "sagemaker", "operation": "CreateTrainingJob"})
        await work.press("L", "y")
        await work.wait_for("Not launched")
        assert job_names(home) == before
        home.sandbox.set_faults()
        await work.press("escape", "L")
        assert isinstance(work.app.screen, ConfirmDialog)


async def test_a_launch_whose_answer_is_lost_is_not_called_failed_and_is_settled_at_the_next_start(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (sending, settling):
        monkeypatch.setattr(module, "ASK_AGAIN", (0.0,))
    monkeypatch.setattr(sending, "SEND_AGAIN", (0.0,))
    async with at_work(home, demo=True) as work:
        await review(work)
        name = work.run.name
        await work.press("L")
        lost = {"do": "lost", "service": "sagemaker", "operation": "CreateTrainingJob", "times": None}
        home.sandbox.set_faults(
            lost, {"do": "denied", "service": "sagemaker", "operation": "DescribeTrainingJob", "times": None}
        )
        await work.pilot.press("y")
        await work.wait_for("It is not known whether it was launched")
        assert "Not launched" not in work.text
        assert "under another name" in work.question
        await work.press("escape")
    home.sandbox.set_faults()
    async with at_work(home, settled=False) as work:
        await work.wait_for("Launches that were not answered")
        assert f"{name}, whose launch was not answered, was launched (" in work.question
    assert job_names(home).count(name) == 1


async def test_it_is_checked_again_once_the_job_that_took_the_quota_has_ended(home: Home) -> None:
    async with at_work(home, demo=True) as work:
        screen = await review(work)
        await work.press("L")
        await work.wait_for("Launch this job?")
        await work.press("enter")
        await work.wait_for("What next")  # the only instance of its type was in use meanwhile
        await work.press("5")
        await work.wait_for(lambda: screen._review.is_done and not screen._review.blocks)


async def test_nothing_is_checked_behind_another_screen(home: Home) -> None:
    async with at_work(home, (100, 30), demo=True) as work:
        screen = await review(work)
        checked = screen._review
        await work.press("6")
        screen.check_if_shown()  # as the timer does that a launched job's start has set
        assert screen._review is checked
        await work.press("5")
        screen.check_if_shown()
        assert screen._review is not checked

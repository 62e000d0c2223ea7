"""Screen 5: checks stream in, remedies are applied, a job is launched once."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from jsft_tui.core.common.findings import Level
from jsft_tui.core.run.run_file import parse_run
from jsft_tui.services.preflight.run import checked_request
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.screens.review.screen import ReviewScreen
from tests.home import BROKEN, IMAGE_MODEL, TABULAR_MODEL, Home
from tests.tui.pilot import Work, at_work

GATED = "huggingface-llm-gemma-2b"


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
        await work.wait_for("The draft is not complete")
        text = " ".join(work.text.split())
        assert "model not chosen (press 1)" in text
        assert "instance not chosen (press 3)" in text
        assert "Nothing to check yet" in text
        await work.press("f", "e", "x", "y")
        await work.press("L")
        assert "not complete" in work.screen(ReviewScreen).status


async def test_findings_documents_name_and_files(home: Home, folder: Path) -> None:
    async with at_work(home, (120, 36), demo=True) as work:
        screen = await review(work)
        assert "nothing blocks" in work.text
        assert "at most $" in work.text
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
        await work.wait_for("Saved flowers.json")
        dry_run = home.json("launch", folder / "flowers.yaml", "--dry-run")
        assert json.loads((folder / "flowers.json").read_text()) == dry_run
        await work.press("v")
        assert '"TrainingJobName": "flowers"' in work.text
        assert screen._document_text() == json.dumps(dry_run, indent=2, ensure_ascii=False)
        await work.press("v", "v")
        assert "boto3" in work.text
        await work.press("v")
        assert "nothing blocks" in work.text


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
        header = work.lines[0]
        assert f"✖ {len(screen._review.open)} finding" in header
        await work.press("1")
        assert f"✖ {len(screen._review.open)} finding" in work.lines[0]
        await work.press("5", "v")
        assert '    "TrainingJobName"' in work.text or '  "TrainingJobName"' in work.text  # shown all the same
        await work.press("escape")  # from the document to the findings, not to the screen before
        assert screen.is_current
        assert "CHECK" in work.text
        await work.press("j", "j", "v")
        before = job_names(home)
        await work.press("L")
        assert "block" in screen.status
        assert "CHECK" in work.text  # what blocks is looked at
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
        assert "f fix" in work.lines[-1]
        await work.press("f")
        assert isinstance(work.app.screen, ConfirmDialog)
        assert "ml.p3.2xlarge ->" in work.text
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
        assert "L launch" in work.lines[-1]


async def test_what_is_denied_is_unknown_and_blocks_nothing(home: Home) -> None:
    async with at_work(home, demo=True) as work:
        home.sandbox.set_faults({"do": "denied", "service": "iam"})
        screen = await review(work)
        levels = {finding.check: finding.level for finding in screen._review.findings}
        assert levels["role"] is Level.UNKNOWN
        assert screen._review.blocks == ()
        assert "unknown" in screen._review.summary


async def test_a_licence_is_read_and_accepted(home: Home) -> None:
    async with at_work(home) as work:
        run, spec = work.session.services.first_run(GATED)
        work.session.spec = spec
        work.session.drafts.put(run)
        screen = await review(work)
        assert "eula" in {finding.check for finding in screen._review.blocks}
        await work.press("e")
        assert "accept the licence" in work.text
        await work.press("y")
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
        await work.pilot.press("y")
        await work.wait_for(lambda: work.app.job_name == name)
        assert [each for each in job_names(home) if each not in before] == [name]
        assert work.run.name != name
        await work.press("c")  # nothing is lost: what was launched is the job
        assert not isinstance(work.app.screen, ConfirmDialog)
        await work.press("c")  # this draft never was
        assert "never launched" in " ".join(work.text.split())


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
        services.launcher.launch(checked_request(services.plan(first)))
        before = job_names(home)
        screen = await review(work)
        assert not [finding.check for finding in screen._review.blocks]  # though it holds the quota
        home.wait_for_jobs()
        await work.pilot.press("L")
        await work.wait_for("was launched before")
        await work.wait_for(lambda: "nothing is launched now" in " ".join(work.text.split()))
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
        await work.wait_for("Apply this remedy?")
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
        await work.wait_for("is not answered yet")
        assert "Launching it again finds the job" in " ".join(work.text.split())
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
        assert ("type 2 and enter" in work.text) == bool(key)
        if key:
            await work.press("y", "enter")
            assert job_names(home) == before
        await work.press("escape")
        assert screen.status == "Not launched."


async def test_where_the_price_is_unknown_the_question_says_so(home: Home) -> None:
    async with at_work(home) as work:
        run, spec = work.session.services.first_run(TABULAR_MODEL)
        work.session.spec = spec
        work.session.drafts.put(replace(run, instance=replace(run.instance, type="ml.m4.xlarge")))
        await work.press("5", "L")
        assert isinstance(work.app.screen, ConfirmDialog)
        assert "! unknown: there is no price" in work.text
        assert "y launch" in work.text
        await work.press("escape")


async def test_a_question_about_a_draft_that_was_changed_is_not_asked(home: Home) -> None:
    async with at_work(home) as work:
        run, spec = work.session.services.first_run(GATED)
        work.session.spec = spec
        work.session.drafts.put(run)
        await review(work)
        other, spec = work.session.services.first_run(IMAGE_MODEL)
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

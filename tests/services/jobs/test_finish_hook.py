"""The command at a job's end learns of the job by its environment, and by nothing else."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.services.jobs.finish_hook import FinishHook, run_on_finish
from tests.core.jobs.examples import ARN, answer

JOB = replace(TrainingJob.parse(answer(), {}), name="x; touch pwned $(touch pwned)")


def test_the_command_is_given_name_status_and_arn_and_no_terminal(tmp_path: Path) -> None:
    script = tmp_path / "tell.py"
    script.write_text(
        "import os, sys\n"
        "names = ('JSFT_JOB_NAME', 'JSFT_JOB_STATUS', 'JSFT_JOB_ARN')\n"
        "told = [os.environ[n] for n in names] + [str(os.getsid(0) == os.getpid()), *sys.argv[2:]]\n"
        "print('nobody reads this')\n"
        "open(sys.argv[1], 'w').write('\\n'.join(told))\n"
    )
    run_on_finish(f"{sys.executable} {script} {tmp_path / 'told'} '$JSFT_JOB_NAME; two words'", JOB)

    told = (tmp_path / "told").read_text().splitlines()
    assert told == [JOB.name, "Completed", ARN, "True", "$JSFT_JOB_NAME; two words"]


@pytest.mark.parametrize(
    ("command", "says"),
    [("false", "false ended with 1"), ("/no/such/program", "cannot be started"), ("say 'x", "cannot be read")],
)
def test_what_goes_wrong_is_told_in_a_line(command: str, says: str) -> None:
    with pytest.raises(Problem, match=says):
        run_on_finish(command, JOB)


def test_an_empty_command_does_nothing() -> None:
    run_on_finish("  ", JOB)


def test_whoever_is_first_runs_it_and_nobody_a_second_time(tmp_path: Path) -> None:
    told = tmp_path / "told"
    command = f"{sys.executable} -c \"open({str(told)!r}, 'a').write('x')\""
    one, other = FinishHook(command, tmp_path / "finished"), FinishHook(command, tmp_path / "finished")

    assert (one.run(JOB), other.run(JOB), one.run(JOB)) == (True, False, False)
    assert told.read_text() == "x"
    assert other.run(replace(JOB, created=JOB.created + 60))  # deleted, and launched again under its name
    assert told.read_text() == "xx"
    assert not FinishHook(None, tmp_path / "nowhere").run(JOB)
    assert not (tmp_path / "nowhere").exists()


def test_what_was_run_long_ago_is_forgotten(tmp_path: Path) -> None:
    hook = FinishHook("true", tmp_path)
    assert hook.run(JOB)
    for mark in tmp_path.iterdir():
        os.utime(mark, (1, 1))
    assert hook.run(replace(JOB, arn="another"))
    assert len(list(tmp_path.iterdir())) == 1

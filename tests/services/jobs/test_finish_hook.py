"""The `on_finish` command gets the job in environment variables only."""

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


def test_the_command_gets_name_status_and_arn_and_no_terminal(tmp_path: Path) -> None:
    script = tmp_path / "tell.py"
    script.write_text(
        "import os, sys\n"
        "names = ('JSFT_JOB_NAME', 'JSFT_JOB_STATUS', 'JSFT_JOB_ARN')\n"
        "output = [os.environ[n] for n in names] + [str(os.getsid(0) == os.getpid()), *sys.argv[2:]]\n"
        "print('nobody reads this')\n"
        "open(sys.argv[1], 'w').write('\\n'.join(output))\n"
    )
    run_on_finish(f"{sys.executable} {script} {tmp_path / 'output'} '$JSFT_JOB_NAME; two words'", JOB)

    output = (tmp_path / "output").read_text().splitlines()
    assert output == [JOB.name, "Completed", ARN, "True", "$JSFT_JOB_NAME; two words"]


@pytest.mark.parametrize(
    ("command", "code", "names"),
    [
        ("false", "OnFinishFailed", "false"),
        ("/no/such/program", "OnFinishFailed", "/no/such/program"),
        ("say 'x", "BadConfig", "on_finish"),
    ],
)
def test_a_command_that_fails_is_named_in_one_line(command: str, code: str, names: str) -> None:
    with pytest.raises(Problem) as caught:
        run_on_finish(command, JOB)
    assert caught.value.code == code
    assert names in caught.value.message
    assert "\n" not in caught.value.message


def test_an_empty_command_does_nothing() -> None:
    run_on_finish("  ", JOB)


def test_the_first_process_runs_it_and_no_other_one(tmp_path: Path) -> None:
    output = tmp_path / "output"
    command = f"{sys.executable} -c \"open({str(output)!r}, 'a').write('x')\""
    one, other = FinishHook(command, tmp_path / "finished"), FinishHook(command, tmp_path / "finished")

    assert (one.run(JOB), other.run(JOB), one.run(JOB)) == (True, False, False)
    assert output.read_text() == "x"
    assert other.run(replace(JOB, created=JOB.created + 60))  # deleted, and launched again under its name
    assert output.read_text() == "xx"
    assert not FinishHook(None, tmp_path / "nowhere").run(JOB)
    assert not (tmp_path / "nowhere").exists()


def test_old_markers_are_deleted(tmp_path: Path) -> None:
    hook = FinishHook("true", tmp_path)
    assert hook.run(JOB)
    for mark in tmp_path.iterdir():
        os.utime(mark, (1, 1))
    assert hook.run(replace(JOB, arn="another"))
    assert len(list(tmp_path.iterdir())) == 1

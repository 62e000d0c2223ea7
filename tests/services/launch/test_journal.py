"""The journal is written whole or refuses the launch, and tells targets, accounts and runs apart."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.core.common.errors import Problem
from jsft_tui.services.launch.journal import Event, Journal, Place, account_in, digest_of
from tests.cli.runs import created_jobs, run_file, unique_name
from tests.common.effort import PATIENCE
from tests.common.home import Home

HERE = Place("AWS us-west-2", "us-west-2")
REQUEST: dict[str, Any] = {
    "TrainingJobName": "flowers-1",
    "RoleArn": "arn:aws:iam::123456789012:role/Train",
    "HyperParameters": {"epochs": "5", "sagemaker_job_name": '"flowers-1"'},
    "Environment": {"HF_TOKEN": "secret"},
}


def journal_at(path: Path, place: Place = HERE) -> Journal:
    return Journal(path, lambda: place)


def test_a_write_that_is_cut_short_is_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, bytes(data[:7])))
    journal = journal_at(tmp_path / "journal")
    journal.note(Event.LAUNCHING, REQUEST)
    journal.note(Event.LAUNCHED, REQUEST, "arn:1")

    assert [entry.event for entry in journal.entries()] == ["launching", "launched"]


def test_a_disk_that_gets_full_leaves_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = journal_at(tmp_path / "journal")
    journal.note(Event.LAUNCHING, REQUEST)
    before = (tmp_path / "journal").read_bytes()
    write, room = os.write, [9, 0]
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, bytes(data[: room.pop(0)])))

    with pytest.raises(Problem, match="No space left") as caught:
        journal.note(Event.LAUNCHED, REQUEST)

    assert caught.value.code == "CannotWrite"
    assert (tmp_path / "journal").read_bytes() == before


def test_half_a_line_of_a_program_that_died_does_not_swallow_the_next_one(tmp_path: Path) -> None:
    journal = journal_at(tmp_path / "journal")
    journal.note(Event.LAUNCHING, REQUEST)
    with (tmp_path / "journal").open("ab") as file:
        file.write(b'{"time": 2.0, "eve')
    journal.note(Event.LAUNCHED, REQUEST)

    assert [entry.event for entry in journal.entries()] == ["launching", "launched"]


LAUNCH = """
import resource, sys
from jsft_tui.__main__ import main
limit = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
sys.exit(main())
"""


def test_no_call_is_made_where_the_disk_refuses_the_line(home: Home, folder: Path) -> None:
    journal, name = home.paths.journal_file, unique_name("full")
    path = run_file(folder, name)
    assert home.jsft("launch", run_file(folder, unique_name("first")), "--yes").code == 0
    before = journal.read_bytes()
    home.sandbox.forget_calls()

    # A limit on the size of files: the kernel writes a part of the line, and then refuses. -B: compiled modules are
    # files, too, and Python does not see that they were cut.
    command = [sys.executable, "-B", "-c", LAUNCH, str(len(before) + 40), "launch", str(path), "--yes", "--sandbox"]
    variables = {**os.environ, **home.environment()}
    done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=PATIENCE, check=False)

    assert done.returncode == 2, done
    assert "launches.jsonl cannot be written" in done.stderr
    assert created_jobs(home) == 0
    assert journal.read_bytes() == before


def test_two_processes_write_whole_lines(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from jsft_tui.services.launch.journal import Event, Journal, Place\n"
        "journal = Journal(Path(sys.argv[1]), lambda: Place('AWS us-west-2', 'us-west-2'))\n"
        "sys.stdin.readline()\n"
        "for number in range(40): journal.note(Event.LAUNCHING, {'TrainingJobName': f'{sys.argv[2]}-{number}',"
        " 'text': 'x' * 9000})\n"
    )
    path = tmp_path / "journal"
    command = [sys.executable, "-c", program, str(path)]
    processes = [subprocess.Popen([*command, name], stdin=subprocess.PIPE, text=True) for name in ("a", "b")]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate(timeout=PATIENCE)
        assert process.returncode == 0

    assert len(journal_at(path).entries()) == 80
    assert len(path.read_bytes().splitlines()) == 80
    assert [each.name for each in tmp_path.iterdir()] == ["journal"]


def test_regions_endpoints_and_accounts_are_distinguished(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal_at(path).note(Event.LAUNCHING, REQUEST)
    journal_at(path).note(Event.REFUSED, {**REQUEST, "RoleArn": "arn:aws:iam::999999999999:role/Train"})

    [entry] = journal_at(path, replace(HERE, label="profile work us-west-2")).unsettled()
    assert (entry.account, entry.region, entry.endpoint) == ("123456789012", "us-west-2", "")
    assert journal_at(path, replace(HERE, region="eu-west-1")).unsettled() == []
    assert journal_at(path, replace(HERE, endpoint="http://localhost:4566")).unsettled() == []


def test_a_line_of_an_earlier_version_is_of_the_target_that_it_names(tmp_path: Path) -> None:
    line = '{"time": 1.0, "event": "launching", "name": "old", "target": "AWS us-west-2", "digest": "", "arn": ""}\n'
    (tmp_path / "journal").write_text(line)
    assert [entry.name for entry in journal_at(tmp_path / "journal").unsettled()] == ["old"]
    assert journal_at(tmp_path / "journal", Place("SANDBOX us-west-2", "us-west-2", "sandbox")).unsettled() == []


@pytest.mark.parametrize("line", ['{"time": "x"}', "[]", "[" * 99_999, '{"time": 1, "event": 2, "name": 3}', "1"])
def test_a_line_that_is_no_entry_is_left_out(tmp_path: Path, line: str) -> None:
    (tmp_path / "journal").write_text(line + "\n")
    assert journal_at(tmp_path / "journal").entries() == []


def test_what_may_be_secret_is_not_written(tmp_path: Path) -> None:
    journal_at(tmp_path / "journal").note(Event.LAUNCHING, REQUEST)
    assert "secret" not in (tmp_path / "journal").read_text()


def test_a_run_under_another_name_is_the_same_run() -> None:
    renamed = {**REQUEST, "TrainingJobName": "b-2", "HyperParameters": {"epochs": "5", "sagemaker_job_name": '"b-2"'}}
    assert digest_of(renamed) == digest_of(REQUEST)
    assert digest_of({**REQUEST, "HyperParameters": {"epochs": "6"}}) != digest_of(REQUEST)
    assert account_in(REQUEST) == "123456789012"
    assert account_in({}) == ""


def test_a_journal_that_cannot_be_read_refuses_the_launch_and_shows_the_jobs(home: Home, folder: Path) -> None:
    path = run_file(folder, unique_name("unreadable"))
    journal, aside = home.paths.journal_file, folder / "aside"
    if journal.exists():
        journal.rename(aside)
    journal.mkdir(parents=True)
    try:
        home.sandbox.forget_calls()
        launch, jobs = home.jsft("launch", path, "--yes"), home.jsft("jobs")
    finally:
        journal.rmdir()
        if aside.exists():
            aside.rename(journal)
    assert (launch.code, created_jobs(home)) == (2, 0)
    assert jobs.code == 0
    for outcome in (launch, jobs):
        assert str(journal) in outcome.err
        assert "unexpected" not in outcome.err

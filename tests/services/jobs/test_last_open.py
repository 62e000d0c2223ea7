"""What ended since jsft was last open."""

from __future__ import annotations

from pathlib import Path

from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.services.jobs.last_open import WRITE_EVERY, LastOpen
from tests.core.jobs.examples import ENDED, answer

JOB = TrainingJob.parse(answer(), {})
END = ENDED.timestamp()


def test_a_job_that_ended_while_jsft_was_closed_is_found_at_the_next_start(tmp_path: Path) -> None:
    file = tmp_path / "state" / "last.json"
    before = LastOpen(file, lambda: END - 60)
    assert before.ended([JOB]) == ()  # it was never open
    before.mark()

    after = LastOpen(file, lambda: END + 60)
    assert after.ended([JOB]) == (JOB,)
    after.mark()
    assert after.ended([JOB]) == (JOB,)  # as long as this jsft is open

    assert LastOpen(file).ended([JOB]) == ()


def test_the_moment_is_written_now_and_then(tmp_path: Path) -> None:
    file, times = tmp_path / "last.json", iter([END, END, END + 1, END + WRITE_EVERY, END + WRITE_EVERY])
    last = LastOpen(file, lambda: next(times))
    last.mark()
    last.mark()
    assert LastOpen(file).left == END
    last.mark()
    assert LastOpen(file).left == END + WRITE_EVERY


def test_a_damaged_file_is_as_none(tmp_path: Path) -> None:
    file = tmp_path / "last.json"
    for content in ("", "[]", '{"left": "soon"}', '{"left": null}'):
        file.write_text(content)
        assert LastOpen(file).left is None

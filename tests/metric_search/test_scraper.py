"""Metrics found in log lines with anybody's regular expressions."""

from __future__ import annotations

import errno
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.core.common.text import clean_log
from jsft_tui.core.jobs.metrics.log_metrics import LogLine, Point
from jsft_tui.metric_search import program
from jsft_tui.metric_search.child import SearchChild, SearchResult
from jsft_tui.metric_search.scraper import MAX_FAILURES, MetricScraper
from tests.common.effort import PATIENCE

LOSS = ("loss", r"loss: ([0-9\.]+)")


def test_all_metrics_of_all_lines_are_found_and_what_is_unusable_stops_nothing() -> None:
    scraper = MetricScraper([("none", "loss: [0-9]+"), ("bad", "loss: ([0-9"), LOSS, ("step", r"step (\d+)")])
    lines = [LogLine(7.0, "step 1 loss: 0.5"), LogLine(8.0, "saved"), LogLine(9.0, "step 2 loss: 1e-05 \ud800")]
    assert scraper.points(lines) == [
        Point("loss", 7.0, 0.5), Point("step", 7.0, 1.0), Point("loss", 9.0, 1e-05), Point("step", 9.0, 2.0),
    ]  # fmt: skip
    assert [reason.split()[3] for reason in scraper.unused] == ["none", "bad"]
    scraper.close()
    assert list(scraper.all_points(iter(lines))) == scraper.points(lines)  # closed, it begins anew
    scraper.close()


@pytest.mark.parametrize("received", [b"", b'[["lo', b'[["loss", "loss: (.*)"]]\n', b'[["loss", "loss: (.*)"]]\n["lo'])
def test_the_child_ends_quietly_with_its_parent(received: bytes) -> None:
    ended = subprocess.run([sys.executable, "-I", "-S", program.__file__], input=received, capture_output=True)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")


def test_what_a_progress_bar_wrote_over_counts() -> None:
    """Hugging Face's trainer writes its metrics between two states of tqdm's bar."""
    written = "\r 50%|█████     | 5/10{'loss': 1.25, 'epoch': 1.0}\r 60%|██████    | 6/10"
    line = LogLine(1.0, clean_log(written), message=written)
    assert line.text == " 60%|██████    | 6/10"
    scraper = MetricScraper([("loss", r"'loss': ([0-9\.]+)")])
    assert scraper.points([line]) == [Point("loss", 1.0, 1.25)]
    scraper.close()


def test_an_expression_without_end_holds_nothing_up_and_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    scraper = MetricScraper([("endless", "(a|aa)+$"), ("nested", r"(\d+)+x"), LOSS])
    found: list[Point] = []
    lines = [LogLine(float(n), f"{'a' * 60} {'1' * 60} loss: {n}") for n in range(5)]
    # In a thread: searched for in this process, the expressions would let no other thread run again.
    thread = threading.Thread(target=lambda: found.extend(scraper.points(lines)))
    thread.start()
    thread.join(PATIENCE)
    assert [point.value for point in found] == [0, 1, 2, 3, 4]
    assert len(scraper.unused) == 2
    scraper.close()
    asked: list[object] = []
    monkeypatch.setattr(SearchChild, "_write", lambda child, document: asked.append(document))
    monkeypatch.setattr(SearchChild, "search", lambda child, texts: SearchResult((), ()))
    scraper.points(lines)
    assert asked == [[LOSS]]  # another process does not strive with them again
    scraper.close()


def test_without_the_searching_process_there_are_no_metrics_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pytest.TempPathFactory
) -> None:
    monkeypatch.setattr(program, "__file__", f"{tmp_path}/no-such-program.py")
    scraper = MetricScraper([LOSS])
    for _ in range(MAX_FAILURES + 1):
        assert scraper.points([LogLine(1.0, "loss: 1")]) == []
    assert len(scraper.unused) == 1
    assert scraper.last_points() == []


def test_a_definition_that_is_slow_on_every_line_is_dropped_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = Path(program.__file__).read_text()
    quick = tmp_path / "program.py"
    quick.write_text(source.replace("BUDGET_SECONDS = 1.0", "BUDGET_SECONDS = 0.1"))
    assert quick.read_text() != source
    monkeypatch.setattr(program, "__file__", str(quick))
    scraper = MetricScraper([("slow", ".*x=([0-9])"), LOSS])  # some milliseconds, as it tries from every character
    lines = [LogLine(float(n), f"{'a' * 3_000} loss: {n}") for n in range(60)]
    for line in lines[:40]:
        assert len(scraper.points([line])) == 1
    assert scraper.unused == []  # what it takes counts by the batch
    assert [point.value for point in scraper.points(lines)] == list(range(60))
    assert len(scraper.unused) == 1
    assert "slow" in scraper.unused[0]
    assert [point.value for point in scraper.points(lines[:3])] == [0, 1, 2]
    scraper.close()


class Starts:
    """Starts processes, except so many at first."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.started: list[subprocess.Popen[bytes]] = []

    def __call__(self, *args: Any, **options: Any) -> subprocess.Popen[bytes]:
        if self.failures:
            self.failures -= 1
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        self.started.append(_start(*args, **options))
        return self.started[-1]


_start = subprocess.Popen


def test_when_the_search_cannot_begin_for_now_its_lines_wait_for_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    starts = Starts(1)
    monkeypatch.setattr("jsft_tui.metric_search.child.subprocess.Popen", starts)
    scraper = MetricScraper([LOSS])
    assert scraper.points([LogLine(1.0, "loss: 1")]) == []
    assert [point.time for point in scraper.points([LogLine(2.0, "loss: 2")])] == [1.0, 2.0]
    scraper.close()
    starts.failures = MAX_FAILURES - 1  # never so many in a row
    assert [point.time for point in scraper.all_points([LogLine(3.0, "loss: 3")])] == [3.0]
    assert scraper.unused == []


def test_a_process_that_ends_before_its_input_is_waited_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "ends.py").write_text("")
    monkeypatch.setattr(program, "__file__", str(tmp_path / "ends.py"))
    starts = Starts(0)
    monkeypatch.setattr("jsft_tui.metric_search.child.subprocess.Popen", starts)
    with pytest.raises(OSError):
        SearchChild([("long", f"({'a' * 1_000_000})")])  # more than a pipe holds
    assert starts.started[0].returncode is not None

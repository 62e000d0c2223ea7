"""Metrics found in log lines with anybody's regular expressions."""

from __future__ import annotations

import threading
import time

import pytest

from jsft_tui.core.metrics import LogLine, Point
from jsft_tui.core.text import clean_log
from jsft_tui.metric_search import program
from jsft_tui.services.metric_scraper import MetricScraper

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
    thread = threading.Thread(target=lambda: found.extend(scraper.points(lines)))
    thread.start()
    longest, before = 0.0, time.monotonic()
    while thread.is_alive():
        time.sleep(0.01)
        longest, before = max(longest, time.monotonic() - before), time.monotonic()
    assert longest < 1
    assert [point.value for point in found] == [0, 1, 2, 3, 4]
    assert len(scraper.unused) == 2
    scraper.close()
    began = time.monotonic()
    assert len(scraper.points(lines)) == 5  # another process does not strive with it again
    assert time.monotonic() - began < program.LIMIT_SECONDS * program.STRIKES
    scraper.close()


def test_without_the_searching_process_there_are_no_metrics_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pytest.TempPathFactory
) -> None:
    monkeypatch.setattr(program, "__file__", f"{tmp_path}/no-such-program.py")
    scraper = MetricScraper([LOSS])
    assert scraper.points([LogLine(1.0, "loss: 1")]) == []
    assert scraper.points([LogLine(1.0, "loss: 1")]) == []
    assert len(scraper.unused) == 1

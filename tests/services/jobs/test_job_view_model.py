"""The state of a job on screen, from its events."""

from __future__ import annotations

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.alerts import JobSnapshot
from jsft_tui.core.jobs.metrics.log_metrics import EpochMark, LogLine, Point, Progress, downsampled
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.services.jobs.follow import Current, Described, Ended, Event, Logged, Measured, Progressed, Trouble
from jsft_tui.services.jobs.job_view_model import MAX_POINTS, JobViewModel
from tests.core.jobs.examples import answer

RUNNING = TrainingJob.parse(answer() | {"TrainingJobStatus": "InProgress", "SecondaryStatus": "Training"}, {})
DONE = TrainingJob.parse(answer(), {})


def test_the_state_grows_with_the_events() -> None:
    view_model = JobViewModel("flowers-1")
    view_model.take(Described(RUNNING))
    view_model.take(Measured((Point("val-loss", 1.0, 0.5), Point("val-acc", 1.0, 0.7), Point("lr", 1.0, 0.1))))
    view_model.take(Measured((Point("val-acc", 2.0, 0.6),)))
    view_model.take(Progressed((EpochMark(10.0, Progress(1, 4)), EpochMark(11.0, Progress(1, 4)))))
    view_model.take(Progressed((EpochMark(20.0, Progress(2, 4)),)))

    assert view_model.metrics == ["val-acc", "val-loss", "lr"]
    assert view_model.points("val-acc") == [(1.0, 0.7), (2.0, 0.6)]
    assert view_model.best is not None
    assert (view_model.best.metric, view_model.best.value) == ("val-acc", 0.7)
    assert view_model.progress == Progress(2, 4)
    assert view_model.eta_seconds(20.0) == 30.0

    view_model.take(Ended(DONE))
    assert view_model.ended
    assert view_model.eta_seconds(20.0) is None


def test_an_error_lasts_until_the_next_answer_and_a_denied_log_stays_denied() -> None:
    view_model = JobViewModel("x")
    view_model.take(Trouble(Problem("Throttled", "slow down"), 8.0))
    view_model.take(Trouble(Problem("AccessDenied", "no logs"), 0.0))
    codes = [view_model.trouble.code if view_model.trouble else ""]
    view_model.take(Described(RUNNING))
    codes.append(view_model.trouble.code if view_model.trouble else "")

    assert codes == ["Throttled", ""]
    assert view_model.log_denied is not None


def test_a_long_series_is_thinned_and_keeps_its_best_value() -> None:
    view_model = JobViewModel("x")
    for start in range(0, 20_000, 1_000):
        view_model.take(
            Measured(tuple(Point("loss", float(n), 0.1 if n == 777 else 1.0) for n in range(start, start + 1000)))
        )

    kept = view_model.points("loss")
    assert len(kept) <= 2 * MAX_POINTS
    assert (kept[0][0], kept[-1][0]) == (0.0, 19_999.0)
    assert view_model.best is not None
    assert (view_model.best.value, view_model.best.time) == (0.1, 777.0)


def test_metrics_of_cloudwatch_continue_those_of_the_log_without_repeats() -> None:
    view_model = JobViewModel("x")
    view_model.take(Measured((Point("val-acc", 30.0, 0.4), Point("val-acc", 95.0, 0.6))))
    view_model.take(Trouble(Problem("AccessDenied", "no logs"), 0.0))
    minutes = {"val-acc": [(0.0, 0.4), (60.0, 0.6), (120.0, 0.9)], "lr": [(60.0, 0.1)], "nothing": []}
    for _ in range(2):
        view_model.add_series(minutes)

    assert view_model.points("val-acc") == [(30.0, 0.4), (95.0, 0.6), (120.0, 0.9)]
    assert view_model.points("lr") == [(60.0, 0.1)]
    assert view_model.metrics == ["val-acc", "lr"]
    assert view_model.best is not None
    assert view_model.best.value == 0.9


def test_silence_counts_only_while_the_log_is_read_to_its_end() -> None:
    view_model = JobViewModel("flowers-1")
    assert view_model.watched(0.0) is None
    view_model.take(Described(RUNNING))
    view_model.take(Logged((LogLine(5.0, "step 1 loss: nan"), LogLine(7.0, "step 2 val_loss: inf"))))
    view_model.take(Measured((Point("loss", 5.0, 0.5),)))
    prices = {"ml.g5.2xlarge": Price(1.5, "test")}

    def watched() -> JobSnapshot:
        found = view_model.watched(9.0, [(1.0, 50.0)], prices, 20.0)
        assert found is not None
        return found

    assert not watched().reads_log
    events: list[Event] = [
        Current(RUNNING),
        Trouble(Problem("Network", "gone"), 8.0),
        Described(RUNNING),
        Current(RUNNING),
        Trouble(Problem("AccessDenied", "no logs"), 0.0),
    ]
    known = []
    for event in events:
        view_model.take(event)
        known.append(watched().reads_log)
    assert known == [True, False, False, True, False]
    assert (watched().last_line, watched().not_finite, watched().cap) == (7.0, "loss", 20.0)
    assert watched().cost is not None
    assert dict(watched().metrics) == {"loss": [(5.0, 0.5)]}


def test_silence_of_a_log_that_is_not_followed_does_not_count() -> None:
    view_model = JobViewModel("flowers-1")
    view_model.take(Current(RUNNING))
    view_model.fall_behind()
    watched = view_model.watched(9.0)
    assert watched is not None
    assert not watched.reads_log


def test_partial_metrics_are_not_taken_for_all() -> None:
    view_model = JobViewModel("x")
    view_model.take(Described(RUNNING))
    view_model.take(Progressed((EpochMark(10.0, Progress(1, 4)),)))
    before = view_model.watched(20.0)
    view_model.take(Current(RUNNING))
    after = view_model.watched(20.0)
    view_model.fall_behind()
    view_model.take(Trouble(Problem("AccessDenied", "no logs"), 0.0))  # CloudWatch has them
    denied = view_model.watched(20.0)

    known = [each.knows_metrics for each in (before, after, denied) if each is not None]
    assert known == [False, True, True]
    assert after is not None
    assert after.progress == Progress(1, 4)


def test_the_first_mark_of_each_epoch_is_kept() -> None:
    view_model = JobViewModel("x")
    marks = [EpochMark(time, Progress(epoch, 4)) for time, epoch in ((10.0, 1), (15.0, 1), (20.0, 2))]
    view_model.take(Progressed(tuple(marks)))

    assert view_model.marks == (marks[0], marks[2])


def test_thinning_keeps_both_ends() -> None:
    points = [(float(n), float(n)) for n in range(100)]

    assert downsampled(points, 100) == points
    assert downsampled(points, 5) == [(0.0, 0.0), (25.0, 25.0), (50.0, 50.0), (74.0, 74.0), (99.0, 99.0)]

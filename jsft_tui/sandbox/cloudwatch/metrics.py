"""Store metric values on disk, and answer the CloudWatch operations that read them by period.

Written by the sandbox itself (`put`, `put_values`); read with GetMetricData (jsft) and GetMetricStatistics (the
SageMaker SDK's `TrainingJobAnalytics`). The other operations are not implemented. moto has them, but could not see
these values.

Behavior as in the CloudWatch API reference (botocore's model of `cloudwatch`). Every value is kept with its second, so
that any period works for values of any age; metric math and percentiles are not implemented.
"""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsft_tui.sandbox.http.page_token import read_token, write_token
from jsft_tui.sandbox.http.service import ApiError, Call, OperationTable
from jsft_tui.sandbox.state.database import Database

MAX_DATAPOINTS = 100_800
"""Default page size of GetMetricData."""
MAX_STATISTICS = 1_440
"""Maximum number of data points that GetMetricStatistics returns."""
SHORT_PERIODS = (1, 5, 10, 20, 30)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS series(
    id INTEGER PRIMARY KEY, namespace TEXT NOT NULL, name TEXT NOT NULL, dimensions TEXT NOT NULL,
    UNIQUE(namespace, name, dimensions));
CREATE TABLE IF NOT EXISTS samples(
    series_id INTEGER NOT NULL, time REAL NOT NULL, unit TEXT NOT NULL, count REAL NOT NULL, sum REAL NOT NULL,
    low REAL NOT NULL, high REAL NOT NULL);
CREATE INDEX IF NOT EXISTS samples_by_time ON samples(series_id, time);
"""


@dataclass(frozen=True)
class Statistics:
    """The statistics of a set of values: count, sum, minimum and maximum."""

    count: float
    total: float
    low: float
    high: float

    def of(self, statistic: str) -> float:
        """Return a statistic by its name in CloudWatch.

        Raises:
            ApiError: the sandbox does not compute it.
        """
        if statistic == "Average":
            return self.total / self.count if self.count else 0.0
        values = {"Sum": self.total, "SampleCount": self.count, "Minimum": self.low, "Maximum": self.high}
        if statistic not in values:
            known = ", ".join(STATISTICS)
            raise _invalid(f"The sandbox does not compute the statistic {statistic}: use one of {known}.")
        return values[statistic]

    def joined(self, other: Statistics) -> Statistics:
        """Return the statistics of both sets together."""
        return Statistics(
            self.count + other.count,
            self.total + other.total,
            min(self.low, other.low),
            max(self.high, other.high),
        )


STATISTICS = ("Average", "Sum", "Minimum", "Maximum", "SampleCount")


class MetricsService(OperationTable):
    """The metric values of the sandbox, and CloudWatch's API for reading them."""

    def __init__(self, database: Path) -> None:
        self._database = Database(database, _SCHEMA)
        super().__init__(
            {
                "GetMetricData": self._get_metric_data,
                "GetMetricStatistics": self._get_metric_statistics,
            }
        )

    def put(self, namespace: str, dimensions: Mapping[str, str], name: str, timestamp_s: float, value: float) -> None:
        """Store one value; it is on disk when this returns. `timestamp_s` is in epoch seconds."""
        self.put_values(namespace, dimensions, [(name, timestamp_s, value)])

    def put_values(
        self, namespace: str, dimensions: Mapping[str, str], values: Iterable[tuple[str, float, float]]
    ) -> None:
        """Store several values (metric name, epoch seconds, value) of the same dimensions in one transaction."""
        with self._database.transaction() as db:
            for name, timestamp, value in values:
                number = _series_id(db, namespace, name, dimensions)
                _insert(db, number, timestamp, value)

    def values(self, namespace: str, dimensions: Mapping[str, str], name: str) -> list[float]:
        """Return all values of a metric in the order in which they were stored."""
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT sum FROM samples JOIN series ON series.id=series_id "
                "WHERE namespace=? AND name=? AND dimensions=? ORDER BY samples.rowid",
                (namespace, name, _dimension_key(dimensions)),
            ).fetchall()
        return [float(value) for (value,) in rows]

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def _get_metric_data(self, call: Call) -> dict[str, Any]:
        wanted = call.parameters
        start, end = _times(wanted)
        is_ascending = wanted.get("ScanBy") == "TimestampAscending"
        room = int(wanted.get("MaxDatapoints") or MAX_DATAPOINTS)
        queries = [query for query in wanted["MetricDataQueries"] if query.get("ReturnData", True)]
        position, after = _read_position(wanted.get("NextToken"))
        results, token = [], {}
        for number, query in enumerate(queries[position:], start=position):
            points = sorted(self._query(query, start, end).items(), reverse=not is_ascending)
            if number == position and after is not None:
                points = [point for point in points if (point[0] > after) == is_ascending and point[0] != after]
            page, is_cut = points[:room], len(points) > room
            results.append(_result(query, page, is_cut))
            room -= len(page)
            if is_cut or (room == 0 and number + 1 < len(queries)):
                token = {"NextToken": write_token([number, page[-1][0]] if is_cut else [number + 1, None])}
                break
        return {"MetricDataResults": results, "Messages": [], **token}

    def _query(self, query: Mapping[str, Any], start: float, end: float) -> dict[float, float]:
        stat = query.get("MetricStat")
        if stat is None:
            raise ApiError(
                "ValidationError", "The sandbox does not evaluate metric expressions: give every query a MetricStat."
            )
        metric, period = stat["Metric"], _checked_period(stat["Period"])
        buckets = self._buckets(metric, (start, end), period, stat.get("Unit"))
        return {moment: values.of(stat["Stat"]) for moment, values in buckets.items()}

    def _get_metric_statistics(self, call: Call) -> dict[str, Any]:
        wanted = call.parameters
        start, end = _times(wanted)
        period = _checked_period(wanted["Period"])
        names = wanted.get("Statistics", [])
        if wanted.get("ExtendedStatistics"):
            raise _invalid("The sandbox does not compute percentiles: leave ExtendedStatistics out.")
        if not names:
            raise ApiError(
                "InvalidParameterCombination",
                "At least one of the parameters Statistics and ExtendedStatistics must be specified.",
            )
        count = math.ceil((end - start) / period)
        if count > MAX_STATISTICS:
            raise ApiError(
                "InvalidParameterCombination",
                f"You have requested up to {count:,} datapoints, which exceeds the limit of {MAX_STATISTICS:,}. "
                "You may reduce the datapoints requested by increasing Period, or decreasing the time range.",
            )
        buckets = self._buckets(wanted, (start, end), period, wanted.get("Unit"))
        points = [
            {
                "Timestamp": moment,
                "Unit": wanted.get("Unit", "None"),
                **{name: values.of(name) for name in names},
            }
            for moment, values in sorted(buckets.items())
        ]
        return {"Label": wanted["MetricName"], "Datapoints": points}

    def _buckets(
        self, metric: Mapping[str, Any], span: tuple[float, float], period: int, unit: str | None
    ) -> dict[float, Statistics]:
        """Return the statistics of a metric by the start of their period; the end of the span is exclusive."""
        # AWS rounds the start down to a full minute, or to the period if that is shorter.
        rounding = period if period < 60 else 60
        start, end = span[0] // rounding * rounding, span[1]
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT time, count, sum, low, high FROM samples JOIN series ON series.id=series_id "
                "WHERE namespace=? AND name=? AND dimensions=? AND time>=? AND time<? AND (? IS NULL OR unit=?)",
                (
                    metric.get("Namespace"),
                    metric.get("MetricName"),
                    _dimension_key(_dimensions(metric)),
                    start,
                    end,
                    unit,
                    unit,
                ),
            ).fetchall()
        buckets: dict[float, Statistics] = {}
        for moment, *numbers in rows:
            bucket = float(moment // period * period)
            values = Statistics(*numbers)
            buckets[bucket] = buckets[bucket].joined(values) if bucket in buckets else values
        return buckets


def _result(query: Mapping[str, Any], page: Sequence[tuple[float, float]], is_cut: bool) -> dict[str, Any]:
    return {
        "Id": query["Id"],
        "Label": query.get("Label") or query["MetricStat"]["Metric"]["MetricName"],
        "Timestamps": [moment for moment, _ in page],
        "Values": [value for _, value in page],
        "StatusCode": "PartialData" if is_cut else "Complete",
    }


def _series_id(db: sqlite3.Connection, namespace: str, name: str, dimensions: Mapping[str, str]) -> int:
    key = (namespace, name, _dimension_key(dimensions))
    find = "SELECT id FROM series WHERE namespace=? AND name=? AND dimensions=?"
    row = db.execute(find, key).fetchone()
    if row is None:
        db.execute("INSERT INTO series(namespace, name, dimensions) VALUES (?,?,?)", key)
        row = db.execute(find, key).fetchone()
    return int(row[0])


def _insert(db: sqlite3.Connection, series: int, timestamp: float, value: float) -> None:
    # CloudWatch keeps timestamps to the second. The columns hold sets of values in files of earlier versions.
    row = (series, float(int(timestamp)), "None", 1, value, value, value)
    db.execute("INSERT INTO samples VALUES (?,?,?,?,?,?,?)", row)


def _dimensions(document: Mapping[str, Any]) -> dict[str, str]:
    return {entry["Name"]: entry["Value"] for entry in document.get("Dimensions", [])}


def _dimension_key(dimensions: Mapping[str, str]) -> str:
    return json.dumps(sorted(dimensions.items()))


def _times(wanted: Mapping[str, Any]) -> tuple[float, float]:
    start, end = float(wanted["StartTime"]), float(wanted["EndTime"])
    if start >= end:
        raise ApiError("ValidationError", "The parameter StartTime must be less than the parameter EndTime.")
    return start, end


def _checked_period(period: int) -> int:
    if period in SHORT_PERIODS or (period > 0 and period % 60 == 0):
        return period
    raise _invalid("The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60.")


def _read_position(token: str | None) -> tuple[int, float | None]:
    if not token:
        return 0, None
    try:
        number, moment = read_token(token)
        return int(number), moment
    except (TypeError, ValueError) as error:
        raise ApiError("InvalidNextToken", "The next token specified is invalid.") from error


def _invalid(message: str) -> ApiError:
    return ApiError("InvalidParameterValue", message)

"""CloudWatch metrics on disk: values in, statistics by period out.

Behaviour from the CloudWatch API reference (botocore's model of `cloudwatch`). The sandbox keeps every value at
the second it was given, so that any period works at any age; it evaluates no metric math and no percentiles.
"""

from __future__ import annotations

import json
import math
import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsft_tui.sandbox.http.page_token import read_token, write_token
from jsft_tui.sandbox.http.protocol import ApiError, Call, OperationTable
from jsft_tui.sandbox.state.database import Database

MAX_DATAPOINTS = 100_800
"""GetMetricData's default page."""
MAX_STATISTICS = 1_440
"""Datapoints that GetMetricStatistics returns at most."""
LIST_PAGE = 500
OLDEST = 14 * 86_400.0
NEWEST = 7_200.0
LARGEST = 2.0**360
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
    """A set of values: how many, their sum, the smallest and the largest."""

    count: float
    total: float
    low: float
    high: float

    def of(self, statistic: str) -> float:
        """One statistic by CloudWatch's name.

        Raises:
            ApiError: the sandbox does not compute it.
        """
        if statistic == "Average":
            return self.total / self.count if self.count else 0.0
        values = {"Sum": self.total, "SampleCount": self.count, "Minimum": self.low, "Maximum": self.high}
        if statistic not in values:
            raise _invalid(f"The sandbox computes no statistic {statistic}: use one of {', '.join(STATISTICS)}.")
        return values[statistic]

    def joined(self, other: Statistics) -> Statistics:
        """Both sets as one."""
        return Statistics(
            self.count + other.count,
            self.total + other.total,
            min(self.low, other.low),
            max(self.high, other.high),
        )


STATISTICS = ("Average", "Sum", "Minimum", "Maximum", "SampleCount")


class MetricsService(OperationTable):
    """CloudWatch's metric API, and the in-process door `put` for the runner."""

    def __init__(self, database: Path) -> None:
        self._database = Database(database, _SCHEMA)
        super().__init__(
            {
                "PutMetricData": self._put_metric_data,
                "GetMetricData": self._get_metric_data,
                "GetMetricStatistics": self._get_metric_statistics,
                "ListMetrics": self._list_metrics,
            }
        )

    # In process

    def put(self, namespace: str, dimensions: Mapping[str, str], name: str, timestamp_s: float, value: float) -> None:
        """Store one value, on disk when it returns. `timestamp_s` is in epoch seconds."""
        self.put_values(namespace, dimensions, [(name, timestamp_s, value)])

    def put_values(
        self, namespace: str, dimensions: Mapping[str, str], values: Iterable[tuple[str, float, float]]
    ) -> None:
        """Store several values (metric name, epoch seconds, value) of the same dimensions in one step."""
        with self._database.transaction() as db:
            for name, timestamp, value in values:
                number = _series_id(db, namespace, name, dimensions)
                _insert(db, number, timestamp, "None", Statistics(1, value, value, value))

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    # Operations

    def _put_metric_data(self, call: Call) -> dict[str, Any]:
        namespace = call.parameters["Namespace"]
        if namespace.startswith("AWS/"):
            raise _invalid(f"The value {namespace} for parameter Namespace is invalid.")
        now = time.time()
        data = [(datum, *_read_datum(datum, now)) for datum in call.parameters.get("MetricData", [])]
        with self._database.transaction() as db:
            for datum, timestamp, values in data:
                number = _series_id(db, namespace, datum["MetricName"], _dimensions(datum))
                _insert(db, number, timestamp, datum.get("Unit", "None"), values)
        return {}

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
                "ValidationError", "The sandbox evaluates no metric expressions: give every query a MetricStat."
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
            raise _invalid("The sandbox computes no percentiles: leave ExtendedStatistics out.")
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

    def _list_metrics(self, call: Call) -> dict[str, Any]:
        wanted = call.parameters
        after, _ = _read_position(wanted.get("NextToken"))
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT id, namespace, name, dimensions FROM series WHERE id>? ORDER BY id", (after,)
            ).fetchall()
        found = [row for row in rows if _is_listed(row, wanted)]
        page = found[:LIST_PAGE]
        answer: dict[str, Any] = {
            "Metrics": [
                {
                    "Namespace": namespace,
                    "MetricName": name,
                    "Dimensions": [{"Name": key, "Value": value} for key, value in json.loads(dimensions)],
                }
                for _, namespace, name, dimensions in page
            ]
        }
        if len(found) > LIST_PAGE:
            answer["NextToken"] = write_token([page[-1][0], None])
        return answer

    def _buckets(
        self, metric: Mapping[str, Any], span: tuple[float, float], period: int, unit: str | None
    ) -> dict[float, Statistics]:
        """The values of a metric by the start of their period; the end of the span is no part of it."""
        # AWS rounds the start down to the whole minute, or to the period when that is shorter.
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


def _read_datum(datum: Mapping[str, Any], now: float) -> tuple[float, Statistics]:
    """Time and values of one MetricDatum.

    Raises:
        ApiError: no value, one that CloudWatch takes none of, or a time out of its window.
    """
    timestamp = float(datum.get("Timestamp", now))
    if not now - OLDEST <= timestamp <= now + NEWEST:
        raise _invalid(
            "The parameter Timestamp must specify a time within the past two weeks and no more than 2 hours "
            f"in the future (metric {datum['MetricName']})."
        )
    if "StatisticValues" in datum:
        given = datum["StatisticValues"]
        numbers = [_number(given[key], datum) for key in ("SampleCount", "Sum", "Minimum", "Maximum")]
        return timestamp, Statistics(*numbers)
    values = [_number(value, datum) for value in datum.get("Values", [datum["Value"]] if "Value" in datum else [])]
    if not values:
        raise ApiError("MissingParameter", f"The metric {datum['MetricName']} has no Value, Values or StatisticValues.")
    counts = [_number(count, datum) for count in datum.get("Counts", [1.0] * len(values))]
    if len(counts) != len(values):
        raise _invalid(f"The parameters Values and Counts of {datum['MetricName']} must have the same length.")
    total = sum(value * count for value, count in zip(values, counts, strict=True))
    return timestamp, Statistics(sum(counts), total, min(values), max(values))


def _number(value: Any, datum: Mapping[str, Any]) -> float:
    """JSON writes NaN and infinities as strings; CloudWatch takes neither."""
    number = float(value)
    if not abs(number) <= LARGEST:
        raise _invalid(f"The value {value} for metric {datum['MetricName']} is invalid.")
    return number


def _series_id(db: sqlite3.Connection, namespace: str, name: str, dimensions: Mapping[str, str]) -> int:
    key = (namespace, name, _dimension_key(dimensions))
    find = "SELECT id FROM series WHERE namespace=? AND name=? AND dimensions=?"
    row = db.execute(find, key).fetchone()
    if row is None:
        db.execute("INSERT INTO series(namespace, name, dimensions) VALUES (?,?,?)", key)
        row = db.execute(find, key).fetchone()
    return int(row[0])


def _insert(db: sqlite3.Connection, series: int, timestamp: float, unit: str, values: Statistics) -> None:
    # CloudWatch keeps times to the second.
    db.execute(
        "INSERT INTO samples VALUES (?,?,?,?,?,?,?)",
        (series, float(int(timestamp)), unit, values.count, values.total, values.low, values.high),
    )


def _dimensions(document: Mapping[str, Any]) -> dict[str, str]:
    return {entry["Name"]: entry["Value"] for entry in document.get("Dimensions", [])}


def _dimension_key(dimensions: Mapping[str, str]) -> str:
    return json.dumps(sorted(dimensions.items()))


def _is_listed(row: tuple[int, str, str, str], wanted: Mapping[str, Any]) -> bool:
    _, namespace, name, key = row
    if wanted.get("Namespace") not in (None, namespace) or wanted.get("MetricName") not in (None, name):
        return False
    dimensions = dict(json.loads(key))
    return all(
        entry["Name"] in dimensions and entry.get("Value") in (None, dimensions[entry["Name"]])
        for entry in wanted.get("Dimensions", [])
    )


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
    except (TypeError, ValueError) as problem:
        raise ApiError("InvalidNextToken", "The next token specified is invalid.") from problem


def _invalid(message: str) -> ApiError:
    return ApiError("InvalidParameterValue", message)

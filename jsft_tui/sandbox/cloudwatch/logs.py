"""Store log streams on disk, and answer the CloudWatch Logs operations that read them.

Written by the sandbox itself (`create_stream`, `put`); read with DescribeLogStreams and GetLogEvents (jsft, the
SageMaker SDK, `aws logs get-log-events`) and FilterLogEvents (`aws logs tail`, the SDK's live logs of endpoints). The
other operations are not implemented. moto has them, but could not see these streams.

Behavior as in the CloudWatch Logs API reference (botocore's model of `logs`): tokens that stay the same at the end of
a stream, pages of at most 10,000 events or 1 MiB. Log groups belong to the sandbox as a whole, not to a region.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jsft_tui.sandbox.cloudwatch.log_reading import (
    LogEvent,
    edge_position,
    events_between,
    invalid_parameter,
    one_page,
    position_token,
    read_position,
    reading_window,
    time_range,
)
from jsft_tui.sandbox.http.page_token import read_token, write_token
from jsft_tui.sandbox.http.service import ACCOUNT_ID, ApiError, Call, OperationTable
from jsft_tui.sandbox.state.database import Database

DESCRIBE_PAGE = 50

_SCHEMA = """
CREATE TABLE IF NOT EXISTS groups(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, created INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS streams(
    id INTEGER PRIMARY KEY, group_id INTEGER NOT NULL, name TEXT NOT NULL, created INTEGER NOT NULL,
    first INTEGER, last INTEGER, ingested INTEGER, UNIQUE(group_id, name));
CREATE TABLE IF NOT EXISTS events(
    stream_id INTEGER NOT NULL, time INTEGER NOT NULL, number INTEGER NOT NULL, ingested INTEGER NOT NULL,
    message TEXT NOT NULL, PRIMARY KEY(stream_id, time, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counter(next INTEGER NOT NULL);
INSERT INTO counter SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM counter);
"""


class LogsService(OperationTable):
    """The log streams of the sandbox, and CloudWatch Logs' API for reading them."""

    def __init__(self, database: Path) -> None:
        self._database = Database(database, _SCHEMA)
        super().__init__(
            {
                "DescribeLogStreams": self._describe_streams,
                "GetLogEvents": self._get_events,
                "FilterLogEvents": self._filter_events,
            }
        )

    def create_stream(self, group: str, stream: str) -> None:
        """Create a log stream and its log group, unless they exist."""
        now = _now()
        with self._database.transaction() as db:
            db.execute("INSERT OR IGNORE INTO groups(name, created) VALUES (?,?)", (group, now))
            db.execute(
                "INSERT OR IGNORE INTO streams(group_id, name, created) SELECT id, ?, ? FROM groups WHERE name=?",
                (stream, now, group),
            )

    def put(self, group: str, stream: str, events: Sequence[tuple[int, str]]) -> None:
        """Store events (milliseconds since the epoch, message); they are on disk when this returns.

        Raises:
            ApiError: `ResourceNotFoundException`, the stream does not exist.
        """
        if not events:
            return
        with self._database.transaction() as db:
            stream_id = _stream_id(db, group, stream)
            first = db.execute("SELECT next FROM counter").fetchone()[0] + 1
            now = _now()
            rows = [
                (stream_id, time_ms, number, now, _storable(message))
                for number, (time_ms, message) in enumerate(events, start=first)
            ]
            db.executemany("INSERT INTO events VALUES (?,?,?,?,?)", rows)
            db.execute("UPDATE counter SET next=?", (first + len(rows) - 1,))
            times = [time_ms for time_ms, _ in events]
            db.execute(
                "UPDATE streams SET first=min(ifnull(first, ?1), ?1), last=max(ifnull(last, 0), ?2), ingested=?3 "
                "WHERE id=?4",
                (min(times), max(times), now, stream_id),
            )

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def _describe_streams(self, call: Call) -> dict[str, Any]:
        wanted = call.parameters
        by_time = wanted.get("orderBy") == "LastEventTime"
        prefix = wanted.get("logStreamNamePrefix", "")
        if by_time and prefix:
            raise invalid_parameter("Cannot order by LastEventTime with a logStreamNamePrefix.")
        group = _group_name(wanted)
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT name, created, first, last, ingested FROM streams WHERE group_id=? AND substr(name, 1, ?)=?",
                (_group_id(db, group), len(prefix), prefix),
            ).fetchall()
        rows.sort(key=lambda row: (row[3] or 0, row[0]) if by_time else row[0], reverse=bool(wanted.get("descending")))
        page, token = _cut(rows, wanted)
        return {"logStreams": [_described_stream(row, group, call.region) for row in page], **token}

    def _get_events(self, call: Call) -> dict[str, Any]:
        wanted = call.parameters
        after, before, from_head = reading_window(wanted)
        with self._database.reading() as db:
            stream_id = _stream_id(db, _group_name(wanted), wanted["logStreamName"])
            rows = events_between(db, {stream_id: wanted["logStreamName"]}, after, before, descending=not from_head)
            page, _ = one_page(rows, wanted)
        if not from_head:
            page.reverse()
        first = page[0].position if page else edge_position(wanted, is_forward=False)
        last = page[-1].position if page else edge_position(wanted, is_forward=True)
        return {
            "events": [
                {"timestamp": event.time, "message": event.message, "ingestionTime": event.ingested} for event in page
            ],
            "nextForwardToken": position_token("f", last),
            "nextBackwardToken": position_token("b", first),
        }

    def _filter_events(self, call: Call) -> dict[str, Any]:
        wanted = call.parameters
        names, prefix = wanted.get("logStreamNames"), wanted.get("logStreamNamePrefix")
        if names and prefix:
            raise invalid_parameter("logStreamNames and logStreamNamePrefix are mutually exclusive.")
        if wanted.get("filterPattern"):
            raise invalid_parameter("The sandbox does not implement filter patterns: leave filterPattern out.")
        is_ascending = wanted.get("startFromHead", True)
        after, before = time_range(wanted)
        if token := wanted.get("nextToken"):
            position = read_position(token)
            after, before = (position, before) if is_ascending else (after, position)
        with self._database.reading() as db:
            streams = _stream_ids(db, _group_name(wanted), names, prefix)
            page, has_more = one_page(events_between(db, streams, after, before, descending=not is_ascending), wanted)
        answer: dict[str, Any] = {"events": [_filtered(event) for event in page], "searchedLogStreams": []}
        if has_more:
            answer["nextToken"] = write_token(page[-1].position)
        return answer


def _cut(rows: Sequence[Any], wanted: Mapping[str, Any]) -> tuple[Sequence[Any], dict[str, str]]:
    """Return one page of a sorted list, and the member `nextToken` if there is more.

    The token is the number of preceding rows: a stream that is created between two pages may shift the list by one.
    """
    start = 0
    if token := wanted.get("nextToken"):
        try:
            start = int(read_token(token))
        except (TypeError, ValueError) as error:
            raise invalid_parameter("The specified nextToken is invalid.") from error
    end = start + int(wanted.get("limit") or DESCRIBE_PAGE)
    return rows[start:end], {"nextToken": write_token(end)} if end < len(rows) else {}


def _described_stream(row: tuple[Any, ...], group: str, region: str) -> dict[str, Any]:
    name, created, first, last, ingested = row
    times = {"firstEventTimestamp": first, "lastEventTimestamp": last, "lastIngestionTime": ingested}
    return {
        "logStreamName": name,
        "creationTime": created,
        **{member: value for member, value in times.items() if value is not None},
        "uploadSequenceToken": str(created),
        "arn": f"arn:aws:logs:{region}:{ACCOUNT_ID}:log-group:{group}:log-stream:{name}",
        "storedBytes": 0,  # always 0 since 2019, according to the API reference
    }


def _filtered(event: LogEvent) -> dict[str, Any]:
    return {
        "logStreamName": event.stream,
        "timestamp": event.time,
        "message": event.message,
        "ingestionTime": event.ingested,
        "eventId": f"{event.time}{event.number:020d}",
    }


def _group_name(wanted: Mapping[str, Any]) -> str:
    """Return logGroupName, or the name in logGroupIdentifier (a name or an ARN)."""
    if name := wanted.get("logGroupName"):
        return str(name)
    identifier = wanted.get("logGroupIdentifier")
    if not identifier:
        raise invalid_parameter("Either logGroupName or logGroupIdentifier must be given.")
    return str(identifier).rpartition(":log-group:")[2].removesuffix(":*")


def _group_id(db: sqlite3.Connection, group: str) -> int:
    row = db.execute("SELECT id FROM groups WHERE name=?", (group,)).fetchone()
    if row is None:
        raise ApiError("ResourceNotFoundException", "The specified log group does not exist.")
    return int(row[0])


def _stream_id(db: sqlite3.Connection, group: str, stream: str) -> int:
    return next(iter(_stream_ids(db, group, [stream], None)))


def _stream_ids(db: sqlite3.Connection, group: str, names: Sequence[str] | None, prefix: str | None) -> dict[int, str]:
    """Return the names of the selected streams by their row IDs."""
    group_id = _group_id(db, group)
    rows = db.execute("SELECT name, id FROM streams WHERE group_id=?", (group_id,)).fetchall()
    found = dict(rows)
    if names is None:
        return {number: name for name, number in found.items() if name.startswith(prefix or "")}
    if not all(name in found for name in names):
        raise ApiError("ResourceNotFoundException", "The specified log stream does not exist.")
    return {found[name]: name for name in names}


def _storable(message: str) -> str:
    """Replace unpaired surrogates, which UTF-8 cannot encode."""
    return message.encode(errors="replace").decode()


def _now() -> int:
    return int(time.time() * 1000)

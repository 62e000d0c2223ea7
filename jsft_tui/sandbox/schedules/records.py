"""Schedules, and their store: one SQLite row with a JSON document for each, as jobs are stored."""

from __future__ import annotations

import dataclasses
import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jsft_tui.sandbox.http.service import ACCOUNT_ID
from jsft_tui.sandbox.state.database import Database

GROUP = "default"
_AT = re.compile(r"at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)")
_TARGET = re.compile(r"arn:aws[a-z-]*:scheduler:::aws-sdk:([a-z]+):([a-zA-Z]+)")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS schedules(
    region TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY(region, name)) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Schedule:
    """A schedule. Times are epoch seconds.

    Attributes:
        request: the parameters of CreateSchedule or UpdateSchedule.
        due: when its target is called next; None: never again.
        attempts: calls that failed.
    """

    region: str
    name: str
    request: Mapping[str, Any]
    created: float
    modified: float
    due: float | None
    attempts: int = 0

    @property
    def arn(self) -> str:
        """Its ARN."""
        return f"arn:aws:scheduler:{self.region}:{ACCOUNT_ID}:schedule/{GROUP}/{self.name}"

    @property
    def state(self) -> str:
        """ENABLED or DISABLED."""
        return str(self.request.get("State", "ENABLED"))

    @property
    def is_deleted_afterwards(self) -> bool:
        """Whether it goes when its target was called."""
        return self.request.get("ActionAfterCompletion") == "DELETE"


def moment(expression: str, zone: str) -> float | None:
    """Return when a one-time schedule runs; None if the expression or the time zone is not understood."""
    found = _AT.fullmatch(expression)
    try:
        zone_info = ZoneInfo(zone)
        return datetime.fromisoformat(found[1]).replace(tzinfo=zone_info).timestamp() if found else None
    except (ValueError, ZoneInfoNotFoundError, OSError):
        return None


def operation_of(arn: str) -> tuple[str, str] | None:
    """Return service and operation of a universal target (`aws-sdk:sagemaker:deleteEndpoint`); None for others."""
    found = _TARGET.fullmatch(arn)
    return (found[1], found[2][0].upper() + found[2][1:]) if found else None


def iso(seconds: float) -> str:
    """Return a time for the log."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


class ScheduleStore:
    """All schedules. Every change is durable; thread-safe."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _SCHEMA)
        self._lock = threading.RLock()
        with self._database.reading() as db:
            rows = db.execute("SELECT document FROM schedules").fetchall()
        found = [Schedule(**json.loads(document)) for (document,) in rows]
        self._schedules = {(each.region, each.name): each for each in found}

    def find(self, region: str, name: str) -> Schedule | None:
        """Return the schedule of that name; None if there is none."""
        with self._lock:
            return self._schedules.get((region, name))

    def all(self, region: str) -> list[Schedule]:
        """Return the schedules of a region by name."""
        with self._lock:
            found = [each for each in self._schedules.values() if each.region == region]
        return sorted(found, key=lambda each: each.name)

    def due(self, now: float) -> list[Schedule]:
        """Return the enabled schedules whose time has come."""
        with self._lock:
            return [
                each
                for each in self._schedules.values()
                if each.due is not None and each.due <= now and each.state == "ENABLED"
            ]

    def put(self, schedule: Schedule, instead_of: Schedule | None) -> bool:
        """Store a schedule if what is there is `instead_of`; return whether it was."""
        key = (schedule.region, schedule.name)
        with self._lock:
            if self._schedules.get(key) != instead_of:
                return False
            document = json.dumps(dataclasses.asdict(schedule), separators=(",", ":"))
            with self._database.transaction() as db:
                db.execute("INSERT OR REPLACE INTO schedules VALUES (?,?,?)", (*key, document))
            self._schedules[key] = schedule
            return True

    def delete(self, schedule: Schedule) -> None:
        """Delete a schedule, unless it has changed."""
        key = (schedule.region, schedule.name)
        with self._lock:
            if self._schedules.get(key) != schedule:
                return
            with self._database.transaction() as db:
                db.execute("DELETE FROM schedules WHERE region=? AND name=?", key)
            del self._schedules[key]

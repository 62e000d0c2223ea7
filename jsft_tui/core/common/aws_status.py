"""The statuses that AWS gives to what it runs."""

from __future__ import annotations

from enum import Enum
from typing import Self

from jsft_tui.core.common.status import Status


class AwsStatus(Enum):
    """The status of something, by its name in AWS. Each kind has `Unknown`, for what AWS may add."""

    @classmethod
    def parse(cls, name: str) -> Self:
        """Return the status with an AWS name; `Unknown` for a name that is not listed."""
        return next((status for status in cls if status.value == name), cls("Unknown"))


class EndingStatus(AwsStatus):
    """The status of a job of any kind, which ends."""

    @property
    def is_final(self) -> bool:
        """Return whether the job has ended."""
        return self.value in ("Completed", "Failed", "Stopped")

    @property
    def as_status(self) -> Status:
        """Return the status that the job is shown as."""
        return _SHOWN_AS.get(self.value, Status.UNKNOWN)


_SHOWN_AS = {
    "InProgress": Status.RUNNING,
    "Completed": Status.COMPLETED,
    "Failed": Status.FAILED,
    "Stopping": Status.STOPPED,
    "Stopped": Status.STOPPED,
}

"""Recent quotas of an account on disk, since listing a few thousand of them takes seconds."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from jsft_tui.aws.quotas import AppliedQuota
from jsft_tui.core.common.errors import Problem
from jsft_tui.paths import write_cache

MAX_AGE = 3600
"""Seconds that quotas on disk are valid. An increase takes effect at once all the same: see `QuotaBook.facts`."""


class QuotaCache:
    """The quotas of the caller's account."""

    def __init__(self, folder: Path, account: Callable[[], str]) -> None:
        """Keep the cache's folder; `account` fetches the account's id."""
        self._folder = folder
        self._account = account

    def read(self) -> dict[str, AppliedQuota] | None:
        """Return the quotas by name; None when there are none, or they are too old."""
        file = self._file()
        if file is None:
            return None
        try:
            data = json.loads(file.read_bytes())
            if not 0 <= time.time() - data["saved"] <= MAX_AGE:
                return None
            return {name: AppliedQuota(float(value), str(code)) for name, (value, code) in data["quotas"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None  # treat an unreadable cache as empty

    def write(self, quotas: Mapping[str, AppliedQuota]) -> None:
        """Save the account's quotas."""
        file = self._file()
        if file is not None:
            rows = {name: (quota.value, quota.code) for name, quota in quotas.items()}
            write_cache(file, json.dumps({"saved": time.time(), "quotas": rows}).encode())

    def _file(self) -> Path | None:
        try:
            account = self._account()
        except Problem:
            return None  # the account is unknown
        return self._folder / f"quotas-{account}.json" if re.fullmatch(r"\d{12}", account) else None

"""Keep the credentials of assumed roles and SSO in the AWS CLI's own cache, so that no MFA code is asked for twice."""

from __future__ import annotations

import hashlib
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

FOLDER = Path("~/.aws/cli/cache")
"""Where the AWS CLI keeps them (`awscli.customizations.assumerole.CACHE_DIR`), one JSON file for each role."""


class KeptCredentials:
    """A cache as botocore's credential fetchers use it: files of `JSONFileCache`, and memory where a disk refuses.

    The AWS CLI's keys name the role but not the server that gave the credentials. Those of another endpoint than
    AWS's therefore have keys of their own.
    """

    def __init__(self, sts_endpoint: str | None, folder: Path = FOLDER) -> None:
        from botocore.utils import JSONFileCache

        self._files = JSONFileCache(str(folder.expanduser()))
        self._suffix = f"-{hashlib.sha256(sts_endpoint.encode()).hexdigest()[:12]}" if sts_endpoint else ""
        self._lock = threading.Lock()
        self._memory: dict[str, Any] = {}
        self._used: set[str] = set()

    def __contains__(self, key: str) -> bool:
        try:
            self[key]
        except KeyError:
            return False
        return True

    def __getitem__(self, key: str) -> Any:
        with self._lock:
            kept = self._memory.get(key)
            if kept is None:
                kept = self._files[key + self._suffix]
                if not _is_whole(kept):
                    raise KeyError(key)
            self._used.add(key)
            return kept

    def __setitem__(self, key: str, value: Any) -> None:
        with self._lock:
            self._used.add(key)
            self._memory[key] = value
            with suppress(OSError):  # a home that cannot be written to: kept until the program ends
                self._files[key + self._suffix] = value

    def forget_refused(self) -> None:
        """Remove the credentials that were used: the service refused them before they expired."""
        with self._lock:
            for key in self._used:
                self._memory.pop(key, None)
                with suppress(OSError, KeyError):
                    del self._files[key + self._suffix]
            self._used.clear()


def _is_whole(kept: Any) -> bool:
    """Return whether a file holds what botocore reads from it without asking; anyone may have written it."""
    keys = kept.get("Credentials") if isinstance(kept, dict) else None
    names = ("AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration")
    return isinstance(keys, dict) and all(isinstance(keys.get(name), str) for name in names) and _is_aware(keys)


def _is_aware(keys: dict[str, Any]) -> bool:
    from botocore.credentials import parse  # what botocore reads it with

    try:
        return bool(parse(keys["Expiration"]).tzinfo)
    except (ValueError, OverflowError):
        return False

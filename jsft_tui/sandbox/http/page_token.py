"""Page tokens: opaque to clients, a small JSON document to the sandbox."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any


def write_token(position: Any) -> str:
    """Return a token for a JSON-serializable position. Its alphabet (`A-Za-z0-9/+=`) fits every service's pattern."""
    return base64.b64encode(json.dumps(position).encode()).decode()


def read_token(token: str) -> Any:
    """Return the position that `write_token` was given.

    Raises:
        ValueError: `token` was not made by `write_token`.
    """
    try:
        return json.loads(base64.b64decode(token, validate=True))
    except (binascii.Error, ValueError, RecursionError) as problem:
        raise ValueError("not a page token") from problem

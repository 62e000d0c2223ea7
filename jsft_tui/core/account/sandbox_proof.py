"""The proof that a listener is the sandbox: it knows the secret key without being told it.

The client sends a random challenge, the sandbox answers with its process id and an HMAC of both. Nothing that a
stranger on the same port could use is sent before.
"""

from __future__ import annotations

import hashlib
import hmac
import re

PATH = "/_sandbox/proof"
"""Path of the request; its query is the challenge."""

_CHALLENGE = re.compile(r"[0-9a-f]{32}")


def is_challenge(text: str) -> bool:
    """Return whether a text is a challenge: 32 hexadecimal digits."""
    return _CHALLENGE.fullmatch(text) is not None


def proof(secret: str, challenge: str, pid: int) -> str:
    """Return the answer to a challenge."""
    return hmac.new(secret.encode(), f"jsft sandbox {challenge} {pid}".encode(), hashlib.sha256).hexdigest()


def proves(answer: str, secret: str, challenge: str, pid: int) -> bool:
    """Return whether an answer is the right one; takes the same time for any answer."""
    return hmac.compare_digest(answer.encode("utf-8", "replace"), proof(secret, challenge, pid).encode())

"""Read the values of settings from what was typed; what is wrong is a `ValueError` with a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from jsft_tui.core.account.limits import KMS_KEY, VARIABLE
from jsft_tui.core.account.permissions import ARN
from jsft_tui.core.storage.uri import S3Uri


def parse_role(text: str) -> str:
    """Return the ARN of a role.

    Raises:
        ValueError: it is none.
    """
    if not ARN.fullmatch(text):
        raise ValueError("That is not the ARN of a role: arn:aws:iam::123456789012:role/Name")
    return text


def parse_key(text: str) -> str:
    """Return a KMS key.

    Raises:
        ValueError: it is none.
    """
    if not KMS_KEY.fullmatch(text) or (text.startswith("arn:") and ":kms:" not in text):
        raise ValueError("That is not a KMS key: an id, an alias, or arn:aws:kms:REGION:ACCOUNT:key/ID")
    return text


def parse_s3_uri(text: str) -> str:
    """Return an S3 URI; of a bucket without the slash."""
    return str(S3Uri.parse(text)) if S3Uri.parse(text).key else text.rstrip("/")


def ids_parser(prefix: str, most: int) -> Callable[[str], tuple[str, ...]]:
    """Return what parses at most so many ids with a prefix, separated by commas."""

    def parse(text: str) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(_parts(text)))
        for name in found:
            if not re.fullmatch(rf"{prefix}[0-9a-zA-Z-]+", name):
                raise ValueError(f"{name!r} does not look like {prefix}0a1b2c3d.")
        if not 1 <= len(found) <= most:
            raise ValueError(f"Enter 1 to {most}, not {len(found)}.")
        return found

    return parse


def parse_pairs(text: str) -> dict[str, str]:
    """Return KEY=VALUE pairs, separated by commas.

    Raises:
        ValueError: it is none.
    """
    found: dict[str, str] = {}
    for part in _parts(text):
        name, sign, value = part.partition("=")
        if not sign or not name.strip():
            raise ValueError(f"{part!r} is not KEY=VALUE.")
        found[name.strip()] = value.strip()
    return found


def parse_variables(text: str) -> dict[str, str]:
    """Return environment variables.

    Raises:
        ValueError: it is none.
    """
    found = parse_pairs(text)
    for name in found:
        if not VARIABLE.fullmatch(name):
            raise ValueError(f"{name!r} is not a variable name: letters, digits and _.")
    return found


def _parts(text: str) -> Iterable[str]:
    return (part.strip() for part in text.split(",") if part.strip())


def parse_switch(text: str) -> bool:
    """Return a yes or no.

    Raises:
        ValueError: it is none.
    """
    words = {"yes": True, "true": True, "no": False, "false": False}
    if text.lower() not in words:
        raise ValueError("Enter yes or no.")
    return words[text.lower()]


def parse_amount(text: str) -> float:
    """Return an amount of USD.

    Raises:
        ValueError: it is none.
    """
    if not re.fullmatch(r"\d{1,9}(\.\d+)?", text.replace(",", "").removeprefix("$")):
        raise ValueError("An amount of USD: 20 or 7.50")
    return float(text.replace(",", "").removeprefix("$"))

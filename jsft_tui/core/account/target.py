"""The target of API calls: an AWS profile and region, or a local AWS-compatible server."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from urllib.parse import urlsplit


@dataclass(frozen=True)
class StaticCredentials:
    """An explicit key pair, used instead of the AWS credential chain."""

    access_key_id: str
    secret_access_key: str = field(repr=False)


@dataclass(frozen=True)
class Target:
    """The target of API calls.

    Attributes:
        region: the AWS region.
        profile: the AWS profile, None for the default credential chain.
        endpoint: URL of every service, None for AWS's own endpoints (and for what
            `AWS_ENDPOINT_URL` says).
        credentials: an explicit key pair; None to use the credential chain.
        sandbox: whether it is the sandbox.
        read_only: whether every writing call is refused.
    """

    region: str
    profile: str | None = None
    endpoint: str | None = None
    credentials: StaticCredentials | None = None
    sandbox: bool = False
    read_only: bool = False

    @property
    def label(self) -> str:
        """A short description for headers and messages."""
        name = "SANDBOX" if self.sandbox else f"profile {self.profile}" if self.profile else "AWS"
        return f"{name} {self.region}" + (" READ-ONLY" if self.read_only else "")

    def in_region(self, region: str) -> Target:
        """Return the same target in another region."""
        return replace(self, region=region)


def is_loopback(url: str) -> bool:
    """Return whether a URL's host is a loopback address.

    Names are not trusted (a hosts file or a resolver may say anything), except `localhost`.
    """
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False

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
        endpoint: URL of every service, None for AWS's own endpoints and for `endpoints`.
        credentials: an explicit key pair; None to use the credential chain.
        sandbox: whether it is the sandbox.
        read_only: whether every writing call is refused.
        profile_origin: what named the profile if no one did so by hand: `AWS_PROFILE`, `config.yaml`.
        exported_keys: whether credentials of the environment win over the profile, which then only has settings.
        endpoints: service -> URL, where the profile or the environment configure another endpoint than AWS's.
    """

    region: str
    profile: str | None = None
    endpoint: str | None = None
    credentials: StaticCredentials | None = None
    sandbox: bool = False
    read_only: bool = False
    profile_origin: str = ""
    exported_keys: bool = False
    endpoints: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        """A short description for messages: account, region, endpoint, READ-ONLY."""
        name = "SANDBOX" if self.sandbox else f"profile {self.profile_label}" if self.owner else "AWS"
        at = f" at {self.endpoint_label}" if self.endpoint_label else ""
        return f"{name} {self.region}{at}" + (" READ-ONLY" if self.read_only else "")

    @property
    def owner(self) -> str | None:
        """The profile whose credentials are used; None for the default chain and for exported keys."""
        return None if self.exported_keys else self.profile

    @property
    def profile_label(self) -> str:
        """Whose credentials are used, and what chose them."""
        if self.exported_keys:
            return "exported keys"
        if self.profile is None:
            return "default chain"
        return f"{self.profile} ({self.profile_origin})" if self.profile_origin else self.profile

    @property
    def endpoint_label(self) -> str:
        """The endpoints that are not AWS's own, without passwords; empty if all are, and for the sandbox."""
        urls = list(dict.fromkeys(_without_password(url) for _, url in self.endpoints))
        if len(urls) <= 1:
            names = [service for service, _ in self.endpoints]
            few = f" ({', '.join(names)})" if 0 < len(names) <= FEW_SERVICES else ""
            return f"{urls[0]}{few}" if urls else ""
        named = [f"{_without_password(url)} ({service})" for service, url in self.endpoints]
        more = f" and {len(named) - FEW_SERVICES} more" if len(named) > FEW_SERVICES else ""
        return ", ".join(named[:FEW_SERVICES]) + more

    @property
    def key(self) -> str:
        """A text that two targets share only if they are the same place: for what is remembered of a target."""
        name = "SANDBOX" if self.sandbox else f"profile {self.owner}" if self.owner else "AWS"
        at = "".join(f" {service}={url}" for service, url in self.endpoints)
        return f"{name} {self.region}{at}"

    def endpoint_of(self, service: str) -> str | None:
        """Return the URL that is configured for a service; None for AWS's own."""
        return self.endpoint or dict(self.endpoints).get(service)

    def in_region(self, region: str) -> Target:
        """Return the same target in another region."""
        return replace(self, region=region)


FEW_SERVICES = 2
"""Services whose own endpoints are named in a label."""


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


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

"""Subnets and security groups, and what a training job requires of them.

Source: SageMaker developer guide, "Give SageMaker training jobs access to resources in your VPC": two private
addresses for each instance, a route to S3, a VPC of default tenancy, and for several instances a group that lets its
members communicate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

ADDRESSES_PER_INSTANCE = 2
DEFAULT_TENANCY = "default"


class S3Route(Enum):
    """How a subnet reaches S3."""

    ENDPOINT = "an S3 endpoint"
    NETWORK = "its default route"
    """A NAT gateway, a transit gateway, an appliance: something that can route to S3."""
    INTERNET_GATEWAY = "an internet gateway"
    """No route for a job: its network interfaces have no public address."""
    NONE = "nothing"

    @property
    def reaches_s3(self) -> bool:
        """Whether a job in the subnet can reach S3."""
        return self in (S3Route.ENDPOINT, S3Route.NETWORK)


@dataclass(frozen=True)
class Subnet:
    """A subnet: its VPC, its zone, its free addresses, and its route to S3 (None: not determined)."""

    id: str
    vpc: str
    zone: str
    free_addresses: int
    route: S3Route | None = None


@dataclass(frozen=True)
class SecurityGroup:
    """A security group: its VPC, and whether it lets its own members communicate."""

    id: str
    vpc: str
    lets_members_talk: bool


@dataclass(frozen=True)
class NetworkFacts:
    """The resources behind the ids in a run's VPC settings.

    Attributes:
        subnets, groups: by id; an id that does not exist is absent.
        tenancies: VPC -> the tenancy of its instances (`default`, `dedicated`); None: not determined.
    """

    subnets: Mapping[str, Subnet] = field(default_factory=dict)
    groups: Mapping[str, SecurityGroup] = field(default_factory=dict)
    tenancies: Mapping[str, str] | None = field(default_factory=dict)

"""Lists of the resources that a run can use: roles, VPCs, subnets, security groups, keys.

Each list needs a permission of its own; without it, the user types the id or ARN.
"""

from __future__ import annotations

from jsft_tui.aws.account import Account
from jsft_tui.core.account.resources import Resource
from jsft_tui.core.preflight.base.required_access import SERVICE


class ResourcePickers:
    """The lists of one target. Every method raises Problem when access is denied or the request fails."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def roles(self) -> list[Resource]:
        """Return the execution roles that trust SageMaker: ARN, name, description; by name."""
        return sorted(self._account.iam.roles_of(SERVICE), key=lambda role: role.name.lower())

    def vpcs(self) -> list[Resource]:
        """Return the VPCs of the region: id, name, address range."""
        return self._account.ec2.vpcs()

    def subnets(self, vpc: str) -> list[Resource]:
        """Return the subnets of a VPC: id, name, zone and free addresses; by zone."""
        return sorted(self._account.ec2.subnets_of(vpc), key=lambda subnet: (subnet.note, subnet.id))

    def security_groups(self, vpc: str) -> list[Resource]:
        """Return the security groups of a VPC: id, name, description; by name."""
        return sorted(self._account.ec2.groups_of(vpc), key=lambda group: (group.name.lower(), group.id))

    def keys(self) -> list[Resource]:
        """Return the KMS keys of the account: ARN, alias, further aliases; those with an alias first."""
        return self._account.kms.keys()

"""Read networks that a job can run in, and where instance types are offered (EC2). Read-only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from jsft_tui.aws.client.errors import translate_errors
from jsft_tui.aws.client.session import AwsSession
from jsft_tui.core.account.network import DEFAULT_TENANCY, S3Route, SecurityGroup, Subnet
from jsft_tui.core.account.resources import Resource
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import clean

_OFFERS_PER_REQUEST = 100
"""Values per filter and request; the API accepts 200."""


class Ec2:
    """EC2 in the region of one target."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def vpcs(self) -> list[Resource]:
        """List the region's VPCs: id, name, and the address range as note."""
        with translate_errors("list the VPCs"):
            rows = self._all("describe_vpcs", "Vpcs")
            return [
                Resource(
                    _id(row, "VpcId", "vpc-"),
                    _name(row),
                    _joined(row.get("CidrBlock"), "default" if row.get("IsDefault") else ""),
                )
                for row in rows
            ]

    def subnets_of(self, vpc: str) -> list[Resource]:
        """List the subnets of a VPC: id, name, and zone and free addresses as note."""
        with translate_errors(f"list the subnets of {vpc}"):
            rows = self._all("describe_subnets", "Subnets", Filters=_filters({"vpc-id": [vpc]}))
            return [
                Resource(
                    _id(row, "SubnetId", "subnet-"),
                    _name(row),
                    _joined(row.get("AvailabilityZone"), f"{row.get('AvailableIpAddressCount', '?')} addresses free"),
                )
                for row in rows
            ]

    def groups_of(self, vpc: str) -> list[Resource]:
        """List the security groups of a VPC: id, name, and the description as note."""
        with translate_errors(f"list the security groups of {vpc}"):
            rows = self._all("describe_security_groups", "SecurityGroups", Filters=_filters({"vpc-id": [vpc]}))
            return [
                Resource(_id(row, "GroupId", "sg-"), clean(row.get("GroupName", "")), clean(row.get("Description", "")))
                for row in rows
            ]

    def subnets(self, ids: Sequence[str]) -> dict[str, Subnet]:
        """Read those of the given subnets that exist, without their route."""
        # A filter instead of SubnetIds: one unknown id there fails the whole request.
        with translate_errors("describe the subnets"):
            rows = self._all("describe_subnets", "Subnets", Filters=_filters({"subnet-id": list(ids)}))
            return {
                row["SubnetId"]: Subnet(
                    row["SubnetId"], row["VpcId"], row.get("AvailabilityZone", ""), int(row["AvailableIpAddressCount"])
                )
                for row in rows
            }

    def groups(self, ids: Sequence[str]) -> dict[str, SecurityGroup]:
        """Read those of the given security groups that exist."""
        with translate_errors("describe the security groups"):
            rows = self._all("describe_security_groups", "SecurityGroups", Filters=_filters({"group-id": list(ids)}))
            return {
                row["GroupId"]: SecurityGroup(row["GroupId"], row.get("VpcId", ""), _allows_own_traffic(row))
                for row in rows
            }

    def tenancies(self, vpcs: Iterable[str]) -> dict[str, str]:
        """Read the instance tenancy of each VPC: `default` or `dedicated`."""
        ids = sorted(set(vpcs))
        if not ids:
            return {}
        with translate_errors("describe the VPC"):
            rows = self._all("describe_vpcs", "Vpcs", Filters=_filters({"vpc-id": ids}))
            return {row["VpcId"]: clean(row.get("InstanceTenancy", DEFAULT_TENANCY)) for row in rows}

    def s3_routes(self, subnets: Iterable[Subnet]) -> dict[str, S3Route]:
        """Determine how each of these subnets reaches S3."""
        subnets = list(subnets)
        vpcs = sorted({subnet.vpc for subnet in subnets})
        if not vpcs:
            return {}
        with translate_errors("describe the subnets' route tables"):
            tables = self._all("describe_route_tables", "RouteTables", Filters=_filters({"vpc-id": vpcs}))
        with translate_errors("describe the VPC's endpoints"):
            endpoints = self._all("describe_vpc_endpoints", "VpcEndpoints", Filters=_filters({"vpc-id": vpcs}))
            region = self._session.target.region
            s3_endpoints = [row for row in endpoints if _is_s3(row, region)]
            return {subnet.id: _route_of(subnet, tables, s3_endpoints) for subnet in subnets}

    def zones_with(self, instance_types: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Map instance types (`ml.g5.xlarge`) to the zones in which EC2 offers them; empty where it does not."""
        wanted = list(instance_types)
        found: dict[str, list[str]] = {name: [] for name in wanted}
        for start in range(0, len(wanted), _OFFERS_PER_REQUEST):
            names = [name.removeprefix("ml.") for name in wanted[start : start + _OFFERS_PER_REQUEST]]
            with translate_errors("list the instance type offerings"):
                rows = self._all(
                    "describe_instance_type_offerings",
                    "InstanceTypeOfferings",
                    LocationType="availability-zone",
                    Filters=_filters({"instance-type": names}),
                )
                for row in rows:
                    if row["InstanceType"] not in names:
                        raise ValueError("an instance type was not asked for")
                    found[f"ml.{row['InstanceType']}"].append(row["Location"])
        return {name: tuple(sorted(zones)) for name, zones in found.items()}

    def _all(self, operation: str, field: str, **arguments: Any) -> list[dict[str, Any]]:
        pages = self._session.client("ec2").get_paginator(operation).paginate(**arguments)
        return [row for page in pages for row in page[field]]


def _id(row: Mapping[str, Any], member: str, prefix: str) -> str:
    """Return the id of a resource, which begins with its kind (EC2 user guide, "Resource IDs")."""
    found = str(row[member])
    if not found.startswith(prefix):
        raise ValueError(f"{member} is no id of EC2's")
    return found


def _filters(values: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    return [{"Name": name, "Values": wanted} for name, wanted in values.items()]


def _name(row: Mapping[str, Any]) -> str:
    return clean(next((tag["Value"] for tag in row.get("Tags", ()) if tag["Key"] == "Name"), ""))


def _joined(*parts: str | None) -> str:
    return clean(", ".join(part for part in parts if part))


def _allows_own_traffic(row: Mapping[str, Any]) -> bool:
    """Return whether a rule allows all traffic from the group itself (developer guide, train-vpc)."""
    for rule in row.get("IpPermissions", ()):
        sources = {pair.get("GroupId") for pair in rule.get("UserIdGroupPairs", ())}
        anyone = any(block.get("CidrIp") == "0.0.0.0/0" for block in rule.get("IpRanges", ()))
        everything = rule.get("IpProtocol") == "-1" or (rule.get("FromPort") == 0 and rule.get("ToPort") == 65535)
        if everything and (row["GroupId"] in sources or anyone):
            return True
    return False


def _is_s3(endpoint: Mapping[str, Any], region: str) -> bool:
    service = str(endpoint.get("ServiceName", ""))
    return service.endswith(f".{region}.s3") and str(endpoint.get("State", "")).lower() == "available"


def _route_of(subnet: Subnet, tables: Sequence[Mapping[str, Any]], endpoints: Sequence[Mapping[str, Any]]) -> S3Route:
    table = _table_of(subnet, tables)
    for endpoint in endpoints:
        if endpoint.get("VpcId") != subnet.vpc:
            continue
        if endpoint.get("VpcEndpointType") == "Gateway":
            if table.get("RouteTableId") in endpoint.get("RouteTableIds", ()):
                return S3Route.ENDPOINT
        elif endpoint.get("PrivateDnsEnabled"):
            return S3Route.ENDPOINT
    return _default_route(table)


def _table_of(subnet: Subnet, tables: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the subnet's own route table, or the main one of its VPC.

    Raises:
        Problem: the response contains neither (a policy can hide route tables).
    """
    main: Mapping[str, Any] | None = None
    for table in tables:
        for association in table.get("Associations", ()):
            if association.get("SubnetId") == subnet.id:
                return table
            if association.get("Main") and table.get("VpcId") == subnet.vpc:
                main = table
    if main is None:
        raise Problem("NotFound", f"the route table of {subnet.id} could not be determined.")
    return main


_GATEWAY_FIELDS = ("NatGatewayId", "TransitGatewayId", "NetworkInterfaceId", "InstanceId", "VpcPeeringConnectionId")


def _default_route(table: Mapping[str, Any]) -> S3Route:
    for route in _default_routes(table):
        gateway = str(route.get("GatewayId", ""))
        if gateway.startswith("igw-"):
            return S3Route.INTERNET_GATEWAY
        if gateway.startswith(("vgw-", "vpce-")) or any(route.get(name) for name in _GATEWAY_FIELDS):
            return S3Route.NETWORK
    return S3Route.NONE


def _default_routes(table: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for route in table.get("Routes", ()):
        if route.get("DestinationCidrBlock") == "0.0.0.0/0" and route.get("State", "active") == "active":
            yield route

"""The route from a subnet to S3, read from route tables and endpoints (EC2's sandbox network has one shape only)."""

from __future__ import annotations

from typing import Any

import pytest

from jsft_tui.aws.ec2 import Ec2
from jsft_tui.core.account.network import S3Route, Subnet
from tests.common.home import Home
from tests.services.account import account_of

REGION = "us-west-2"


class Network:
    """A new VPC in the sandbox."""

    def __init__(self, home: Home) -> None:
        self.client = home.sandbox.client("ec2")
        self.vpc = self.client.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        place = {"CidrBlock": "10.0.0.0/28", "AvailabilityZone": f"{REGION}a"}
        self.subnet = self.client.create_subnet(VpcId=self.vpc, **place)["Subnet"]["SubnetId"]
        self.main = self.client.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [self.vpc]}])[
            "RouteTables"
        ][0]["RouteTableId"]

    def own_table(self) -> str:
        """Give the subnet its own route table."""
        table: str = self.client.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]
        self.client.associate_route_table(RouteTableId=table, SubnetId=self.subnet)
        return table

    def endpoint(self, service: str, **more: Any) -> None:
        """Create an endpoint in the VPC."""
        self.client.create_vpc_endpoint(VpcId=self.vpc, ServiceName=f"com.amazonaws.{REGION}.{service}", **more)

    def internet(self) -> str:
        """Attach an internet gateway to the VPC."""
        gateway: str = self.client.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.client.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.vpc)
        return gateway

    def default_route(self, **by: str) -> None:
        """Add a default route."""
        self.client.create_route(RouteTableId=self.main, DestinationCidrBlock="0.0.0.0/0", **by)


@pytest.fixture
def network(home: Home) -> Network:
    return Network(home)


@pytest.fixture
def ec2(home: Home) -> Ec2:
    return account_of(home).ec2


def route(network: Network, ec2: Ec2) -> S3Route | None:
    found = ec2.subnets([network.subnet])
    free = found[network.subnet].free_addresses
    assert found[network.subnet] == Subnet(network.subnet, network.vpc, "us-west-2a", free)
    assert 0 < free <= 11
    return ec2.s3_routes(found.values())[network.subnet]


def test_a_subnet_with_nothing_has_no_way(network: Network, ec2: Ec2) -> None:
    assert route(network, ec2) is S3Route.NONE
    network.endpoint("dynamodb", VpcEndpointType="Gateway", RouteTableIds=[network.main])
    assert route(network, ec2) is S3Route.NONE


def test_a_gateway_endpoint_of_the_main_table_leads_there_until_the_subnet_has_its_own(
    network: Network, ec2: Ec2
) -> None:
    network.endpoint("s3", VpcEndpointType="Gateway", RouteTableIds=[network.main])
    assert route(network, ec2) is S3Route.ENDPOINT
    network.own_table()
    assert route(network, ec2) is S3Route.NONE


def test_a_gateway_endpoint_of_the_subnets_own_table_leads_there(network: Network, ec2: Ec2) -> None:
    network.endpoint("s3", VpcEndpointType="Gateway", RouteTableIds=[network.own_table()])
    assert route(network, ec2) is S3Route.ENDPOINT


def test_an_interface_endpoint_with_private_names_leads_there(network: Network, ec2: Ec2) -> None:
    network.endpoint("s3", VpcEndpointType="Interface", SubnetIds=[network.subnet], PrivateDnsEnabled=True)
    assert route(network, ec2) is S3Route.ENDPOINT


def test_an_internet_gateway_is_no_way_and_a_nat_gateway_is_one(network: Network, ec2: Ec2) -> None:
    network.default_route(GatewayId=network.internet())
    assert route(network, ec2) is S3Route.INTERNET_GATEWAY
    network.client.delete_route(RouteTableId=network.main, DestinationCidrBlock="0.0.0.0/0")
    nat = network.client.create_nat_gateway(SubnetId=network.subnet, ConnectivityType="private")["NatGateway"]
    network.default_route(NatGatewayId=nat["NatGatewayId"])
    assert ec2.s3_routes(ec2.subnets([network.subnet]).values())[network.subnet] is S3Route.NETWORK


def test_only_ids_that_exist_are_found(network: Network, ec2: Ec2) -> None:
    assert list(ec2.subnets([network.subnet, "subnet-0123abcd"])) == [network.subnet]
    assert ec2.groups(["sg-0123abcd"]) == {}


def test_a_group_lets_its_members_talk_only_by_a_rule(network: Network, ec2: Ec2) -> None:
    group = network.client.create_security_group(GroupName="g", Description="g", VpcId=network.vpc)["GroupId"]
    assert not ec2.groups([group])[group].lets_members_talk
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [{"GroupId": group}]}
    network.client.authorize_security_group_ingress(GroupId=group, IpPermissions=[https])
    assert not ec2.groups([group])[group].lets_members_talk
    all_of_it = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}
    network.client.authorize_security_group_ingress(GroupId=group, IpPermissions=[all_of_it])
    assert ec2.groups([group])[group].lets_members_talk


def test_types_that_ec2_does_not_offer_have_no_zones(ec2: Ec2) -> None:
    found = ec2.zones_with(["ml.g4dn.xlarge", "ml.p3.2xlarge"])
    assert set(found["ml.g4dn.xlarge"]) <= {f"{REGION}{letter}" for letter in "abcd"}
    assert found["ml.g4dn.xlarge"] and found["ml.p3.2xlarge"] == ()

"""The network of the run, if any: existing, with a route to S3 and free addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jsft_tui.core.account.limits import MAX_GROUPS, MAX_SUBNETS
from jsft_tui.core.account.network import ADDRESSES_PER_INSTANCE, DEFAULT_TENANCY, NetworkFacts, S3Route, Subnet
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, nothing_to_tell, passed, unknown, warn
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.preflight.checks.job.availability import OFFERS
from jsft_tui.core.run.run import Vpc

NETWORK = Requirement[NetworkFacts]("network")


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block networks that the service would refuse or from which the data is out of reach."""
    network = plan.run.vpc
    if network is None:
        yield nothing_to_tell("no VPC.")
        return
    wrong = [
        *_wrong("subnets", network.subnets, "subnet-", MAX_SUBNETS),
        *_wrong("security_group_ids", network.security_group_ids, "sg-", MAX_GROUPS),
    ]
    yield from wrong
    if wrong:
        return
    found = inputs[NETWORK]
    yield from _missing(network, found)
    yield from _one_vpc(found)
    yield from _tenancy(found)
    if found.subnets:
        subnets = list(found.subnets.values())
        yield from _addresses(plan, subnets)
        yield from _routes(plan, subnets)
        yield from _zones(plan, subnets, inputs)
    yield from _communication(plan, found)


def _wrong(field: str, ids: tuple[str, ...], prefix: str, most: int) -> Iterator[CheckResult]:
    if not 1 <= len(ids) <= most:
        yield block(f"vpc.{field} must list 1 to {most} ids, not {len(ids)}.")
    for name in ids:
        if not re.fullmatch(rf"{prefix}[0-9a-zA-Z-]+", name):
            yield block(f"vpc.{field}: {name!r} is not a {prefix} id.")


def _missing(network: Vpc, found: NetworkFacts) -> Iterator[CheckResult]:
    for name in (*network.subnets, *network.security_group_ids):
        if name not in found.subnets and name not in found.groups:
            kind = "subnet" if name.startswith("subnet-") else "security group"
            yield block(f"there is no {kind} {name} in this account and region.", "Check its id and the region.")


def _one_vpc(found: NetworkFacts) -> Iterator[CheckResult]:
    vpcs = {subnet.vpc for subnet in found.subnets.values()} | {group.vpc for group in found.groups.values()}
    if len(vpcs) > 1:
        yield block(
            f"the subnets and security groups belong to several VPCs ({', '.join(sorted(vpcs))}).", "Use one VPC's."
        )


def _tenancy(found: NetworkFacts) -> Iterator[CheckResult]:
    if found.tenancies is None:
        yield unknown("the tenancy of the VPC could not be determined.", "Ask for ec2:DescribeVpcs.")
        return
    for vpc, tenancy in found.tenancies.items():
        if tenancy != DEFAULT_TENANCY:
            message = f"{vpc} is of {tenancy} tenancy; training jobs run in VPCs of default tenancy only."
            yield block(message, "Choose subnets of another VPC, or set its instance tenancy to default.")


def _addresses(plan: Plan, subnets: list[Subnet]) -> Iterator[CheckResult]:
    free, wanted = sum(subnet.free_addresses for subnet in subnets), ADDRESSES_PER_INSTANCE * plan.run.instance.count
    if free < wanted:
        yield block(
            f"the subnets have {free} free addresses; {plan.run.instance.count} x {plan.run.instance.type} "
            f"needs {wanted}.",
            "Free some, or add a subnet.",
        )
    else:
        yield passed(f"{free} free addresses, {wanted} needed.")


def _routes(plan: Plan, subnets: list[Subnet]) -> Iterator[CheckResult]:
    if any(subnet.route is None for subnet in subnets):
        yield unknown("the subnets' route to S3 could not be determined.", "Ask for ec2:DescribeRouteTables.")
        return
    cut_off = [subnet for subnet in subnets if subnet.route is None or not subnet.route.reaches_s3]
    remedy = f"Add an S3 gateway endpoint (com.amazonaws.{plan.place.region}.s3) to their route tables."
    names = ", ".join(subnet.id for subnet in cut_off)
    if len(cut_off) == len(subnets):
        why = " (an internet gateway is not enough: the job gets no public address)"
        by_gateway = any(subnet.route is S3Route.INTERNET_GATEWAY for subnet in cut_off)
        yield block(f"{names}: no route to S3{why if by_gateway else ''}.", remedy)
    elif cut_off:
        yield warn(f"{names}: no route to S3; a job that starts there cannot download its data.", remedy)
    else:
        ways = sorted({subnet.route.value for subnet in subnets if subnet.route})
        yield passed(f"S3 is reached through {' and '.join(ways)}.")


def _zones(plan: Plan, subnets: list[Subnet], inputs: Inputs) -> Iterator[CheckResult]:
    offers = inputs.get(OFFERS) or {}  # where they are not available, the check `availability` reports it
    zones = offers.get(plan.run.instance.type, ())
    if zones and not any(subnet.zone in zones for subnet in subnets):
        there = ", ".join(sorted({subnet.zone for subnet in subnets}))
        message = f"{plan.run.instance.type} is not offered in {there}, where the subnets are."
        yield warn(message, f"Add a subnet in one of {', '.join(zones)}.")


def _communication(plan: Plan, found: NetworkFacts) -> Iterator[CheckResult]:
    groups = list(found.groups.values())
    if plan.run.instance.count > 1 and groups and not any(group.lets_members_talk for group in groups):
        instances = plan.run.instance.count
        message = f"{instances} instances must communicate, but no security group allows itself as a source."
        yield warn(message, f"Allow all traffic from {groups[0].id} in its own inbound rules.")


CHECK = Check("vpc", Subject.INSTANCE, 200, evaluate, (NETWORK, OFFERS), label="Network")

"""Test that nothing is lost when the sandbox is killed."""

from __future__ import annotations

import json

import pytest

from tests.sandbox.running import RunningSandbox

pytestmark = pytest.mark.sandbox


def test_what_was_answered_survives_a_kill(own_sandbox: RunningSandbox) -> None:
    s3, iam, ec2, kms = (own_sandbox.client(service) for service in ("s3", "iam", "ec2", "kms"))
    s3.create_bucket(Bucket="kept", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    for key, body in (("small", b"1"), ("large", b"2" * 1_000_000)):
        s3.put_object(Bucket="kept", Key=key, Body=body)
    upload = s3.create_multipart_upload(Bucket="kept", Key="parts")["UploadId"]
    part = s3.upload_part(Bucket="kept", Key="parts", UploadId=upload, PartNumber=1, Body=b"part")
    trust = {"Version": "2012-10-17", "Statement": []}
    role = iam.create_role(RoleName="Mine", AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    iam.create_role(RoleName="Gone", AssumeRolePolicyDocument=json.dumps(trust))
    iam.delete_role(RoleName="Gone")
    subnets = sorted(subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"])
    group = ec2.create_security_group(GroupName="g", Description="d")["GroupId"]
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    before = own_sandbox.info
    own_sandbox.kill()
    own_sandbox.start()
    for name in ("endpoint", "access_key_id", "secret_access_key"):
        assert own_sandbox.info[name] == before[name]
    # The existing clients continue to work: same port, same key.
    s3.complete_multipart_upload(
        Bucket="kept",
        Key="parts",
        UploadId=upload,
        MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
    )
    for name, body in (("small", b"1"), ("large", b"2" * 1_000_000), ("parts", b"part")):
        assert s3.get_object(Bucket="kept", Key=name)["Body"].read() == body
    again = iam.get_role(RoleName="Mine")["Role"]
    assert (again["Arn"], again["RoleId"]) == (role["Arn"], role["RoleId"])
    assert {entry["RoleName"] for entry in iam.list_roles()["Roles"]} == {"JsftSandboxRole", "Mine"}
    assert sorted(subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]) == subnets
    assert ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["GroupName"] == "g"
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyId"] == key


def test_a_half_written_journal_entry_is_passed_over(own_sandbox: RunningSandbox) -> None:
    own_sandbox.client("iam").list_roles()
    own_sandbox.kill()
    with (own_sandbox.state_dir / "content" / "moto.journal").open("a") as journal:
        journal.write('{"seed": 1, "service": "ia')
    own_sandbox.start()
    iam = own_sandbox.client("iam")
    assert [role["RoleName"] for role in iam.list_roles()["Roles"]] == ["JsftSandboxRole"]
    iam.create_role(RoleName="After", AssumeRolePolicyDocument="{}")
    own_sandbox.kill()
    own_sandbox.start()
    assert "After" in [role["RoleName"] for role in own_sandbox.client("iam").list_roles()["Roles"]]


def test_what_every_sandbox_begins_with_is_the_same_after_every_start(own_sandbox: RunningSandbox) -> None:
    """Whatever is asked first, and although nothing was changed."""

    def identifiers(*regions: str) -> dict[str, list[str]]:
        subnets = {region: own_sandbox.client("ec2", region).describe_subnets()["Subnets"] for region in regions}
        return {region: sorted(subnet["SubnetId"] for subnet in found) for region, found in subnets.items()}

    role = own_sandbox.client("iam").get_role(RoleName="JsftSandboxRole")["Role"]["RoleId"]
    before = identifiers("us-west-2", "eu-west-1", "us-east-1")
    own_sandbox.kill()
    assert not (own_sandbox.state_dir / "content" / "moto.journal").exists()
    own_sandbox.start()
    assert identifiers("us-east-1", "eu-west-1", "us-west-2") == before
    assert own_sandbox.client("iam").get_role(RoleName="JsftSandboxRole")["Role"]["RoleId"] == role

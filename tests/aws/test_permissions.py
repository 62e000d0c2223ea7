"""Every AWS call has its IAM action in the README's table of permissions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name

import jsft_tui.aws
from jsft_tui.services.session.doctor import FEATURES

ROOT = Path(jsft_tui.aws.__file__).parents[2]
ADAPTERS = sorted(
    path
    for path in Path(jsft_tui.aws.__file__).parent.rglob("*.py")
    if "client(" in path.read_text() and "client" not in path.parent.parts and "sign_in" not in path.parent.parts
)

ACTION_OF_OPERATION = {
    # Service authorization reference, "Actions, resources, and condition keys for Amazon S3" and "... CloudWatch".
    "s3:HeadObject": "s3:GetObject",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:ListMultipartUploads": "s3:ListBucketMultipartUploads",
    "iam:SimulateCustomPolicy": "iam:SimulatePrincipalPolicy",
}
"""Operations whose action has another name."""
PREFIX = {"service-quotas": "servicequotas"}
"""Services whose actions have another prefix than boto3's name."""
FREE = frozenset({"sts:GetCallerIdentity"})
"""Operations that need no permission."""


def actions_in(path: Path) -> Iterator[str]:
    """The IAM actions of the operations that an adapter names, as methods or for a paginator."""
    tree = ast.parse(path.read_text())
    strings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    words = strings | {node.attr for node in attributes if ast.unparse(node.value).endswith("client")}
    loader = botocore.session.Session()
    for service in strings & set(loader.get_available_services()):
        for operation in loader.get_service_model(service).operation_names:
            if xform_name(operation) in words:
                action = f"{PREFIX.get(service, service)}:{operation}"
                yield ACTION_OF_OPERATION.get(action, action)


def in_readme() -> set[str]:
    return set(re.findall(r"`([a-z0-9-]+:[A-Z]\w+)`", (ROOT / "README.md").read_text()))


@pytest.mark.parametrize("path", ADAPTERS, ids=lambda path: path.stem)
def test_each_call_is_in_the_table(path: Path) -> None:
    found = set(actions_in(path)) - FREE
    assert found, "no operation was recognized"
    assert not found - in_readme()


def test_the_doctor_asks_for_nothing_that_the_table_lacks() -> None:
    assert not {action for actions in FEATURES.values() for action in actions} - in_readme()

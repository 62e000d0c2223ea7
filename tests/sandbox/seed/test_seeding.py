from __future__ import annotations

import subprocess
import sys
from copy import deepcopy

from jsft_tui.sandbox.seed import QUOTAS, SANDBOX_ROLE, seed_store
from tests.common.effort import at_most
from tests.sandbox.seed.seeded import REGION, MemoryStore, content, folder, seeded_store


def test_seeding_creates_four_buckets_one_of_them_elsewhere() -> None:
    assert seeded_store().regions == {
        f"jumpstart-cache-prod-{REGION}": REGION,
        f"jsft-sandbox-{REGION}": REGION,
        f"jsft-sandbox-broken-{REGION}": REGION,
        "jsft-sandbox-elsewhere": "eu-central-1",
    }


def test_the_bucket_elsewhere_is_never_in_the_sandbox_s_own_region() -> None:
    store = MemoryStore()
    seed_store(store, "eu-central-1")
    assert store.regions["jsft-sandbox-elsewhere-us-east-1"] == "us-east-1"
    # A folder that was seeded for another region already has the other bucket, which cannot move.
    assert "jsft-sandbox-elsewhere" not in store.regions


def test_seeding_twice_gives_the_same_bytes_and_leaves_other_objects_alone() -> None:
    store = deepcopy(seeded_store())
    store.buckets[f"jsft-sandbox-{REGION}"]["mine.txt"] = b"mine"
    with at_most(4, "seeding"):
        seed_store(store, REGION)
    assert store.buckets[f"jsft-sandbox-{REGION}"].pop("mine.txt") == b"mine"
    assert store.buckets == seeded_store().buckets


def test_every_key_is_one_that_s3_allows() -> None:
    for objects in seeded_store().buckets.values():
        assert all(key and len(key.encode()) <= 1024 and not key.startswith("/") for key in objects)


def test_the_user_s_bucket_holds_good_data_for_each_trainer() -> None:
    own = seeded_store().buckets[f"jsft-sandbox-{REGION}"]
    assert folder(own, "data/shapes/") == folder(content(), "training-datasets/sandbox_shapes/")
    assert folder(own, "data/services/") == folder(content(), "training-datasets/sandbox_services/")
    assert folder(own, "data/points/") == folder(content(), "training-datasets/sandbox_points/")


def test_reading_a_quota_imports_neither_numpy_nor_pillow_nor_botocore() -> None:
    program = (
        "import sys; from jsft_tui.sandbox.seed import QUOTAS, RUNNABLE_MODEL_IDS;"
        "sys.exit(','.join({'numpy', 'PIL', 'botocore', 'boto3'} & sys.modules.keys()) or None)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_some_quotas_are_zero_and_those_of_the_first_run_are_not() -> None:
    assert QUOTAS["ml.p3.2xlarge for training job usage"] == 0
    assert QUOTAS["ml.p4d.24xlarge for training job usage"] == 0
    assert QUOTAS["ml.g4dn.xlarge for training job usage"] == 2
    assert QUOTAS["ml.g5.12xlarge for training job usage"] == 1
    assert QUOTAS["ml.g5.xlarge for spot training job usage"] == 1
    assert QUOTAS["Longest run time for a training job"] == 432_000


def test_the_sandbox_role_is_a_role_of_the_documentation_account() -> None:
    assert SANDBOX_ROLE == "arn:aws:iam::123456789012:role/JsftSandboxRole"

"""Name the sandbox's buckets and the keys of the seeded objects."""

from __future__ import annotations

_KEYS = "training-datasets/sandbox_"

SHAPES = f"{_KEYS}shapes/"
SERVICES = f"{_KEYS}services/"
POINTS = f"{_KEYS}points/"
POINTS_REGRESSION = f"{_KEYS}points_regression/"
BOXES = f"{_KEYS}boxes/"
MASKS = f"{_KEYS}masks/"
PAIRS = f"{_KEYS}pairs/"
QUESTIONS = f"{_KEYS}questions/"
PROMPTS = f"{_KEYS}prompts/"
INSTRUCTIONS = f"{_KEYS}instructions/"
DIALOGS = f"{_KEYS}dialogs/"
PROSE = f"{_KEYS}prose/"
PICTURES = f"{_KEYS}pictures/"
SENTENCES = f"{_KEYS}sentences/"

BASE_MODEL = "sandbox/base-model/v1.0.0/"
"""Prefix of the texts from which the base model of all customizations is pretrained."""

MANIFEST_KEY = "models_manifest.json"
PROPRIETARY_MANIFEST_KEY = "proprietary-sdk-manifest.json"


def name_of(dataset_key: str) -> str:
    """Return the name of a dataset of the content bucket: `pairs` for `PAIRS`."""
    return dataset_key.removeprefix(_KEYS).rstrip("/")


def content_bucket(region: str) -> str:
    """Return the name of JumpStart's content bucket in `region`, which is AWS's name."""
    return f"jumpstart-cache-prod-{region}"


def user_bucket(region: str) -> str:
    """Return the name of the sandbox user's own bucket, for valid data and output."""
    return f"jsft-sandbox-{region}"


def broken_bucket(region: str) -> str:
    """Return the name of the bucket of deliberately broken datasets."""
    return f"jsft-sandbox-broken-{region}"


ELSEWHERE_BUCKET = "jsft-sandbox-elsewhere"
_ELSEWHERE = "eu-central-1"


def elsewhere_bucket(region: str) -> str:
    """Return the name of the bucket in another region: `ELSEWHERE_BUCKET`, unless the sandbox is in that region.

    The name differs then, because a state folder can be restarted in another region and a bucket cannot move.
    """
    return f"{ELSEWHERE_BUCKET}-{elsewhere_region(region)}" if region == _ELSEWHERE else ELSEWHERE_BUCKET


def elsewhere_region(region: str) -> str:
    """Return the region of that bucket, which is never the sandbox's own."""
    return "us-east-1" if region == _ELSEWHERE else _ELSEWHERE


def spec_key(model_id: str, version: str) -> str:
    """Return the key of a model version's spec in the content bucket."""
    return f"community_models/{model_id}/specs_v{version}.json"

"""Use the SageMaker SDK (`sagemaker-core`) for region data, image URIs and defaults files.

Importing it takes about two seconds and 150 MB, so it is imported when first needed, and its data files are read
without any import.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jsft_tui.aws.client.session import AwsSession
from jsft_tui.core.catalog.spec.ecr import EcrSpec
from jsft_tui.core.common.errors import Problem


def region_config() -> Mapping[str, Mapping[str, str]]:
    """Return JumpStart's buckets by region: `region_config.json` of `sagemaker.core.jumpstart`."""
    path = _package() / "core" / "jumpstart" / "region_config.json"
    config: Mapping[str, Mapping[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return config


def _package() -> Path:
    found = find_spec("sagemaker")
    for place in (found.submodule_search_locations or ()) if found else ():
        return Path(place)
    raise Problem("NoSageMakerSdk", "sagemaker-core is not installed.", "Run: pip install 'sagemaker-core>=2.27,<3'")


def training_image(ecr: EcrSpec, instance_type: str, region: str) -> str | None:
    """Return the training image of a spec without instance variants; None if the SDK has none for it."""
    return _image(ecr, instance_type, region, "training")


def inference_image(ecr: EcrSpec, instance_type: str, region: str) -> str | None:
    """Return the hosting image of a spec without instance variants; None if the SDK has none for it."""
    return _image(ecr, instance_type, region, "inference")


def _image(ecr: EcrSpec, instance_type: str, region: str, scope: str) -> str | None:
    _disable_sdk_logging()
    from sagemaker.core import image_uris

    version = ecr.framework_version
    base = None
    if (
        ecr.huggingface_transformers_version
    ):  # Hugging Face containers are versioned by transformers and based on PyTorch
        version, base = ecr.huggingface_transformers_version, f"pytorch{ecr.framework_version}"
    try:
        image: str = image_uris.retrieve(
            framework=ecr.framework,
            region=region,
            version=version,
            py_version=ecr.py_version,
            instance_type=instance_type,
            image_scope=scope,
            base_framework_version=base,
        )
    except (ValueError, KeyError):
        return None
    return image


@dataclass(frozen=True)
class DefaultsFile:
    """A defaults file of SageMaker: its owner (`admin`, `user`), its path or URI, and its contents."""

    owner: str
    place: str
    data: Mapping[str, Any]


def defaults_files(session: AwsSession, environ: Mapping[str, str] = os.environ) -> list[DefaultsFile]:
    """Read SageMaker's defaults `config.yaml`: the admin's, then the user's; environment variables override the paths.

    The SDK's own functions find, read (s3:// included) and validate the files, in the order of its
    `load_sagemaker_config`. Without any such file the SDK is not imported at all.

    Args:
        session: reads files that are in S3.
        environ: environment variables.

    Raises:
        Problem: a file cannot be read or violates the schema (code `BadSageMakerConfig`).
    """
    places = _config_files(environ)
    if not places:
        return []
    _disable_sdk_logging()
    from sagemaker.core.config import config as sdk_config

    found = []
    for owner, place in places:
        try:
            if place.startswith(sdk_config.S3_PREFIX):
                data = sdk_config._load_config_from_s3(place, session.s3_resource())
            else:
                data = sdk_config._load_config_from_file(place)
            if data:
                sdk_config.validate_sagemaker_config(data)
                found.append(DefaultsFile(owner, place, data))
        except Exception as error:  # the SDK lets errors of yaml, jsonschema and boto3 pass
            why = str(error).splitlines()[0] if str(error) else repr(error)
            message = f"SageMaker's defaults file {place} cannot be read: {why}"
            raise Problem("BadSageMakerConfig", message, "Fix or move the file.") from error
    return found


def _config_files(environ: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the effective files, lowest precedence first; a file that the environment names must exist."""
    from platformdirs import site_config_dir, user_config_dir

    found = []
    for owner, folder in (("admin", site_config_dir("sagemaker")), ("user", user_config_dir("sagemaker"))):
        named, usual = environ.get(f"SAGEMAKER_{owner.upper()}_CONFIG_OVERRIDE", ""), Path(folder) / "config.yaml"
        if named or usual.exists():
            found.append((owner, named or str(usual)))
    return found


def _disable_sdk_logging() -> None:
    # Its logger writes to stderr, which would corrupt the screen.
    os.environ.setdefault("DISABLE_JUMPSTART_LOGGING", "1")

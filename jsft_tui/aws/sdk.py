"""What the SageMaker SDK (`sagemaker-core`) knows better than we do.

Importing it takes about two seconds and 150 MB, so it is imported at the first question that needs it, and
what lies in its data files is read from there without any import.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jsft_tui.aws.session import AwsSession
from jsft_tui.core.catalog import EcrSpec
from jsft_tui.core.errors import Problem


def region_config() -> Mapping[str, Mapping[str, str]]:
    """JumpStart's buckets by region: `region_config.json` of `sagemaker.core.jumpstart`."""
    path = _package() / "core" / "jumpstart" / "region_config.json"
    config: Mapping[str, Mapping[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return config


def _package() -> Path:
    found = find_spec("sagemaker")
    for place in (found.submodule_search_locations or ()) if found else ():
        return Path(place)
    raise Problem("NoSageMakerSdk", "sagemaker-core is not installed.", "Run: pip install 'sagemaker-core>=2.27,<3'")


def training_image(ecr: EcrSpec, instance_type: str, region: str) -> str | None:
    """The training image of a spec without instance variants; None when the SDK knows none for it."""
    _quiet()
    from sagemaker.core import image_uris

    version = ecr.framework_version
    base = None
    if ecr.huggingface_transformers_version:  # HF containers are named by transformers, based on pytorch
        version, base = ecr.huggingface_transformers_version, f"pytorch{ecr.framework_version}"
    try:
        image: str = image_uris.retrieve(
            framework=ecr.framework,
            region=region,
            version=version,
            py_version=ecr.py_version,
            instance_type=instance_type,
            image_scope="training",
            base_framework_version=base,
        )
    except (ValueError, KeyError):
        return None
    return image


def defaults_config(session: AwsSession, environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """SageMaker's defaults `config.yaml`: admin file, then user file, environment overrides, s3:// included.

    Without any such file the SDK is not imported at all.

    Args:
        session: reads files that lie in S3.
        environ: the environment that may name the files.

    Raises:
        Problem: a file cannot be read or breaks the schema (code `BadSageMakerConfig`).
    """
    if not any(_config_files(environ)):
        return {}
    _quiet()
    from sagemaker.core.config import load_sagemaker_config

    try:
        config: dict[str, Any] = load_sagemaker_config(s3_resource=session.s3_resource())
    except Exception as error:  # the SDK raises whatever yaml, jsonschema and boto3 raise
        message = f"SageMaker's defaults file cannot be read: {str(error).splitlines()[0] if str(error) else error!r}"
        raise Problem("BadSageMakerConfig", message, "Mend or move that config.yaml.") from error
    return config


def _config_files(environ: Mapping[str, str]) -> list[str]:
    from platformdirs import site_config_dir, user_config_dir

    overrides = [environ.get(f"SAGEMAKER_{who}_CONFIG_OVERRIDE", "") for who in ("ADMIN", "USER")]
    places = [Path(site_config_dir("sagemaker")), Path(user_config_dir("sagemaker"))]
    existing = [str(place / "config.yaml") for place in places if (place / "config.yaml").exists()]
    return [override for override in overrides if override] + existing


def _quiet() -> None:
    # Its logger writes to stderr, which would land in the middle of a terminal screen.
    os.environ.setdefault("DISABLE_JUMPSTART_LOGGING", "1")

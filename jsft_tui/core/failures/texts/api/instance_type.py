"""List the texts about an instance type that cannot be had, or that does not take an option."""

from __future__ import annotations

from jsft_tui.core.common.fixes import FixKind
from jsft_tui.core.failures.diagnosis import known
from jsft_tui.core.failures.origin import EVERYWHERE, Origin

_NOT_THE_SCRIPT = EVERYWHERE - {Origin.SCRIPT}

PATTERNS = (
    known(
        r"CapacityError|Unable to provision requested ML compute capacity|Insufficient ?(?:Instance ?)?capacity",
        "Capacity",
        "AWS has no capacity for this instance type right now.",
        "Try again later, or choose another instance type or region.",
        FixKind.NEXT_INSTANCE,
        origins=_NOT_THE_SCRIPT,
    ),
    known(
        r"(?:KMS ?key|VolumeKmsKeyId)[^\n]{0,20} is not supported|"
        r"can't request a VolumeKmsKeyId|VolumeKmsKeyId.*local storage",
        "VolumeKey",
        "This instance type trains on local NVMe storage, which does not accept a volume key.",
        "Remove kms.volume from the run.",
        FixKind.DROP_VOLUME_KEY,
    ),
    # github.com/aws-samples/aws-sagemaker-heart-disease-prediction issue 1.
    known(
        r"Value '(?P<type>[^']{1,80})' at '[^']*instanceType' failed to satisfy constraint|"
        r"instance type '?(?P<other>ml\.[\w.-]{1,60})'? is (?:invalid|not a valid)",
        "Unsupported",
        "SageMaker does not train on this instance type.",
        "Choose an instance type that the model lists.",
        FixKind.NEXT_INSTANCE,
        origins=_NOT_THE_SCRIPT,
    ),
    known(
        r"Unsupported instance type|"
        r"Instance type \S+ (?:is not (?:supported|available|offered)|does not support)|"
        r"requested resource training-job/ml\.\S+ is not available",
        "Unsupported",
        "This instance type is not offered in this region, or not in this way.",
        "Choose another region or instance type.",
        FixKind.NEXT_INSTANCE,
        origins=_NOT_THE_SCRIPT,
        unverified=True,
    ),
)

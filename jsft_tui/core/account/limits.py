"""Limits and patterns of CreateTrainingJob (botocore's service model)."""

from __future__ import annotations

import re

TAG = re.compile(r"[\w\s.:/=+\-@]*", re.UNICODE)


VARIABLE = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
"""TrainingEnvironmentMap, TrainingEnvironmentKey, TrainingEnvironmentValue."""


KMS_KEY = re.compile(r"[a-zA-Z0-9:/_-]{1,2048}")
"""KmsKeyId."""


CHANNEL = re.compile(r"[A-Za-z0-9.\-_]{1,64}")


MAX_CHANNELS = 18
"""InputDataConfig takes 20; JumpStart adds two."""


MAX_KEEP_ALIVE = 21_600
"""KeepAlivePeriodInSeconds."""

MAX_SUBNETS, MAX_GROUPS = 16, 5
"""VpcConfig of CreateTrainingJob."""

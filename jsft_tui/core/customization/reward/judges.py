"""The Bedrock models that may judge answers in RLAIF, and the regions in which they do.

Source: sagemaker-train 1.27, `sagemaker.core.training.constants._ALLOWED_REWARD_MODEL_IDS`.
"""

from __future__ import annotations

from collections.abc import Mapping

_WIDE = ("us-west-2", "us-east-1", "ap-northeast-1", "eu-west-1")
_LARGE = ("us-west-2", "ap-northeast-1")
JUDGE_REGIONS: Mapping[str, tuple[str, ...]] = {
    "openai.gpt-oss-120b-1:0": _WIDE,
    "openai.gpt-oss-20b-1:0": _WIDE,
    "qwen.qwen3-32b-v1:0": _WIDE,
    "qwen.qwen3-coder-30b-a3b-v1:0": _WIDE,
    "qwen.qwen3-coder-480b-a35b-v1:0": _LARGE,
    "qwen.qwen3-235b-a22b-2507-v1:0": _LARGE,
}


def judges_in(region: str) -> tuple[str, ...]:
    """Return the ids of the models that may judge in a region."""
    return tuple(model for model, regions in JUDGE_REGIONS.items() if region in regions)

"""Which GPUs a training image supports, by its name.

Sources: release notes of PyTorch and TensorFlow (the CUDA that each version's builds are made with) and NVIDIA's
CUDA release notes (the compute capability that each CUDA supports). Other frameworks are not checked.
"""

from __future__ import annotations

import re

# Framework -> (from this version on, the newest compute capability that its builds are made for), newest first.
_NEWEST_CAPABILITY: dict[str, tuple[tuple[tuple[int, int], float], ...]] = {
    "pytorch": (((2, 7), 12.0), ((2, 0), 9.0), ((0, 0), 8.9)),
    "tensorflow": (((2, 12), 9.0), ((0, 0), 8.9)),
}
_IMAGE = re.compile(r"/(?:huggingface-)?(pytorch|tensorflow)-training[\w-]*:(\d+)\.(\d+)")

_CAPABILITY = {
    "K80": 3.7,
    "V100": 7.0,
    "T4": 7.5,
    "A100": 8.0,
    "A10G": 8.6,
    "L4": 8.9,
    "L40S": 8.9,
    "H100": 9.0,
    "H200": 9.0,
    "B200": 10.0,
    "GB200": 10.0,
    "B300": 10.3,
    "RTX PRO 4500": 12.0,
    "RTX PRO 6000": 12.0,
}
"""Compute capability of GPU models (developer.nvidia.com/cuda-gpus)."""


def knows_gpu(image_uri: str, gpu_model: str) -> bool | None:
    """Return whether an image's framework supports a GPU; None when its name does not say."""
    match = _IMAGE.search(image_uri)
    capability = _CAPABILITY.get(gpu_model)
    if match is None or capability is None:
        return None
    version = (int(match[2]), int(match[3]))
    newest = next(limit for since, limit in _NEWEST_CAPABILITY[match[1]] if version >= since)
    return capability <= newest

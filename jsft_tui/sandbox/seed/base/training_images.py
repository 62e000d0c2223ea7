"""Define training container images: the registry, repository and tag that a family's jobs use.

Source of the accounts and tags: AWS, "Docker Registry Paths and Example Code" and "Available Deep
Learning Containers Images"; the SageMaker Python SDK keeps the same facts in `image_uri_config`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Registry(Enum):
    """Publisher of an image; each has different accounts per region."""

    DEEP_LEARNING = "deep learning containers"
    BUILT_IN = "built-in algorithms"


_DEEP_LEARNING_ACCOUNT = "763104351884"
_DEEP_LEARNING_ELSEWHERE = {
    "af-south-1": "626614931356",
    "ap-east-1": "871362719292",
    "ap-northeast-3": "364406365360",
    "ap-south-2": "772153158452",
    "ap-southeast-3": "907027046896",
    "ap-southeast-4": "457447274322",
    "ca-west-1": "204538143572",
    "eu-central-2": "380420809688",
    "eu-south-1": "692866216735",
    "eu-south-2": "503227376785",
    "il-central-1": "780543022126",
    "me-central-1": "914824155844",
    "me-south-1": "217643126080",
}
_BUILT_IN_ACCOUNTS = {
    "af-south-1": "510948584623",
    "ap-east-1": "651117190479",
    "ap-northeast-1": "354813040037",
    "ap-northeast-2": "366743142698",
    "ap-northeast-3": "867004704886",
    "ap-south-1": "720646828776",
    "ap-south-2": "628508329040",
    "ap-southeast-1": "121021644041",
    "ap-southeast-2": "783357654285",
    "ap-southeast-3": "951798379941",
    "ap-southeast-4": "106583098589",
    "ca-central-1": "341280168497",
    "ca-west-1": "190319476487",
    "eu-central-1": "492215442770",
    "eu-central-2": "680994064768",
    "eu-north-1": "662702820516",
    "eu-south-1": "978288397137",
    "eu-south-2": "104374241257",
    "eu-west-1": "141502667606",
    "eu-west-2": "764974769150",
    "eu-west-3": "659782779980",
    "il-central-1": "898809789911",
    "me-central-1": "272398656194",
    "me-south-1": "801668240914",
    "sa-east-1": "737474898029",
    "us-east-1": "683313688378",
    "us-east-2": "257758044811",
    "us-west-1": "746614075791",
    "us-west-2": "246618743249",
}

CPU_FAMILIES = (
    *("c4", "c5", "c5d", "c5n", "c6i", "local", "m4", "m5", "m5d", "m6i", "m7i"),
    *("r5", "r5d", "t2", "t3"),
)
"""Instance families that use the CPU image (`local` is the SDK's local mode)."""

GPU_FAMILIES = ("g4dn", "g5", "g6", "g6e", "local_gpu", "p2", "p3", "p3dn", "p4d", "p4de", "p5")
"""Instance families that use the GPU image."""

NEURON_FAMILIES = ("trn1", "trn1n")
"""Instance families with AWS Trainium."""

_FAMILIES_BY_PROCESSOR: dict[str, tuple[str, ...]] = {
    "cpu": CPU_FAMILIES,
    "gpu": GPU_FAMILIES,
    "alias": NEURON_FAMILIES,
}


@dataclass(frozen=True)
class TrainingImage:
    """The training image of a family of models.

    Attributes:
        framework: the name in the spec's `training_ecr_specs`.
        version: the framework's version.
        py_version: for example `py39`.
        repository: the ECR repository.
        cpu_tag: None when the family has no CPU image.
        gpu_tag: None when the family has no GPU image.
        neuron_tag: the image for AWS Trainium, if any.
        transformers: the version of Hugging Face transformers, if that is part of the image.
        registry: the publisher of the image.
    """

    framework: str
    version: str
    py_version: str
    repository: str
    cpu_tag: str | None = None
    gpu_tag: str | None = None
    neuron_tag: str | None = None
    transformers: str | None = None
    registry: Registry = Registry.DEEP_LEARNING

    def ecr_specs(self) -> dict[str, str]:
        """Return the spec's `training_ecr_specs`."""
        specs = {
            "framework": self.framework,
            "framework_version": self.version,
            "py_version": self.py_version,
        }
        if self.transformers:
            specs["huggingface_transformers_version"] = self.transformers
        return specs

    def tags(self) -> dict[str, str]:
        """Map each alias to an image tag; the aliases are those of the public specs."""
        candidates = {
            "cpu_ecr_uri_1": self.cpu_tag,
            "gpu_ecr_uri_2" if self.cpu_tag else "gpu_ecr_uri_1": self.gpu_tag,
            "alias_ecr_uri_3": self.neuron_tag,
        }
        return {alias: tag for alias, tag in candidates.items() if tag}

    def aliases_by_family(self) -> dict[str, str]:
        """Map each instance family to the alias of its image, sorted by family."""
        aliases = {family: alias for alias in self.tags() for family in _FAMILIES_BY_PROCESSOR[alias.partition("_")[0]]}
        return dict(sorted(aliases.items()))

    def image_uris(self, region: str) -> dict[str, str]:
        """Map each alias to the image URI in `region`; empty if no account is known for that region."""
        account = registry_account(self.registry, region)
        if account is None:
            return {}
        host = f"{account}.dkr.ecr.{region}.amazonaws.com"
        return {alias: f"{host}/{self.repository}:{tag}" for alias, tag in self.tags().items()}


def registry_account(registry: Registry, region: str) -> str | None:
    """Return the account that publishes images of `registry` in `region`; None if unknown."""
    known = _BUILT_IN_ACCOUNTS.get(region)
    if registry is Registry.BUILT_IN or known is None:
        return known
    return _DEEP_LEARNING_ELSEWHERE.get(region, _DEEP_LEARNING_ACCOUNT)

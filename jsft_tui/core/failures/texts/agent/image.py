"""List the texts about pulling the training image."""

from __future__ import annotations

from jsft_tui.core.failures.diagnosis import known
from jsft_tui.core.failures.origin import Origin

_ORIGINS = frozenset({Origin.IMAGE})

PATTERNS = (
    known(
        r"Either the image does not exist or",
        "ImagePull",
        "The training image could not be pulled or started.",
        "Check that the image exists in the region, that the role may pull it, and that the VPC reaches ECR.",
        origins=_ORIGINS,
        unverified=True,
    ),
    known(
        r"Cannot find repository|Invalid image URI|image URI[^\n]{0,160}(?:is not valid|is invalid)",
        "ImageMissing",
        "The training image does not exist in this region.",
        "Choose another version of the model, or another region.",
        origins=frozenset({Origin.API, Origin.UNKNOWN, Origin.IMAGE}),
        unverified=True,
    ),
    known(
        r"Access denied for repository|permissions?[^\n]{0,60}(?:\becr:|to (?:the )?(?:image|repository))",
        "ImageDenied",
        "The execution role is not allowed to pull the training image.",
        "Grant the role ecr:GetAuthorizationToken, ecr:BatchGetImage and ecr:GetDownloadUrlForLayer; an image of "
        "another account also needs a repository policy.",
        origins=frozenset({Origin.API, Origin.UNKNOWN}),
        unverified=True,
    ),
    known(
        r"requested image[^\n]{0,200}not found|Cannot find Requested Image|Unable to find image|"
        r"image[^\n]{0,120}same region",
        "ImageMissing",
        "The training image does not exist in this region.",
        "Choose another version of the model, or another region.",
        origins=frozenset({Origin.API, Origin.UNKNOWN}),
        unverified=True,
    ),
    known(
        r"Access ?Denied|Forbidden|\b403\b|not authorized|no basic auth|ecr:\w+|permission",
        "ImageDenied",
        "The execution role is not allowed to pull the training image.",
        "Grant the role ecr:GetAuthorizationToken, ecr:BatchGetImage and ecr:GetDownloadUrlForLayer; an image of "
        "another account also needs a repository policy.",
        origins=_ORIGINS,
        unverified=True,
    ),
    known(
        r"not ?found|does not exist|manifest unknown|no such|name unknown|RepositoryNotFound|\b404\b",
        "ImageMissing",
        "The training image does not exist in this region.",
        "Choose another version of the model, or another region.",
        origins=_ORIGINS,
        unverified=True,
    ),
    known(
        r"timed? ?out|Timeout|could not connect|no route|i/o timeout|dial tcp|connection re",
        "ImageNetwork",
        "The instance cannot reach the registry of the training image.",
        "Give the VPC's subnets a NAT gateway, or endpoints for ecr.api, ecr.dkr and S3.",
        origins=_ORIGINS,
        unverified=True,
    ),
    known(
        r"exec format error|no matching manifest|platform",
        "ImagePlatform",
        "The training image is not built for the processor of this instance type.",
        "Choose an instance type that the model lists.",
        origins=_ORIGINS,
        unverified=True,
    ),
    known(
        r"pull|image|CannotStartContainer",
        "ImagePull",
        "The training image could not be pulled or started.",
        "Check that the image exists in the region, that the role may pull it, and that the VPC reaches ECR.",
        origins=_ORIGINS,
        unverified=True,
    ),
)

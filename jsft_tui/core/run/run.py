"""A run: everything that is chosen for one fine-tuning job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

DEFAULT_DATA = "default"
"""Stands for the model's default dataset."""
AUTO = "auto"
"""A batch size that follows the instance by the model's rule."""
SCALED = "scaled"
"""A batch size multiplied by the GPUs even where the model's documentation does not say so."""

DEFAULT_MAX_RUNTIME = 6 * 3600
"""Seconds. Well under the specs' own 100 hours, which would bound the cost of a g5.12xlarge at 709 USD."""
MAX_RUNTIME = 28 * 86_400
"""Seconds: the longest that CreateTrainingJob takes (the account's quota may be less)."""


@dataclass(frozen=True)
class ModelChoice:
    """The model to start from.

    Attributes:
        id: the JumpStart model id.
        version: `*` for the newest, `2.*`, or an exact version.
        artifact: S3 URI of a former job's model.tar.gz to go on from (incremental training).
    """

    id: str
    version: str = "*"
    artifact: str | None = None


@dataclass(frozen=True)
class InstanceChoice:
    """Where it runs. Times are in seconds.

    Attributes:
        type: for example `ml.g5.2xlarge`.
        count: instances.
        spot: managed spot training.
        max_runtime: after so long the job is stopped.
        max_wait: spot only: run time and waiting together.
        keep_alive: how long the instances stay warm afterwards.
    """

    type: str
    count: int = 1
    spot: bool = False
    max_runtime: int = DEFAULT_MAX_RUNTIME
    max_wait: int | None = None
    keep_alive: int | None = None


@dataclass(frozen=True)
class Vpc:
    """The network that the job's instances are put in."""

    subnets: tuple[str, ...]
    security_group_ids: tuple[str, ...]


@dataclass(frozen=True)
class KmsKeys:
    """Keys for the job's volume and for its output in S3."""

    volume: str | None = None
    output: str | None = None


@dataclass(frozen=True)
class Run:
    """One fine-tuning job as it is planned; the run file is this, written down.

    Attributes:
        name: the training job name.
        model: what is fine-tuned.
        data: input channel -> S3 URI; empty for the model's default dataset.
        output: S3 URI under which `<name>/output/model.tar.gz` will lie.
        instance: where it runs.
        hyperparameters: those that were chosen; `auto` and `scaled` are allowed for the batch size.
        role: ARN of the execution role.
        encrypt_traffic, network_isolation: None keeps what the model's spec says.
        volume_gb: disk of each instance; None keeps the spec's.
        checkpoint: S3 URI that checkpoints are copied to.
        max_cost_usd: a bound that blocks the launch.
        accept_eula: whether the licence of a gated model was accepted.
    """

    name: str
    model: ModelChoice
    instance: InstanceChoice
    output: str
    data: Mapping[str, str] = field(default_factory=dict)
    hyperparameters: Mapping[str, str] = field(default_factory=dict)
    role: str | None = None
    vpc: Vpc | None = None
    kms: KmsKeys = KmsKeys()
    tags: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    encrypt_traffic: bool | None = None
    network_isolation: bool | None = None
    volume_gb: int | None = None
    checkpoint: str | None = None
    max_cost_usd: float | None = None
    accept_eula: bool = False

    @property
    def uses_default_data(self) -> bool:
        """Whether the model's default dataset is taken."""
        return not self.data

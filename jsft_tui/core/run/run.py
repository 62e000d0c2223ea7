"""Define a run: all choices for one fine-tuning job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from jsft_tui.core.customization.customization import SERVERLESS, SERVERLESS_RUNTIME, Customization
from jsft_tui.core.customization.method import Method
from jsft_tui.core.run.tuning import Tuning

DEFAULT_DATA = "default"
"""Value that selects the model's default dataset."""
AUTO = "auto"
"""A batch size that depends on the instance, by the model's rule."""
SCALED = "scaled"
"""A batch size that is multiplied by the GPUs even where the model's documentation does not say so."""

DEFAULT_MAX_RUNTIME = 6 * 3600
"""Seconds. Well below the specs' own 100 hours, with which a g5.12xlarge could cost 709 USD."""
MAX_RUNTIME = 28 * 86_400
"""Seconds: the maximum of CreateTrainingJob (the account's quota may be lower)."""


@dataclass(frozen=True)
class ModelChoice:
    """The model to start from.

    Attributes:
        id: the JumpStart model id.
        version: `*` for the newest, `2.*`, or an exact version.
        artifact: S3 URI of a previous job's model.tar.gz to continue from (incremental training).
    """

    id: str
    version: str = "*"
    artifact: str | None = None


@dataclass(frozen=True)
class InstanceChoice:
    """The instances to train on. Times are in seconds.

    Attributes:
        type: for example `ml.g5.2xlarge`; `serverless` for a customization whose instances SageMaker chooses.
        count: number of instances.
        spot: managed spot training.
        max_runtime: time after which the job is stopped.
        max_wait: spot only: run time and wait time together.
        keep_alive: warm pool: how long the instances are kept afterwards.
    """

    type: str
    count: int = 1
    spot: bool = False
    max_runtime: int = DEFAULT_MAX_RUNTIME
    max_wait: int | None = None
    keep_alive: int | None = None

    @property
    def is_serverless(self) -> bool:
        """Return whether SageMaker chooses the instances."""
        return self.type == SERVERLESS


def on_instance(choice: InstanceChoice, type_: str) -> InstanceChoice:
    """Return the choice with another type; the time limit changes with serverless, which has one of its own."""
    other = replace(choice, type=type_)
    if other.is_serverless == choice.is_serverless:
        return other
    return replace(other, max_runtime=SERVERLESS_RUNTIME if other.is_serverless else DEFAULT_MAX_RUNTIME)


@dataclass(frozen=True)
class Vpc:
    """The network of the job's instances."""

    subnets: tuple[str, ...]
    security_group_ids: tuple[str, ...]


@dataclass(frozen=True)
class KmsKeys:
    """KMS keys for the job's volume and for its output in S3."""

    volume: str | None = None
    output: str | None = None


@dataclass(frozen=True)
class Run:
    """One fine-tuning job as planned, or one search of such jobs; a run file contains one run.

    Attributes:
        name: the training job name; of a search the tuning job name.
        model: the model to fine-tune.
        data: input channel -> S3 URI; empty for the model's default dataset.
        output: S3 URI under which `<name>/output/model.tar.gz` is written.
        instance: the instances to train on.
        hyperparameters: the chosen ones; `auto` and `scaled` are allowed for the batch size.
        role: ARN of the execution role.
        encrypt_traffic, network_isolation: None keeps the spec's value.
        volume_gb: disk of each instance; None keeps the spec's value.
        checkpoint: S3 URI to which checkpoints are copied.
        max_cost_usd: a possible cost above this blocks the launch.
        accept_eula: whether the EULA of a gated model was accepted.
        tuning: makes the run a search (a hyperparameter tuning job).
        customization: training by a recipe; None for the model's classical training script.
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
    tuning: Tuning | None = None
    customization: Customization | None = None

    @property
    def method(self) -> Method:
        """Return how it trains."""
        if self.customization is None:
            return Method.SCRIPT
        return Method.RECIPE if self.instance.is_serverless else Method.RECIPE_JOB

    @property
    def uses_default_data(self) -> bool:
        """Return whether the model's default dataset is used."""
        return not self.data

    @property
    def parallel_jobs(self) -> int:
        """Return how many training jobs run at the same time: 1, or those of a search."""
        return 1 if self.tuning is None else min(self.tuning.parallel, self.tuning.jobs)

    @property
    def instances_at_once(self) -> int:
        """Return how many instances run at the same time, of a search those of all its parallel jobs."""
        return self.instance.count * self.parallel_jobs

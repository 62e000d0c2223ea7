"""Define what models of one JumpStart family share: everything in a spec except the model itself."""

from __future__ import annotations

from dataclasses import dataclass

from jsft_tui.sandbox.seed.base.parameters import Parameter
from jsft_tui.sandbox.seed.base.training_images import TrainingImage


@dataclass(frozen=True)
class Metric:
    """A metric that SageMaker extracts from the log: its name and a regular expression with one group."""

    name: str
    regex: str

    def entry(self) -> dict[str, str]:
        """Return the entry of the spec's JSON."""
        return {"Name": self.name, "Regex": self.regex}


@dataclass(frozen=True)
class Scripts:
    """Keys of the family's training script in the content bucket.

    Attributes:
        plain: `training_script_key`.
        prepacked: `training_prepacked_script_key`, with the script's dependencies; takes precedence over plain.
        version: `training_prepacked_script_version`.
    """

    plain: str
    prepacked: str | None = None
    version: str | None = None


@dataclass(frozen=True)
class Family:
    """The training half of a spec, shared by a family of models.

    Attributes:
        task: the task in words, used as a search keyword.
        container: the training image.
        hyperparameters: those with scope `algorithm`, in the spec's order.
        metrics: extracted from the log.
        dataset_key: `default_training_dataset_key`; None when the family has no default dataset.
        instances: `supported_training_instance_types`.
        default_instance: `default_training_instance_type`.
        scripts: the keys of the training script.
        artifact: pattern of `training_artifact_key`; `{id}` stands for the model id.
        volume_gb: `training_volume_size` in GB; None leaves it out of the spec.
        incremental: `incremental_training_supported`.
        fine_tuning: `fine_tuning_supported` (false for tabular algorithms, which train from scratch).
        validation: `validation_supported`.
        compressed_output: false sets `estimator_kwargs.disable_output_compression`.
        isolated: `training_enable_network_isolation`.
        gated_artifact: pattern of `gated_model_key_env_var_value`; `{family}` stands for the instance family.
        gated_families: instance families that have gated weights; others cannot train the model.
    """

    task: str
    container: TrainingImage
    hyperparameters: tuple[Parameter, ...]
    metrics: tuple[Metric, ...]
    dataset_key: str | None
    instances: tuple[str, ...]
    default_instance: str
    scripts: Scripts
    artifact: str
    volume_gb: int | None = None
    incremental: bool = False
    fine_tuning: bool = True
    validation: bool = True
    compressed_output: bool = True
    isolated: bool = True
    gated_artifact: str | None = None
    gated_families: tuple[str, ...] = ()


def ml(*groups: str) -> tuple[str, ...]:
    """Expand a short notation to instance types: `ml("g5.xlarge 2xlarge", "m5.xlarge")`.

    Each group starts with `<family>.<size>`; the sizes after it are of the same family.
    """
    types: list[str] = []
    for group in groups:
        family, _, sizes = group.partition(".")
        types.extend(f"ml.{family}.{size}" for size in sizes.split())
    return tuple(types)

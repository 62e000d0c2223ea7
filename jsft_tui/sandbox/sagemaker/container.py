"""Emulate the training container on this machine: its `/opt/ml` tree, environment variables and command.

A job finds what a SageMaker container provides (developer guide, "How Amazon SageMaker Provides Training
Information"; aws/sagemaker-training-toolkit for script mode), except that `/opt/ml` is a folder of its own, whose
path is in `SAGEMAKER_BASE_DIR`.
"""

from __future__ import annotations

import json
import lzma
import os
import sys
import tarfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import jsft_tui
from jsft_tui.sandbox.customization import job as customization
from jsft_tui.sandbox.customization import recipe_job
from jsft_tui.sandbox.sagemaker.channels import (
    Channel,
    DownloadFailed,
    Location,
    channels_of,
    download_prefix,
    platform_channels,
)
from jsft_tui.sandbox.sagemaker.job_store import Job
from jsft_tui.sandbox.seed import RUNNABLE_MODEL_IDS

if TYPE_CHECKING:
    from jsft_tui.sandbox.s3.storage.store import ObjectStore

OPT_ML = "/opt/ml"
HOST = "algo-1"
GROUP = "homogeneousCluster"
MAX_CODE_BYTES = 1 << 30
"""Maximum unpacked size of a code archive."""
GATED_WEIGHTS = "SageMakerGatedModelS3Uri"
"""Environment variable with the location of a gated model's weights (SageMaker Python SDK)."""
LIFELINE = "JSFT_LIFELINE"
"""Environment variable with the file descriptor of a pipe that closes when the sandbox process ends."""

_BLOCK_BYTES = 4096  # minimum size of a file on disk
_INHERITED = ("LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TZ", "SYSTEMROOT")
_SUBFOLDERS = ("input/config", "input/data", "model", "output/data", "code", "checkpoints")


class CannotRun(Exception):
    """The job's request specifies nothing that the sandbox can run; the message becomes a ClientError."""


@dataclass(frozen=True)
class Command:
    """A command to execute: arguments, environment and working directory."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    folder: Path


@dataclass(frozen=True)
class JobContainer:
    """The folder that one job uses as `/opt/ml`; `base_models` is one that all jobs share."""

    base: Path
    job: Job
    base_models: Path
    channels: Sequence[Channel] = field(init=False)

    def __post_init__(self) -> None:
        channels = (*channels_of(self.job.request), *platform_channels(self.job.platform_channels))
        object.__setattr__(self, "channels", channels)

    @property
    def model(self) -> Path:
        """The folder to which the script writes its model."""
        return self.base / "model"

    @property
    def output_data(self) -> Path:
        """The folder to which the script writes other output."""
        return self.base / "output/data"

    @property
    def checkpoints(self) -> Path:
        """The folder that is synchronized with CheckpointConfig's S3Uri (LocalPath, by default /opt/ml/checkpoints)."""
        local = self.job.request.get("CheckpointConfig", {}).get("LocalPath") or f"{OPT_ML}/checkpoints"
        folder = Path(self.rewrite_paths(local.rstrip("/")))
        return folder if folder.resolve().is_relative_to(self.base.resolve()) else self.base / "checkpoints"

    def channel_folder(self, channel: Channel) -> Path:
        """Return the folder of a channel's files."""
        return self.base / "input/data" / channel.name

    def rewrite_paths(self, text: str) -> str:
        """Return the text with every `/opt/ml` replaced by the job's own folder."""
        return text.replace(OPT_ML, str(self.base))

    def create_tree(self) -> None:
        """Create the folders and the three files of `input/config`."""
        for name in _SUBFOLDERS:
            (self.base / name).mkdir(parents=True, exist_ok=True)
        self.checkpoints.mkdir(parents=True, exist_ok=True)
        config = self.base / "input/config"
        hyperparameters = {name: self.rewrite_paths(value) for name, value in self._hyperparameters().items()}
        for name, document in (
            ("hyperparameters", hyperparameters),
            ("inputdataconfig", self._input_config()),
            ("resourceconfig", self._resource_config()),
        ):
            (config / f"{name}.json").write_text(json.dumps(document, indent=1))
        if self.job.is_serverless:
            customization.write_config(config, self.job.request)

    def failure(self) -> str:
        """Return the first 1,024 characters that the script wrote to `output/failure`; empty if there are none."""
        path = self.base / "output/failure"
        try:
            # Opening a named pipe would block until something writes to it.
            return _read_start(path) if path.is_file() else ""
        except OSError:
            return ""

    def prepare_command(self, store: ObjectStore) -> Command:
        """Unpack the code and return the command to execute. The channels must have been downloaded.

        Raises:
            CannotRun: the code is missing or cannot be unpacked.
            DownloadFailed: the submit directory in S3 cannot be read.
        """
        if self.job.is_recipe_job:
            self._read_recipe()
        if self.job.is_serverless or self.job.is_recipe_job:
            return Command(customization.COMMAND, self._environment(), self.base / "code")
        algorithm = self.job.request["AlgorithmSpecification"]
        if entrypoint := algorithm.get("ContainerEntrypoint"):
            self._rewrite_driver_scripts()
            arguments = [*entrypoint, *algorithm.get("ContainerArguments", [])]
            return Command([self.rewrite_paths(part) for part in arguments], self._environment(), self.base / "code")
        self._unpack(self._source_archive(store))
        hyperparameters = self._hyperparameters()
        program = decode_hyperparameter(hyperparameters.get("sagemaker_program", "train.py"))
        if not (self.base / "code" / program).is_file():
            raise CannotRun(f"the code archive has no {program} (hyperparameter sagemaker_program)")
        arguments = [sys.executable, "-u", program]
        for name, value in sorted(self._script_parameters().items()):
            arguments += [f"--{name}", value]
        return Command(arguments, self._environment(), self.base / "code")

    def require_runnable(self) -> None:
        """Reject early a job for which the sandbox has no code.

        Raises:
            CannotRun: the job has no `code` channel, no S3 submit directory and no container entry point.
        """
        if self.job.is_serverless or self.job.is_recipe_job:
            return
        algorithm = self.job.request["AlgorithmSpecification"]
        has_code = any(channel.name == "code" for channel in self.channels)
        if not (has_code or algorithm.get("ContainerEntrypoint") or self._submit_directory().startswith("s3://")):
            raise CannotRun(_cannot_run_model("it has no code channel"))

    def _read_recipe(self) -> None:
        try:
            recipe_job.prepare(self.base, self.job.request)
        except recipe_job.BadRecipe as problem:
            raise CannotRun(str(problem)) from problem

    def require_accepted_license(self) -> None:
        """Deny a gated model's weights to a job that does not accept the license (developer guide, "Choose a model").

        Raises:
            DownloadFailed: the environment names gated weights, and does not accept.
        """
        environment = self.job.request.get("Environment", {})
        weights = environment.get(GATED_WEIGHTS)
        if weights and environment.get("accept_eula", "").lower() != "true":
            raise DownloadFailed(f"Access denied to {weights}: the license of the model is not accepted (accept_eula).")

    def _source_archive(self, store: ObjectStore) -> Path:
        submitted = self._submit_directory()
        if submitted.startswith("s3://"):
            location = Location.parse(submitted)
            if download_prefix(store, location, self.base / "submitted") != 1:
                raise CannotRun(f"there is no code archive at {submitted} (hyperparameter sagemaker_submit_directory)")
            return self.base / "submitted" / location.key.rpartition("/")[2]
        archive = Path(self.rewrite_paths(submitted)) if submitted.startswith(OPT_ML) else None
        if archive is None or not archive.is_file():
            archive = self.base / "input/data/code/sourcedir.tar.gz"
        if not archive.is_file():
            raise CannotRun(_cannot_run_model("its code channel has no sourcedir.tar.gz"))
        return archive

    def _unpack(self, archive: Path) -> None:
        try:
            with tarfile.open(archive) as tar:
                # Python's own "data" filter where available (3.11.4); `_plain_members` rejects the same without it.
                tar.extraction_filter = getattr(tarfile, "data_filter", _no_filter)
                tar.extractall(self.base / "code", _plain_members(_limit_size(tar)))
        except (tarfile.TarError, OSError, EOFError, ValueError, zlib.error, lzma.LZMAError) as problem:
            raise CannotRun(f"the code archive {archive.name} cannot be unpacked: {problem}") from problem

    def _rewrite_driver_scripts(self) -> None:
        """Rewrite the driver scripts of SDK v3's ModelTrainer, which contain literal `/opt/ml` paths."""
        for file in (self.base / "input/data").glob("sm_drivers/**/*"):
            if file.suffix in (".sh", ".py", ".json"):
                file.write_text(self.rewrite_paths(file.read_text()))

    def _hyperparameters(self) -> dict[str, str]:
        if self.job.is_serverless:
            return dict(customization.Values.of(self.job.request).used)
        return dict(self.job.request.get("HyperParameters", {}))

    def _script_parameters(self) -> dict[str, str]:
        """Return the hyperparameters passed to the script as options: all but the container's own, decoded."""
        return {
            name: self.rewrite_paths(decode_hyperparameter(value))
            for name, value in self._hyperparameters().items()
            if not name.startswith(("sagemaker_", "_tuning_"))
        }

    def _submit_directory(self) -> str:
        return decode_hyperparameter(self._hyperparameters().get("sagemaker_submit_directory", ""))

    def _input_config(self) -> dict[str, dict[str, str]]:
        config = {}
        for channel in self.channels:
            entry = {
                "TrainingInputMode": "File",
                "S3DistributionType": "FullyReplicated",
                "RecordWrapperType": "None",
            }
            if channel.content_type:
                entry["ContentType"] = channel.content_type
            config[channel.name] = entry
        return config

    def _resource_config(self) -> dict[str, Any]:
        instance = self._instance_type()
        group = {"instance_group_name": GROUP, "instance_type": instance, "hosts": [HOST]}
        return {
            "current_host": HOST,
            "current_instance_type": instance,
            "current_group_name": GROUP,
            "hosts": [HOST],
            "instance_groups": [group],
            "network_interface_name": "lo",
        }

    def _instance_type(self) -> str:
        if self.job.is_serverless:
            return customization.INSTANCE
        config = self.job.request["ResourceConfig"]
        return str(config.get("InstanceType") or config["InstanceGroups"][0]["InstanceType"])

    def _environment(self) -> dict[str, str]:
        """Build the environment. It inherits a few harmless variables of the sandbox's own, and no AWS credentials."""
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        asked = {name: self.rewrite_paths(value) for name, value in self.job.request.get("Environment", {}).items()}
        return {**inherited, **asked, **self._platform_variables(), **self._toolkit_variables()}

    def _platform_variables(self) -> dict[str, str]:
        package_parent = Path(jsft_tui.__file__).resolve().parent.parent
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
        return {
            "PATH": path,
            "HOME": str(self.base),
            "PYTHONPATH": str(package_parent),
            "PYTHONUNBUFFERED": "1",
            "PYTHONNOUSERSITE": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "MKL_NUM_THREADS": "1",
            "SAGEMAKER_BASE_DIR": str(self.base),
            customization.BASE_MODELS: str(self.base_models),
            "TRAINING_JOB_NAME": self.job.name,
            "TRAINING_JOB_ARN": self.job.arn,
        }

    def _toolkit_variables(self) -> dict[str, str]:
        """Return the variables that the sagemaker-training toolkit sets for scripts (listed in its README)."""
        instance = self._instance_type()
        parameters = self._script_parameters()
        names = sorted(channel.name for channel in self.channels)
        variables = {
            "SM_MODEL_DIR": str(self.model),
            "SM_OUTPUT_DIR": str(self.base / "output"),
            "SM_OUTPUT_DATA_DIR": str(self.output_data),
            "SM_OUTPUT_INTERMEDIATE_DIR": str(self.base / "output/intermediate"),
            "SM_INPUT_DIR": str(self.base / "input"),
            "SM_INPUT_CONFIG_DIR": str(self.base / "input/config"),
            "SM_CHANNELS": json.dumps(names),
            "SM_HPS": json.dumps({name: _decode_json(value) for name, value in parameters.items()}),
            "SM_USER_ARGS": json.dumps(
                [part for name in sorted(parameters) for part in (f"--{name}", parameters[name])]
            ),
            "SM_CURRENT_HOST": HOST,
            "SM_HOSTS": json.dumps([HOST]),
            "SM_CURRENT_INSTANCE_TYPE": instance,
            "SM_CURRENT_INSTANCE_GROUP": GROUP,
            "SM_CURRENT_INSTANCE_GROUP_HOSTS": json.dumps([HOST]),
            "SM_INSTANCE_GROUPS": json.dumps([GROUP]),
            "SM_IS_HETERO": "false",
            "SM_NUM_CPUS": str(os.cpu_count() or 1),
            # This machine's value: the requested instance type's GPUs do not exist here.
            "SM_NUM_GPUS": "0",
            "SM_NUM_NEURONS": "0",
            "SM_LOG_LEVEL": decode_hyperparameter(self._hyperparameters().get("sagemaker_container_log_level", "20")),
            "SM_NETWORK_INTERFACE_NAME": "lo",
            "SM_RESOURCE_CONFIG": json.dumps(self._resource_config()),
            "SM_INPUT_DATA_CONFIG": json.dumps(self._input_config()),
            "SM_MODULE_DIR": str(self.base / "code"),
            "SM_USER_ENTRY_POINT": decode_hyperparameter(self._hyperparameters().get("sagemaker_program", "train.py")),
        }
        variables |= {f"SM_HP_{name.upper()}": value for name, value in parameters.items()}
        for channel in self.channels:
            variables[f"SM_CHANNEL_{channel.name.upper()}"] = str(self.channel_folder(channel))
        return variables


def _read_start(path: Path) -> str:
    with path.open(errors="replace") as file:
        return file.read(1024).strip()


def _limit_size(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Yield an archive's members up to a total size: a small archive can unpack to more than the disk holds."""
    held = 0
    for member in tar:
        held += member.size + _BLOCK_BYTES
        if held > MAX_CODE_BYTES:
            raise tarfile.ExtractError(f"it holds more than {MAX_CODE_BYTES >> 20} MiB")
        yield member


def _plain_members(members: Iterable[tarfile.TarInfo]) -> Iterator[tarfile.TarInfo]:
    """Yield the members, which must be regular files or folders inside the archive's own tree."""
    for member in members:
        path = PurePosixPath(member.name)
        if path.is_absolute() or ".." in path.parts:
            raise tarfile.ExtractError(f"{member.name!r} would be unpacked outside the code folder")
        if not (member.isfile() or member.isdir()):
            raise tarfile.ExtractError(f"{member.name!r} is not a file or folder; links and devices are not unpacked")
        yield member


def _no_filter(member: tarfile.TarInfo, path: str) -> tarfile.TarInfo:
    """Return the member unchanged, as Python before 3.11.4 does."""
    del path
    return member


def decode_hyperparameter(value: str) -> str:
    """Return a hyperparameter without JSON quotes: SDK v2 sends `"\\"adam\\""`, SDK v3 sends `adam`."""
    loaded = _decode_json(value)
    return loaded if isinstance(loaded, str) else value


def _decode_json(value: str) -> Any:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _cannot_run_model(why: str) -> str:
    return f"the sandbox cannot run this model: {why}; pick one of {', '.join(RUNNABLE_MODEL_IDS)} or use AWS"

"""Execute one training job, from Downloading to its end."""

from __future__ import annotations

import contextlib
import logging
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsft_tui.sandbox.cloudwatch.logs import LogsService
from jsft_tui.sandbox.cloudwatch.metrics import MetricsService
from jsft_tui.sandbox.customization import job as customization
from jsft_tui.sandbox.customization import recipe_job
from jsft_tui.sandbox.customization.request_check import Registry
from jsft_tui.sandbox.sagemaker.channels import (
    CheckpointFolder,
    DownloadFailed,
    Location,
    UploadFailed,
    download_channel,
    upload_archive,
    upload_folder,
)
from jsft_tui.sandbox.sagemaker.container import CannotRun, Command, JobContainer
from jsft_tui.sandbox.sagemaker.container_process import spawn
from jsft_tui.sandbox.sagemaker.host_metrics import HostMetrics
from jsft_tui.sandbox.sagemaker.job_output import JobOutput
from jsft_tui.sandbox.sagemaker.job_store import (
    FAILURE_REASON_LIMIT,
    SHUT_DOWN_REASON,
    FinalMetric,
    Job,
    JobStore,
    Phase,
)
from jsft_tui.sandbox.sagemaker.processes import identify_process, signal_group
from jsft_tui.sandbox.state.job_status import JobStatus

if TYPE_CHECKING:
    from jsft_tui.sandbox.s3.storage.store import ObjectStore

_log = logging.getLogger(__name__)

POLL_SECONDS = 0.05
READER_TIMEOUT = 3.0
SHUTDOWN_GRACE = 1.2
"""Seconds between SIGTERM and SIGKILL when the sandbox itself shuts down."""


class StopReason(Enum):
    """Reason for stopping a running job."""

    REQUESTED = "StopTrainingJob"
    MAX_RUNTIME = "MaxRuntimeInSeconds"
    SHUTDOWN = "the sandbox shuts down"


@dataclass(frozen=True)
class Backends:
    """The services that a job's execution writes to, and the folder of base models."""

    jobs: JobStore
    store: ObjectStore
    logs: LogsService
    metrics: MetricsService
    registry: Registry
    base_models: Path


@dataclass(frozen=True)
class Timing:
    """Intervals in seconds.

    Attributes:
        grace: between SIGTERM and SIGKILL (StopTrainingJob: 120).
        checkpoints: between two scans of the checkpoint folder.
        host_metrics: between two measurements of this machine.
    """

    grace: float = 120.0
    checkpoints: float = 1.0
    host_metrics: float = 3.0


class _Stopped(Exception):
    """The job was stopped before its process started."""


class Execution:
    """Execution of one job in the calling thread; `request_stop` may be called from any other thread."""

    def __init__(self, job: Job, base: Path, backends: Backends, timing: Timing) -> None:
        self._job = job
        self._backends = backends
        self._timing = timing
        self._container = JobContainer(base, job, backends.base_models)
        self._progress = customization.ProgressFile(base)
        self._stop_reason: StopReason | None = None
        self._stop_requested = threading.Event()

    def request_stop(self, reason: StopReason) -> None:
        """Stop the job as soon as possible; the sandbox's own shutdown overrides any other reason."""
        if self._stop_reason is None or reason is StopReason.SHUTDOWN:
            self._stop_reason = reason
        self._stop_requested.set()

    def run(self) -> None:
        """Run the job to its end. Every error becomes the job's FailureReason."""
        try:
            self._run()
        except _Stopped:
            self._finish_stopped(None)
        except CannotRun as problem:
            self._fail(f"ClientError: {problem}")
        except DownloadFailed as problem:
            self._fail(f"ClientError: Data download failed:{problem}")
        except UploadFailed as problem:
            self._fail(f"ClientError: Artifact upload failed:{problem}")
        except Exception as problem:  # noqa: BLE001 - a bug of the sandbox is logged, and the job must still end
            _log.exception("training job %s", self._job.name)
            self._fail(f"InternalServerError: the sandbox could not run the job ({problem!r}); see its log file")
        finally:
            shutil.rmtree(self._container.base, ignore_errors=True)

    def _run(self) -> None:
        # Monotonic: the system clock may be changed while the job runs.
        deadline = time.monotonic() + self._job.max_runtime
        self._enter_phase(Phase.DOWNLOADING, training_started=time.time())
        self._container.require_runnable()
        self._container.create_tree()
        checkpoints = self._download()
        command = self._container.prepare_command(self._backends.store)
        self._enter_phase(Phase.TRAINING)
        output = self._open_output()
        exit_code = self._train(command, output, checkpoints, deadline)
        if checkpoints is not None:
            checkpoints.sync()
        self._finish(exit_code, output)

    # Downloading

    def _download(self) -> CheckpointFolder | None:
        self._container.require_accepted_license()
        for channel in sorted(self._container.channels, key=lambda channel: channel.name != "code"):
            self._raise_if_stopped()
            count = download_channel(self._backends.store, channel, self._container.channel_folder(channel))
            if not count and not channel.is_jumpstart_content:
                raise DownloadFailed(f'No S3 objects found under S3 URL "{channel.uri}" given in input data source.')
        self._raise_if_stopped()
        config = self._job.request.get("CheckpointConfig")
        if not config:
            return None
        location = Location.parse(config["S3Uri"])
        checkpoints = CheckpointFolder(self._backends.store, location, self._container.checkpoints)
        checkpoints.restore()
        return checkpoints

    def _raise_if_stopped(self) -> None:
        if self._stop_requested.is_set():
            raise _Stopped

    # Training

    def _open_output(self) -> JobOutput:
        job = self._job
        definitions = job.request.get("AlgorithmSpecification", {}).get("MetricDefinitions", [])
        definitions = customization.METRICS if job.is_serverless else definitions
        output = JobOutput(job.name, definitions, self._backends.logs, self._backends.metrics, self._save_metrics)
        for line in self._first_lines():
            output.write_line(line)
        count = job.request.get("ResourceConfig", {}).get("InstanceCount", 1)
        if count > 1:
            output.write_line(f"InstanceCount is {count}, but the sandbox runs the job on one host (this machine) only")
        return output

    def _first_lines(self) -> Sequence[str]:
        """Return what the sandbox itself says of a customization."""
        if self._job.is_recipe_job:
            return recipe_job.log_lines(self._container.base)
        return customization.log_lines(self._job.request) if self._job.is_serverless else ()

    def _train(self, command: Command, output: JobOutput, checkpoints: CheckpointFolder | None, deadline: float) -> int:
        """Run the process to its end and return its exit code as a container reports it."""
        with spawn(command) as (process, pipe), ThreadPoolExecutor(1, "job-output") as pool:
            self._update(lambda job: replace(job, process=identify_process(process.pid)))
            following = pool.submit(output.follow, pipe)
            host = HostMetrics(self._job.name, process.pid, self._container.base, self._backends.metrics)
            try:
                self._supervise(process, host, checkpoints, deadline)
            finally:
                # A container ends with its first process, so any process left in the group is killed.
                signal_group(process.pid, signal.SIGKILL)
                wait([following], READER_TIMEOUT)
                output.abandon()
            following.result()
        self._save_progress(self._progress.last())
        code = process.returncode
        return code if code >= 0 else 128 - code

    def _supervise(
        self,
        process: subprocess.Popen[bytes],
        host: HostMetrics,
        checkpoints: CheckpointFolder | None,
        deadline: float,
    ) -> None:
        """Wait for the process; stop it on request or when MaxRuntimeInSeconds is over."""
        kill_at: float | None = None
        next_sync = time.monotonic() + self._timing.checkpoints
        next_sample = time.monotonic() + min(1.0, self._timing.host_metrics)
        while process.poll() is None:
            now = time.monotonic()
            if now >= deadline and not self._stop_requested.is_set():
                self.request_stop(StopReason.MAX_RUNTIME)
            if self._stop_requested.is_set():
                kill_at = self._end_process(process, kill_at)
            if checkpoints is not None and now >= next_sync:
                checkpoints.sync()
                next_sync = time.monotonic() + self._timing.checkpoints
            if now >= next_sample:
                host.publish()
                next_sample = now + self._timing.host_metrics
            self._save_progress(self._progress.changed())
            self._pause(process)

    def _end_process(self, process: subprocess.Popen[bytes], kill_at: float | None) -> float:
        """Send SIGTERM once and SIGKILL after the grace period; return the time of the SIGKILL."""
        now = time.monotonic()
        is_shutdown = self._stop_reason is StopReason.SHUTDOWN
        if kill_at is None:
            signal_group(process.pid, signal.SIGTERM)
            kill_at = now + self._timing.grace
        if is_shutdown:
            kill_at = min(kill_at, now + SHUTDOWN_GRACE)
        if now >= kill_at:
            signal_group(process.pid, signal.SIGKILL)
        return kill_at

    @staticmethod
    def _pause(process: subprocess.Popen[bytes]) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(POLL_SECONDS)

    # The end

    def _finish(self, exit_code: int, output: JobOutput) -> None:
        if self._stop_reason is not None:
            artifacts = None if self._stop_reason is StopReason.SHUTDOWN else self._upload_partial()
            self._finish_stopped(artifacts)
        elif exit_code == 0:
            self._enter_phase(Phase.UPLOADING)
            artifacts = self._upload_model()
            self._upload_output()
            if self._stop_requested.is_set() and self._stop_reason is not StopReason.SHUTDOWN:  # during the upload
                self._finish_stopped(artifacts)
                return
            package = self._register(artifacts)
            self._update(
                lambda job: job.with_status(JobStatus.COMPLETED, Phase.COMPLETED, artifacts=artifacts, package=package)
            )
        else:
            self._upload_output()
            self._fail(_algorithm_error(self._container.failure() or output.last_line, exit_code))

    def _finish_stopped(self, artifacts: str | None) -> None:
        if self._stop_reason is StopReason.SHUTDOWN:
            self._fail(SHUT_DOWN_REASON)
            return
        is_overdue = self._stop_reason is StopReason.MAX_RUNTIME
        phase = Phase.MAX_RUNTIME_EXCEEDED if is_overdue else Phase.STOPPED
        self._update(lambda job: job.with_status(JobStatus.STOPPED, phase, artifacts=artifacts))

    def _upload_partial(self) -> str | None:
        """Upload what a stopped job left; return the model's S3 URI, or None if `model/` is empty."""
        artifacts = self._upload_model() if _has_entries(self._container.model) else None
        self._upload_output()
        return artifacts

    def _upload_model(self) -> str:
        """Store the model and return its S3 URI."""
        output = self._output_location()
        if self._is_uncompressed:
            # Not checked against AWS: the prefix of uncompressed models ends in output/model/.
            location = output.child("model")
            upload_folder(self._backends.store, self._container.model, location)
            return f"{location.uri}/"
        location = output.child("model.tar.gz")
        upload_archive(self._backends.store, self._container.model, location)
        return location.uri

    def _upload_output(self) -> None:
        if not _has_entries(self._container.output_data):
            return
        output = self._output_location()
        if self._is_uncompressed:
            # Not checked against AWS: where uncompressed output data goes.
            upload_folder(self._backends.store, self._container.output_data, output.child("data"))
        else:
            upload_archive(self._backends.store, self._container.output_data, output.child("output.tar.gz"))

    @property
    def _is_uncompressed(self) -> bool:
        is_asked = self._job.request["OutputDataConfig"].get("CompressionType") == "NONE"
        return is_asked or self._job.is_serverless

    def _register(self, artifacts: str) -> str | None:
        """Register the model of a customization; return the ARN of its model package."""
        job, registry = self._job, self._backends.registry
        group = (job.request.get("ModelPackageConfig") or {}).get("ModelPackageGroupArn")
        if not job.is_serverless or not group:
            return None
        members = customization.package_members(job.request, registry, job.region, artifacts)
        return registry.packages.register(job.region, group.rpartition("/")[2], members)

    def _output_location(self) -> Location:
        uri = self._job.request["OutputDataConfig"]["S3OutputPath"]
        if not uri.startswith("s3://"):
            raise UploadFailed(
                f"Unable to upload file to {uri} (BucketRegionError: bucket must be in the same region as the job)"
            )
        return Location.parse(uri).child(self._job.name, "output")

    # The job's record

    def _enter_phase(self, phase: Phase, **changes: Any) -> None:
        """Move a job in progress to a phase; a job that is being stopped keeps that status."""

        def entered(job: Job) -> Job:
            if job.status is JobStatus.STOPPING:
                return replace(job, **changes) if changes else job
            return job.with_status(JobStatus.IN_PROGRESS, phase, **changes)

        self._update(entered)

    def _fail(self, reason: str) -> None:
        self._update(lambda job: job.failed(reason))

    def _save_progress(self, progress: Mapping[str, int] | None) -> None:
        if progress and self._job.is_serverless:
            steps, tokens = dict(progress), progress.get("Tokens")
            steps.pop("Tokens", None)
            self._update(lambda job: replace(job, progress=steps, tokens=tokens))

    def _save_metrics(self, metrics: tuple[FinalMetric, ...]) -> None:
        self._update(lambda job: replace(job, metrics=metrics))

    def _update(self, change: Any) -> None:
        """Update the record, unless the job has already ended (a shutdown may have ended it)."""
        self._backends.jobs.update(
            self._job.region, self._job.name, lambda job: job if job.status.is_final else change(job)
        )


def _has_entries(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _algorithm_error(text: str, exit_code: int) -> str:
    """Return the FailureReason of a script that failed.

    Not checked against AWS: the suffix with the exit code (public issues show it in several forms).
    """
    prefix, suffix = "AlgorithmError: ", f", exit code: {exit_code}"
    room = FAILURE_REASON_LIMIT - len(prefix) - len(suffix)
    return f"{prefix}{text[:room]}{suffix}"

"""Run batch transform jobs: every object under the input is predicted, and becomes an object with `.out` at its end.

A job that was running when the sandbox ended begins anew at the next start: it writes the same objects again.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from jsft_tui.core.storage.key_rules import local_name
from jsft_tui.sandbox.cloudwatch.logs import LogsService
from jsft_tui.sandbox.sagemaker.channels import Channel, DownloadFailed, Location, manifest_locations
from jsft_tui.sandbox.serving.models.data import ModelData, NoModelData
from jsft_tui.sandbox.serving.models.output import TRANSFORM_LOGS, LogStream, instance_id
from jsft_tui.sandbox.serving.models.process import CannotServe, ModelGone, ModelProcess
from jsft_tui.sandbox.serving.resources.records import TransformJob
from jsft_tui.sandbox.serving.resources.store import ServingStore
from jsft_tui.sandbox.serving.transform.batches import BadObject, Form
from jsft_tui.sandbox.state.job_status import JobStatus

if TYPE_CHECKING:
    from jsft_tui.sandbox.s3.storage.store import ObjectStore

_log = logging.getLogger(__name__)

SLOTS = 2
"""Jobs that run at once."""
DEFAULT_SECONDS = 600
"""InvocationsTimeoutInSeconds of a job that does not say (ModelClientConfig)."""


class Failed(Exception):
    """The job fails; the message is its FailureReason."""


class Stopped(Exception):
    """The job was stopped, or the sandbox ends."""


class TransformRunner:
    """Transform jobs of all regions, as many at once as there are slots."""

    def __init__(self, store: ServingStore, objects: ObjectStore, logs: LogsService, folder: Path) -> None:
        """Keep the copies of models in a folder while jobs run."""
        self._jobs = store.transform_jobs
        self._objects = objects
        self._logs = logs
        self._folder = folder
        self._lock = threading.Lock()
        self._running: dict[tuple[str, str], TransformRun] = {}
        self._is_closing = threading.Event()
        self._pool = ThreadPoolExecutor(SLOTS, "transform")

    def start(self) -> None:
        """Start the jobs that had not ended at the last shutdown."""
        shutil.rmtree(self._folder, ignore_errors=True)
        for job in self._jobs.everywhere():
            if job.status is JobStatus.STOPPING:
                self._jobs.update(job.region, job.name, lambda found: found.with_end(JobStatus.STOPPED))
            elif not job.status.is_final:
                self.submit(job)

    def submit(self, job: TransformJob) -> None:
        """Append a job to the queue."""
        self._pool.submit(self._run, job)

    def stop(self, job: TransformJob) -> None:
        """Stop a job in status `Stopping`; one that waits ends when its turn comes."""
        with self._lock:
            run = self._running.get((job.region, job.name))
        if run is not None:
            run.stop()

    def shutdown(self) -> None:
        """Stop the processes; jobs that run begin anew at the next start."""
        self._is_closing.set()
        with self._lock:
            running = list(self._running.values())
        for run in running:
            run.stop()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, job: TransformJob) -> None:
        if self._is_closing.is_set():
            return
        key = (job.region, job.name)
        run = TransformRun(job, self._objects, self._logs, self._folder / job.region / job.name)
        with self._lock:
            self._running[key] = run
        try:
            started = self._jobs.update(*key, lambda found: replace(found, started=found.started or time.time()))
            if started.status is JobStatus.STOPPING:
                raise Stopped
            run.run()
            self._end(job, JobStatus.COMPLETED)
        except Stopped:
            if not self._is_closing.is_set():
                self._end(job, JobStatus.STOPPED)
        except Failed as problem:
            self._end(job, JobStatus.FAILED, str(problem))
        except Exception as problem:  # noqa: BLE001 - a bug of the sandbox is logged, and the job must still end
            _log.exception("transform job %s", job.name)
            reason = f"InternalServerError: the sandbox could not run the job ({problem!r}); see its log file"
            self._end(job, JobStatus.FAILED, reason)
        finally:
            with self._lock:
                del self._running[key]

    def _end(self, job: TransformJob, status: JobStatus, reason: str | None = None) -> None:
        def ended(found: TransformJob) -> TransformJob:
            # StopTransformJob may have arrived with the last object.
            is_stopped = found.status is JobStatus.STOPPING
            return found.with_end(JobStatus.STOPPED if is_stopped else status, None if is_stopped else reason)

        self._jobs.update(job.region, job.name, ended)


class TransformRun:
    """One job, in the calling thread; `stop` may be called from any other."""

    def __init__(self, job: TransformJob, store: ObjectStore, logs: LogsService, folder: Path) -> None:
        self._job = job
        self._store = store
        self._folder = folder
        self._form = Form.of(job.request)
        instance = instance_id(job.arn, job.created)
        self._log = LogStream(logs, TRANSFORM_LOGS, f"{job.name}/{instance}-{int(job.created)}")
        self._data_log = LogStream(logs, TRANSFORM_LOGS, f"{job.name}/{instance}-{int(job.created)}/data-log")
        self._process: ModelProcess | None = None
        self._stopped = threading.Event()

    def stop(self) -> None:
        """End the job as soon as possible."""
        self._stopped.set()
        if self._process is not None:
            self._process.stop()

    def run(self) -> None:
        """Predict all objects.

        Raises:
            Failed: the model, the input or an object cannot be read, or an answer is an error.
            Stopped: it was stopped.
        """
        try:
            inputs = list(self._inputs())
            self._process = self._start()
            reasons = [reason for place in inputs if (reason := self._transform(*place))]
        finally:
            if self._process is not None:
                self._process.stop()
            shutil.rmtree(self._folder, ignore_errors=True)
        if reasons:
            raise Failed(reasons[0])

    def _start(self) -> ModelProcess:
        job = self._job
        self._log.note(f"{job.container['Image']} is not run: the sandbox answers as that container does")
        if job.request["TransformResources"]["InstanceCount"] > 1 or job.request.get("MaxConcurrentTransforms", 1) > 1:
            self._log.note("the sandbox predicts with one process, one request after the other")
        data = ModelData.of(job.container)
        if data is None:
            raise Failed(
                "ClientError: the container names no model data: the sandbox serves models that it has trained"
            )
        try:
            process = ModelProcess(data.download(self._store, self._folder), self._log.write)
            self._process = process  # so that it can be stopped while it loads
            process.wait_until_ready()
        except NoModelData as problem:
            raise Failed(f"ClientError: {problem}") from problem
        except CannotServe as problem:
            self._raise_if_stopped()
            self._log.note(f"the model is not served: {problem}")
            raise Failed("AlgorithmError: See job logs for more information") from problem
        return process

    def _inputs(self) -> Iterator[tuple[Location, str]]:
        """Yield every object of the input with the name of its output.

        Raises:
            Failed: there is none, or the input cannot be listed.
        """
        source = self._job.request["TransformInput"]["DataSource"]["S3DataSource"]
        found = False
        try:
            for prefix, base in self._prefixes(source["S3Uri"], source["S3DataType"] == "ManifestFile"):
                for each in self._store.keys(prefix.bucket, prefix.key):
                    if each.key.endswith("/") and each.size == 0:
                        continue  # "folder" objects created by the S3 console
                    name = local_name(each.key, prefix.key) if base is None else each.key[len(base) :]
                    found = True
                    yield Location(prefix.bucket, each.key), name
        except (DownloadFailed, KeyError) as problem:
            raise Failed(f"ClientError: Data download failed:{problem}") from problem
        if not found:
            raise Failed(
                f'ClientError: No S3 objects found under S3 URL "{source["S3Uri"]}" given in input data source.'
            )

    def _prefixes(self, uri: str, is_manifest: bool) -> Iterator[tuple[Location, str | None]]:
        if is_manifest:
            yield from manifest_locations(self._store, Channel("input", uri, is_manifest=True))
        else:
            yield Location.parse(uri), None

    def _transform(self, place: Location, name: str) -> str | None:
        """Predict one object and store the answers; return why the job fails, None if all went well."""
        answers = []
        try:
            with self._store.read(place.bucket, place.key) as source:
                body = source.read()
            for payload in self._form.requests(body):
                answers.append(self._ask(payload))
            output = Location.parse(self._job.request["TransformOutput"]["S3OutputPath"]).child(f"{name}.out")
            self._store.write(output.bucket, output.key, self._form.assembled(answers), "application/octet-stream")
        except BadObject as problem:
            return self._told(place, f"ClientError: {problem}", "ClientError: See job logs for more information")
        except KeyError as problem:
            return self._told(place, f"ClientError: {problem}", f"ClientError: {place.uri} or the output is gone")
        except _Refused as problem:
            kind = "ClientError" if problem.status < 500 else "AlgorithmError"
            return self._told(
                place, f"{kind}: {problem.status}\n{problem}", f"{kind}: See job logs for more information"
            )
        self._log.write(f"sandbox: {place.uri} -> {output.uri} ({len(answers)} requests)")
        return None

    def _ask(self, payload: bytes) -> bytes:
        self._raise_if_stopped()
        request, process = self._job.request, self._process
        assert process is not None
        seconds = (request.get("ModelClientConfig") or {}).get("InvocationsTimeoutInSeconds", DEFAULT_SECONDS)
        kind = request["TransformInput"].get("ContentType", "")
        try:
            answer = process.ask(kind, request["TransformOutput"].get("Accept", ""), payload, float(seconds))
        except ModelGone as problem:
            self._raise_if_stopped()
            raise Failed(f"AlgorithmError: {problem}") from problem
        if answer.status >= 400:
            raise _Refused(answer.status, answer.body.decode(errors="replace"))
        return answer.body

    def _told(self, place: Location, detail: str, reason: str) -> str:
        for line in detail.splitlines():
            self._data_log.write(f"[sagemaker logs]: {place.bucket}/{place.key}: {line}")
        return reason

    def _raise_if_stopped(self) -> None:
        if self._stopped.is_set():
            raise Stopped


class _Refused(Exception):
    """The model answered with an error."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status

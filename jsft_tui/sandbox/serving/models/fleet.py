"""The processes behind the endpoints, and the copies of models that they serve.

An endpoint keeps its own copy of the model, as an instance does: deleting the object in S3 changes nothing for it. A
process that is gone (the sandbox was killed, it ran out of memory) is started anew by the next invocation.
"""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jsft_tui.sandbox.cloudwatch.logs import LogsService
from jsft_tui.sandbox.serving.models.data import ModelData, NoModelData, stored_model
from jsft_tui.sandbox.serving.models.output import LogStream, endpoint_group, instance_id
from jsft_tui.sandbox.serving.models.process import CannotServe, ModelProcess
from jsft_tui.sandbox.serving.resources.records import Deployment, Endpoint, Variant

if TYPE_CHECKING:
    from jsft_tui.sandbox.s3.storage.store import ObjectStore

UNHEALTHY = (
    "The primary container for production variant {} did not pass the ping health check. Please check CloudWatch logs "
    "for this endpoint."
)
"""FailureReason, as printed in public issues."""


class CannotDeploy(Exception):
    """A variant cannot be served; the message is a FailureReason."""


class Place(NamedTuple):
    """Which process: an endpoint of a name may be another one later, and its deployments follow each other."""

    region: str
    endpoint: str
    created: float
    number: int
    variant: str


class Fleet:
    """All processes of endpoints. Thread-safe."""

    def __init__(self, store: ObjectStore, logs: LogsService, folder: Path) -> None:
        """Keep the copies of models in a folder."""
        self._store = store
        self._logs = logs
        self._folder = folder
        self._lock = threading.Lock()
        self._starting: dict[Place, threading.Lock] = {}
        self._processes: dict[Place, ModelProcess] = {}
        self._is_closing = False

    def deploy(self, endpoint: Endpoint, deployment: Deployment) -> None:
        """Copy the models of a deployment, and start their processes.

        Raises:
            CannotDeploy: one of them cannot be served.
        """
        for variant in deployment.variants:
            log = self._log(endpoint, deployment, variant)
            for remark in _remarks(deployment, variant):
                log.note(remark)
            data = ModelData.of(variant.container)
            if data is None:
                log.note("the container names no model data: the sandbox serves models that it has trained")
                raise CannotDeploy(UNHEALTHY.format(variant.name))
            place = _place(endpoint, deployment, variant)
            try:
                data.download(self._store, self._folder_of(place))
            except NoModelData as problem:
                log.note(str(problem))
                raise CannotDeploy(str(problem)) from problem
            self.process(endpoint, deployment, variant)

    def process(self, endpoint: Endpoint, deployment: Deployment, variant: Variant) -> ModelProcess:
        """Return the process of a variant, which is started if there is none.

        Raises:
            CannotDeploy: the model cannot be loaded.
        """
        place = _place(endpoint, deployment, variant)
        with self._lock:
            starting = self._starting.setdefault(place, threading.Lock())
        with starting:
            running = self._processes.get(place)
            if running is not None and running.is_alive:
                return running
            log = self._log(endpoint, deployment, variant)
            try:
                return self._start(place, log)
            except CannotServe as problem:
                log.note(f"the model is not served: {problem}")
                raise CannotDeploy(UNHEALTHY.format(variant.name)) from problem

    def _start(self, place: Place, log: LogStream) -> ModelProcess:
        model = stored_model(self._folder_of(place))
        if model is None:
            raise CannotServe("its copy on this disk is gone")
        started = ModelProcess(model, log.write)
        with self._lock:
            if self._is_closing:
                started.stop()
                raise CannotServe("the sandbox shuts down")
            self._processes[place] = started
        started.wait_until_ready()
        return started

    def log(self, endpoint: Endpoint, variant: Variant) -> LogStream:
        """Return the log stream of a variant."""
        return self._log(endpoint, endpoint.shown, variant)

    def stop(self, endpoint: Endpoint, deployment: Deployment) -> None:
        """End the processes of a deployment; its copies of models stay."""
        for place in [_place(endpoint, deployment, variant) for variant in deployment.variants]:
            with self._lock:
                running = self._processes.pop(place, None)
                self._starting.pop(place, None)
            if running is not None:
                running.stop()

    def remove(self, endpoint: Endpoint, deployment: Deployment) -> None:
        """End the processes of a deployment, and delete its copies of models."""
        self.stop(endpoint, deployment)
        shutil.rmtree(self._folder_of_endpoint(endpoint) / str(deployment.number), ignore_errors=True)
        folder = self._folder_of_endpoint(endpoint)
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()

    def shutdown(self) -> None:
        """End all processes; the next start finds the copies of models."""
        with self._lock:
            self._is_closing = True
            running = list(self._processes.values())
            self._processes.clear()
        for each in running:
            each.stop()

    def _log(self, endpoint: Endpoint, deployment: Deployment, variant: Variant) -> LogStream:
        instance = instance_id(endpoint.arn, endpoint.created, deployment.number, variant.name)
        return LogStream(self._logs, endpoint_group(endpoint.name), f"{variant.name}/{instance}")

    def _folder_of(self, place: Place) -> Path:
        name = f"{place.endpoint}.{int(place.created * 1e6)}"
        return self._folder / place.region / name / str(place.number) / place.variant

    def _folder_of_endpoint(self, endpoint: Endpoint) -> Path:
        return self._folder / endpoint.region / f"{endpoint.name}.{int(endpoint.created * 1e6)}"


def _place(endpoint: Endpoint, deployment: Deployment, variant: Variant) -> Place:
    return Place(endpoint.region, endpoint.name, endpoint.created, deployment.number, variant.name)


def _remarks(deployment: Deployment, variant: Variant) -> list[str]:
    """Return what the sandbox does otherwise than AWS."""
    found = [
        f"{variant.container['Image']} is not run: the sandbox answers as that container does, with the trained model"
    ]
    if variant.count > 1:
        found.append(f"InitialInstanceCount is {variant.count}, but the sandbox serves with one process")
    if (deployment.settings.get("DataCaptureConfig") or {}).get("EnableCapture"):
        found.append("DataCaptureConfig is accepted, but the sandbox captures nothing")
    return found

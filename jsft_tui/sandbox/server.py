"""The sandbox: its services behind one HTTP port. Every request passes the origin check and the signature check."""

from __future__ import annotations

import errno
import logging
import os
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from jsft_tui.core.account import sandbox_proof
from jsft_tui.sandbox.account.iam import Identity, caller_identity
from jsft_tui.sandbox.account.moto import MotoFallback, Unsupported, unsupported
from jsft_tui.sandbox.account.prices import PriceListService
from jsft_tui.sandbox.account.quotas import QuotasService
from jsft_tui.sandbox.cloudwatch.logs import LogsService
from jsft_tui.sandbox.cloudwatch.metrics import MetricsService
from jsft_tui.sandbox.customization.catalog import ModelCatalog
from jsft_tui.sandbox.customization.hub import HubService
from jsft_tui.sandbox.customization.mlflow import MlflowService
from jsft_tui.sandbox.customization.model_packages import ModelPackageService, ModelPackageStore
from jsft_tui.sandbox.customization.request_check import Registry
from jsft_tui.sandbox.http.listener import Application, Listener, Request, TooLarge
from jsft_tui.sandbox.http.origin_check import check_origin
from jsft_tui.sandbox.http.replies import Dialect, Reply, error_reply, json_reply
from jsft_tui.sandbox.http.routing import (
    RUNTIME_SERVICE,
    SANDBOX_SERVICE,
    Destination,
    action_form,
    destination_of,
    dialect_of,
)
from jsft_tui.sandbox.http.rpc import RpcFront
from jsft_tui.sandbox.http.s3_operations import target_of
from jsft_tui.sandbox.http.service import AnyOf, ApiError, JsonService
from jsft_tui.sandbox.http.signature import Key, Signed, Verifier, claimed_scope
from jsft_tui.sandbox.http.unimplemented import Unimplemented
from jsft_tui.sandbox.s3.api.api import S3Api
from jsft_tui.sandbox.s3.api.errors import NotImplementedInSandbox
from jsft_tui.sandbox.s3.storage.store import ObjectStore
from jsft_tui.sandbox.sagemaker.api import TrainingService
from jsft_tui.sandbox.sagemaker.execution import Backends
from jsft_tui.sandbox.sagemaker.job_store import JobStore
from jsft_tui.sandbox.sagemaker.runner import Runner
from jsft_tui.sandbox.schedules import api as schedules_api
from jsft_tui.sandbox.schedules.api import SchedulesService
from jsft_tui.sandbox.schedules.records import ScheduleStore
from jsft_tui.sandbox.schedules.runner import ScheduleRunner
from jsft_tui.sandbox.serving.invoke.scaling import MinCapacity
from jsft_tui.sandbox.serving.serving import Backing, Serving
from jsft_tui.sandbox.state.folder import StateError, StateFolder
from jsft_tui.sandbox.tuning.api import TuningService
from jsft_tui.sandbox.tuning.engine import TuningEngine
from jsft_tui.sandbox.tuning.tuning_store import TuningStore

MAX_BODY_BYTES = 64 << 20
"""The largest body of a request that is not to S3."""

Listen = Callable[[Application, int], Listener]
"""Binds a port (0: any free one); raises `OSError` if it is taken."""

log = logging.getLogger(__name__)


class Background(Protocol):
    """What works beside the requests."""

    def start(self) -> None:
        """Start it."""
        ...

    def shutdown(self) -> None:
        """Stop it within seconds; what it was doing is told as failed, or goes on at the next start."""
        ...


@dataclass(frozen=True)
class Services:
    """The sandbox's own services.

    Attributes:
        json: those that speak JSON, by botocore's names.
        serving: answers invocations of endpoints.
        schedules: answers EventBridge Scheduler.
        background: what runs training jobs, searches, models and schedules, in the order of their start.
    """

    json: Mapping[str, JsonService]
    serving: Serving
    schedules: SchedulesService
    background: tuple[Background, ...] = ()


@dataclass(frozen=True)
class Account:
    """What the services ask other ones.

    Attributes:
        can_assume: whether SageMaker can assume a role.
        schedules_can_assume: whether EventBridge Scheduler can.
        min_capacity: of scalable targets.
    """

    can_assume: Callable[[str], bool]
    schedules_can_assume: Callable[[str], bool]
    min_capacity: MinCapacity


def build_services(state_dir: Path, region: str, store: ObjectStore, account: Account) -> Services:
    """Make the services, which keep their state in `state_dir`."""
    state_dir.mkdir(parents=True, exist_ok=True)
    jobs = JobStore(state_dir / "jobs")
    logs = LogsService(state_dir / "logs.sqlite")
    metrics = MetricsService(state_dir / "metrics.sqlite")
    registry = Registry(ModelCatalog(store), ModelPackageStore(state_dir / "model_packages.sqlite"))
    backends = Backends(jobs, store, logs, metrics, registry, state_dir / "base-models")
    runner = Runner(backends, state_dir / "work")
    training = TrainingService(jobs, runner, store, registry, account.can_assume)
    tuning = TuningStore(state_dir / "tuning.sqlite")
    searches = TuningEngine(tuning, jobs, training, metrics, runner.slots)
    serving = Serving(state_dir, Backing(store, logs, metrics, account.can_assume, account.min_capacity))
    services: dict[str, JsonService] = {
        "sagemaker": AnyOf(
            (
                training,
                *serving.services,
                TuningService(tuning, jobs, training, searches),
                ModelPackageService(registry.packages),
                HubService(registry.catalog),
                MlflowService(),
            )
        ),
        "logs": logs,
        "cloudwatch": metrics,
        "service-quotas": QuotasService(),
        "pricing": PriceListService(region),
    }
    schedules = ScheduleStore(state_dir / "schedules.sqlite")
    called = {"sagemaker": services["sagemaker"]}
    scheduler = SchedulesService(schedules, account.schedules_can_assume, frozenset(called))
    return Services(services, serving, scheduler, (runner, searches, serving, ScheduleRunner(schedules, called)))


class Sandbox:
    """A sandbox in a state folder."""

    def __init__(self, state: StateFolder, region: str, port: int = 0, listen: Listen = Listener) -> None:
        """Open the stores and bind the port (0: the last one if it is free, else any free one).

        Raises:
            StateError: the port is taken.
            OSError: the folder cannot be written.
        """
        from jsft_tui.sandbox import seed

        self._state = state
        self._region = region
        self._store = ObjectStore(state.content / "s3")
        _plant_once(state.content / "planted", self._store, region)
        moto = MotoFallback(state.content / "moto.journal", seed.SANDBOX_ROLE)
        identity = Identity(moto.trust_policy)
        account = Account(
            identity.can_assume, lambda role: identity.can_assume(role, schedules_api.PRINCIPAL), moto.min_capacity
        )
        self._services = build_services(state.content, region, self._store, account)
        front = Front(state, self._store, self._services, moto, identity)
        self._listener = _bind(listen, front.answer, port, state.last_port)
        front.port = self._listener.port

    def start(self) -> str:
        """Start to serve; return the endpoint."""
        for each in self._services.background:
            each.start()
        self._listener.start()
        return self._state.write_server_info(self._listener.port, self._region).endpoint

    def stop(self) -> None:
        """Stop serving, and stop the running jobs."""
        self._state.remove_server_info()
        self._listener.stop()
        for each in reversed(self._services.background):
            each.shutdown()
        self._store.close()


class Front:
    """Answers requests.

    Attributes:
        port: the port that clients connect to, set as soon as it is known.
    """

    port = 0

    def __init__(
        self,
        state: StateFolder,
        store: ObjectStore,
        services: Services,
        moto: MotoFallback,
        identity: Identity,
    ) -> None:
        self._key_pair = state.key_pair
        self._state_path = state.path
        self._s3 = S3Api(store)
        self._rpc = RpcFront(services.json)
        self._serving = services.serving
        self._schedules = services.schedules
        self._moto = moto
        self._identity = identity
        self._unimplemented = Unimplemented(state.path / "unimplemented.log")
        self._verifier = Verifier(self._find_key)

    def answer(self, request: Request) -> Reply:
        """Return the reply to a request, on any failure an error that an AWS client can parse."""
        dialect = Dialect.S3
        if request.raw_path == sandbox_proof.PATH and sandbox_proof.is_challenge(request.raw_query):
            return self._prove(request.raw_query)
        try:
            scope = claimed_scope(request)
            dialect = dialect_of(request, scope)
            check_origin(request, self.port, dialect)
            scope, key = self._verifier.require_key(request, scope, dialect)
            body = None if dialect is Dialect.S3 else request.read_body(MAX_BODY_BYTES)
            signed = self._verifier.verify(request, scope, key, dialect, body)
            destination = destination_of(request, signed.scope, dialect, body)
            if signed.scope.service == SANDBOX_SERVICE:
                return self._control(request)
            return self._route(request, signed, destination, body)
        except ApiError as error:
            return error_reply(dialect, error)
        except (TooLarge, UnicodeDecodeError) as error:
            return error_reply(dialect, ApiError("InvalidRequest", f"The request cannot be read: {error}"))
        except ConnectionError:
            raise
        except Exception as error:
            log.exception("%s %s failed", request.method, request.raw_path)
            code = "InternalError" if dialect is Dialect.S3 else "InternalFailure"
            return error_reply(dialect, ApiError(code, self._failure(error), 500))

    def _prove(self, challenge: str) -> Reply:
        pid = os.getpid()
        return json_reply({"pid": pid, "proof": sandbox_proof.proof(self._key_pair.secret_access_key, challenge, pid)})

    def _failure(self, error: Exception) -> str:
        is_full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
        if is_full or (isinstance(error, sqlite3.OperationalError) and "is full" in str(error)):
            return f"The sandbox's disk is full: free space on the disk of {self._state_path}."
        return f"The sandbox failed: see its log file {self._state_path / 'sandbox.log'}."

    def _route(self, request: Request, signed: Signed, destination: Destination, body: bytes | None) -> Reply:
        try:
            if body is None:
                key = self._find_key(signed.scope.access_key_id)
                return self._s3.answer(target_of(request), request, signed, key.secret if key else "")
            own = self._own_answer(request, signed, destination, body)
            if own is None and _is_blind_spot(destination):
                raise unsupported(destination)
            return own or self._moto.answer(request, destination, body)
        except (Unsupported, NotImplementedInSandbox):
            self._unimplemented.record(destination)
            raise

    def _own_answer(self, request: Request, signed: Signed, destination: Destination, body: bytes) -> Reply | None:
        if destination.service == RUNTIME_SERVICE:
            return self._serving.invoke(destination.operation, request, destination.region, body)
        if destination.service == schedules_api.SERVICE:
            return self._schedules.answer(request, destination.region, body)
        return self._rpc.answer(destination, body) or self._identity_answer(request, signed, destination, body)

    def _identity_answer(self, request: Request, signed: Signed, destination: Destination, body: bytes) -> Reply | None:
        if (destination.service, destination.operation) == ("iam", "SimulatePrincipalPolicy"):
            return self._identity.simulate(action_form(request, body))
        own_key = signed.scope.access_key_id == self._key_pair.access_key_id
        if own_key and (destination.service, destination.operation) == ("sts", "GetCallerIdentity"):
            return caller_identity(signed.scope.access_key_id)
        return None

    def _find_key(self, access_key_id: str) -> Key | None:
        if access_key_id == self._key_pair.access_key_id:
            return Key(self._key_pair.secret_access_key)
        return self._moto.find_key(access_key_id)

    def _control(self, request: Request) -> Reply:
        """Answer on the sandbox's own interface: which operations were asked for and are not implemented."""
        place = f"{request.method} {request.raw_path}"
        if place == "GET /_sandbox/unimplemented":
            return json_reply(self._unimplemented.listed())
        raise unsupported(Destination(SANDBOX_SERVICE, place, "", Dialect.JSON))


_KEPT_HERE = ("InferenceComponent", "InferenceComponents", "WeightsAndCapacities", "RuntimeConfig")
"""Ends of the names of operations on endpoints that the sandbox does not implement."""


def _is_blind_spot(destination: Destination) -> bool:
    """Return whether moto would answer from a state of its own, without what the sandbox's service keeps."""
    if destination.service == "sagemaker":
        return destination.operation.endswith(_KEPT_HERE) or "ModelPackage" in destination.operation
    if destination.service == "cloudwatch":  # alarms have nothing to do with the metrics that are kept here
        return not destination.operation.endswith(("Alarm", "Alarms"))
    return destination.service in ("logs", RUNTIME_SERVICE, schedules_api.SERVICE)


def _plant_once(marker: Path, store: ObjectStore, region: str) -> None:
    """Seed the store on the first start, and after an update; this replaces only seeded content."""
    from jsft_tui import __version__
    from jsft_tui.sandbox import seed

    planted = f"{__version__} {region}"
    if not marker.exists() or marker.read_text() != planted:
        seed.seed_store(store, region)
        marker.write_text(planted)


def _bind(listen: Listen, answer: Application, port: int, last_port: int) -> Listener:
    """Listen on the port that is asked for; without one on the last port if it is free, else on any.

    Raises:
        StateError: the port that is asked for is taken.
    """
    try:
        return listen(answer, port or last_port)
    except OSError as error:
        if not port:
            return listen(answer, 0)
        sentence = f"The sandbox cannot listen on port {port} ({error.strerror}): choose another with --port."
        raise StateError(sentence) from error

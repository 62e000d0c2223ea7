"""The sandbox's front: every request goes through the door, the signature and the faults to its service."""

from __future__ import annotations

import errno
import json
import logging
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from jsft_tui.sandbox.account.iam import Identity, caller_identity
from jsft_tui.sandbox.account.moto import MotoTail, Unsupported, unsupported
from jsft_tui.sandbox.account.prices import PriceListService
from jsft_tui.sandbox.account.quotas import QuotasService
from jsft_tui.sandbox.cloudwatch.logs import LogsService
from jsft_tui.sandbox.cloudwatch.metrics import MetricsService
from jsft_tui.sandbox.http import faults
from jsft_tui.sandbox.http.door import refuse_strangers
from jsft_tui.sandbox.http.faults import Faults
from jsft_tui.sandbox.http.listener import Listener, Request, TooLarge
from jsft_tui.sandbox.http.protocol import ApiError, JsonService
from jsft_tui.sandbox.http.replies import Dialect, Reply, error_reply, json_reply
from jsft_tui.sandbox.http.routing import SANDBOX_SERVICE, Destination, action_form, destination_of, dialect_of
from jsft_tui.sandbox.http.rpc import RpcFront
from jsft_tui.sandbox.http.s3_operations import target_of
from jsft_tui.sandbox.http.signature import Key, Signed, Verifier, claimed_scope
from jsft_tui.sandbox.http.unimplemented import Unimplemented
from jsft_tui.sandbox.s3.api.api import S3Api
from jsft_tui.sandbox.s3.api.errors import NotImplementedInSandbox
from jsft_tui.sandbox.s3.storage.store import ObjectStore
from jsft_tui.sandbox.sagemaker.api import TrainingService
from jsft_tui.sandbox.sagemaker.job_store import JobStore
from jsft_tui.sandbox.sagemaker.runner import Runner
from jsft_tui.sandbox.state.folder import StateError, StateFolder

MAX_BODY_BYTES = 64 << 20
"""The largest body of a request that is not to S3."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Services:
    """The services of our own that speak JSON, by botocore's names, and what runs the training jobs."""

    json: Mapping[str, JsonService]
    runner: Runner


def build_services(state_dir: Path, region: str, store: ObjectStore, roles: Callable[[str], bool]) -> Services:
    """The services, keeping their state under `state_dir`; `roles` says whether SageMaker can assume a role."""
    state_dir.mkdir(parents=True, exist_ok=True)
    jobs = JobStore(state_dir / "jobs")
    logs = LogsService(state_dir / "logs.sqlite")
    metrics = MetricsService(state_dir / "metrics.sqlite")
    runner = Runner(jobs, store, logs, metrics, state_dir / "work")
    services: dict[str, JsonService] = {
        "sagemaker": TrainingService(jobs, runner, store, roles),
        "logs": logs,
        "cloudwatch": metrics,
        "service-quotas": QuotasService(),
        "pricing": PriceListService(region),
    }
    return Services(services, runner)


class Sandbox:
    """A sandbox in a state folder, from its start to its stop."""

    def __init__(self, state: StateFolder, region: str, port: int = 0, *, with_faults: bool = False) -> None:
        """Open the stores and bind the port (0: the last one if it is free, else any).

        Raises:
            StateError: the port is taken.
            OSError: the folder cannot be written.
        """
        from jsft_tui.sandbox import seed

        self._state = state
        self._region = region
        self._store = ObjectStore(state.content / "s3")
        _plant_once(state.content / "planted", self._store, region)
        self._faults = Faults() if with_faults else None
        moto = MotoTail(state.content / "moto.journal", seed.SANDBOX_ROLE)
        identity = Identity(moto.trust_policy, self._faults.denies if self._faults else lambda _: False)
        self._services = build_services(state.content, region, self._store, identity.can_assume)
        front = Front(state, self._store, self._services, moto, identity, self._faults)
        self._listener = _listen(front.answer, port or state.last_port, required=bool(port))
        front.port = self._listener.port

    def start(self) -> str:
        """Serve; the endpoint."""
        self._services.runner.start()
        self._listener.start()
        return self._state.write_server_info(self._listener.port, self._region).endpoint

    def stop(self) -> None:
        """Stop serving, and end the jobs that run."""
        self._state.remove_server_info()
        self._listener.stop()
        self._services.runner.shutdown()
        self._store.close()


class Front:
    """Answers requests.

    Attributes:
        port: where it is listened on, known only after the listener was made.
    """

    port = 0

    def __init__(
        self,
        state: StateFolder,
        store: ObjectStore,
        services: Services,
        moto: MotoTail,
        identity: Identity,
        test_faults: Faults | None,
    ) -> None:
        self._key_pair = state.key_pair
        self._state_path = state.path
        self._s3 = S3Api(store)
        self._rpc = RpcFront(services.json)
        self._moto = moto
        self._identity = identity
        self._faults = test_faults
        self._unimplemented = Unimplemented(state.path / "unimplemented.log")
        self._verifier = Verifier(self._find_key)

    def answer(self, request: Request) -> Reply:
        """The answer to a request: whatever happens, one that an AWS client understands."""
        dialect = Dialect.S3
        try:
            scope = claimed_scope(request)
            dialect = dialect_of(request, scope)
            refuse_strangers(request, self.port, dialect)
            scope, key = self._verifier.require_key(request, scope, dialect)
            body = None if dialect is Dialect.S3 else request.read_body(MAX_BODY_BYTES)
            signed = self._verifier.verify(request, scope, key, dialect, body)
            destination = destination_of(request, signed.scope, dialect, body)
            if signed.scope.service == SANDBOX_SERVICE:
                return self._control(request, body or b"")
            return self._deliver(request, signed, destination, body)
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

    def _failure(self, error: Exception) -> str:
        is_full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
        if is_full or (isinstance(error, sqlite3.OperationalError) and "is full" in str(error)):
            return f"The sandbox's disk is full: make room where {self._state_path} is."
        return f"The sandbox failed: its log file {self._state_path / 'sandbox.log'} says how."

    def _deliver(self, request: Request, signed: Signed, destination: Destination, body: bytes | None) -> Reply:
        if self._faults is None:
            return self._route(request, signed, destination, body)
        self._faults.record(destination)
        strike = self._faults.strike(destination)
        if strike is None:
            return self._route(request, signed, destination, body)
        instead = faults.before_call(strike, destination.dialect)
        return instead or faults.after_call(strike.rule, self._route(request, signed, destination, body))

    def _route(self, request: Request, signed: Signed, destination: Destination, body: bytes | None) -> Reply:
        try:
            if body is None:
                key = self._find_key(signed.scope.access_key_id)
                return self._s3.answer(target_of(request), request, signed, key.secret if key else "")
            own = self._rpc.answer(destination, body) or self._identity_answer(request, signed, destination, body)
            if own is None and _is_blind_spot(destination):
                raise unsupported(destination)
            return own or self._moto.answer(request, destination, body)
        except (Unsupported, NotImplementedInSandbox):
            self._unimplemented.record(destination)
            raise

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

    def _control(self, request: Request, body: bytes) -> Reply:
        """The sandbox's own interface: what was not implemented, and the test faults."""
        place = (request.method, request.raw_path)
        if place == ("GET", "/_sandbox/unimplemented"):
            return json_reply(self._unimplemented.listed())
        if self._faults is None:
            raise ApiError("AccessDenied", "This sandbox was started without --faults.", 403)
        try:
            document = json.loads(body or b"[]")
        except ValueError as error:
            raise ApiError("SerializationException", "The request body is not JSON.") from error
        if place == ("POST", "/_sandbox/faults"):
            self._faults.set_rules(faults.parse_rules(document))
        elif place == ("POST", "/_sandbox/denied-actions"):
            self._faults.set_denied_actions(document)
        elif place == ("DELETE", "/_sandbox/calls"):
            self._faults.forget_calls()
        elif place == ("GET", "/_sandbox/calls"):
            return json_reply(self._faults.calls())
        else:
            raise unsupported(Destination(SANDBOX_SERVICE, " ".join(place), "", Dialect.JSON))
        return json_reply({})


def _is_blind_spot(destination: Destination) -> bool:
    """Whether moto would answer, but from a state of its own that does not have what our service keeps."""
    return destination.service == "logs" or (destination.service, destination.dialect) == ("cloudwatch", Dialect.QUERY)


def _plant_once(marker: Path, store: ObjectStore, region: str) -> None:
    """Plant the sandbox's first content, again after an update of the program (it replaces only its own)."""
    from jsft_tui import __version__
    from jsft_tui.sandbox import seed

    planted = f"{__version__} {region}"
    if not marker.exists() or marker.read_text() != planted:
        seed.seed_store(store, region)
        marker.write_text(planted)


def _listen(answer: Callable[[Request], Reply], port: int, *, required: bool) -> Listener:
    try:
        return Listener(answer, port)
    except OSError as error:
        if required:
            sentence = f"The sandbox cannot listen on port {port} ({error.strerror}): choose another with --port."
            raise StateError(sentence) from error
        return Listener(answer)

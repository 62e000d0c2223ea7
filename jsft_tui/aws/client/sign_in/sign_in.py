"""The sign-in of a target: one boto3 session for all of its regions, made anew when its credentials were refused."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jsft_tui.aws.client.caller import Caller, note_on_error, note_on_response, sso_profile_of
from jsft_tui.aws.client.config_files import check_sections, unreadable_file
from jsft_tui.aws.client.errors import code_of, translate, translate_errors
from jsft_tui.aws.client.http.connection import check_ca_bundle
from jsft_tui.aws.client.profiles import session_of_profile, session_without_files
from jsft_tui.aws.client.sign_in.kept_credentials import KeptCredentials
from jsft_tui.aws.client.sign_in.keys import check_keys, missing_keys
from jsft_tui.aws.client.sign_in.providers import CodePrompter, use_own_providers
from jsft_tui.aws.client.timestamps import parse_timestamp
from jsft_tui.core.account.sign_in import AskCode, no_terminal_for_code
from jsft_tui.core.account.target import Target
from jsft_tui.core.common.errors import SIGNED_OUT, Problem, ProblemKind

AWS_BUNDLE, REQUESTS_BUNDLE = "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"
"""Variables that name a CA bundle (botocore, `Session.create_client` and `EndpointCreator._get_verify_value`)."""
CONNECT_TIMEOUT, READ_TIMEOUT = 5, 25
"""Seconds. Short enough that quitting does not wait long for a hanging request."""


class SignIn:
    """Makes the boto3 session of a target. Thread-safe.

    A client keeps the credentials that it started with. After a request fails because of the credentials, the next
    session is therefore a new one, so that it uses a sign-in made in the meantime.
    """

    def __init__(self, target: Target, ask: AskCode = no_terminal_for_code) -> None:
        self.target = target
        self._prompter = CodePrompter(ask, target.owner)
        self._lock = threading.Lock()
        self._session: Any = None
        self._refused: Any = None
        """The session whose credentials were last refused."""
        self._kept: KeptCredentials | None = None
        self._loader: Any = None

    def session(self) -> Any:
        """Return the session to make clients with.

        Raises:
            Problem: unknown profile, a configuration that cannot be used, or credentials that cannot be had.
        """
        with self._lock:
            if self._session is not None and self._refused is self._session:
                self._session = None
                if self._kept is not None:
                    self._kept.forget_refused()
            if self._session is None:
                with translate_errors("sign in"), configuration_errors():
                    self._session = self._new_session()
            return self._session

    def _new_session(self) -> Any:
        import boto3
        from botocore.config import Config

        target = self.target
        own = session_without_files() if target.sandbox else session_of_profile(target.profile, target.exported_keys)
        # Load each service model once: SageMaker's is a megabyte.
        self._loader = self._loader or own.get_component("data_loader")
        own.register_component("data_loader", self._loader)
        own.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=parse_timestamp)
        # Also for the clients that botocore makes itself, for STS and SSO.
        own.set_default_client_config(Config(connect_timeout=CONNECT_TIMEOUT, read_timeout=READ_TIMEOUT))
        if target.credentials is None:
            check_sections(own.get_scoped_config(), target.profile, own.get_config_variable("config_file"))
            check_ca_bundle(*ca_bundle(own))
            self._kept = self._kept or KeptCredentials(target.endpoint_of("sts"))
            use_own_providers(own, target.region, self._prompter, self._kept)
        return boto3.Session(region_name=target.region, botocore_session=own)

    def watch(self, client: Any, session: Any) -> None:
        """Note the caller on every refusal of a client's requests, and whether the credentials were refused."""
        if self.target.credentials is not None:
            return  # there are no other credentials to find
        caller = self._caller(session)

        def on_response(parsed: dict[str, Any], **_: Any) -> None:
            if "Error" not in parsed:
                return
            note_on_response(parsed, caller)
            if code_of(parsed) in SIGNED_OUT:
                self._refused = session

        def on_error(exception: BaseException, **_: Any) -> None:
            note_on_error(exception, caller)
            problem = translate(exception, "sign in")
            if problem is not None and problem.code in SIGNED_OUT:
                self._refused = session

        def get_credentials(**_: Any) -> None:
            self._get_credentials(session)

        # Before the time of the call begins: a person may have to type a code, or to confirm in a browser.
        client.meta.events.register_first("before-call", get_credentials)
        client.meta.events.register("after-call", on_response)
        client.meta.events.register("after-call-error", on_error)

    def _get_credentials(self, session: Any) -> None:
        own = session._session
        credentials = own.get_credentials()
        if credentials is None:
            problem = unreadable_file(own) or missing_keys(own.get_scoped_config(), self.target.owner)
            if problem is not None:
                self._refused = session
                raise problem
            return  # botocore says so when it signs
        try:
            keys = credentials.get_frozen_credentials()
            check_keys(keys, str(getattr(credentials, "method", "")), self.target.owner)
        except Problem as problem:
            if problem.code in SIGNED_OUT:
                self._refused = session
            raise

    def _caller(self, session: Any) -> Caller:
        own = session._session
        credentials = own.get_credentials()
        bundle, origin = ca_bundle(own)
        sso_profile = None if self.target.exported_keys else sso_profile_of(own.full_config, self.target.profile)
        used = f"{bundle} ({origin})" if bundle else ""
        return Caller(self.target, str(getattr(credentials, "method", "")), sso_profile, used)


def ca_bundle(own: Any) -> tuple[str, str]:
    """Return the path of the CA bundle that a botocore session uses, and what names it; empty without one."""
    path = own.get_config_variable("ca_bundle")
    if path:
        return str(path), AWS_BUNDLE if os.environ.get(AWS_BUNDLE) else "ca_bundle in the profile"
    return os.environ.get(REQUESTS_BUNDLE, ""), REQUESTS_BUNDLE


@contextmanager
def configuration_errors() -> Iterator[None]:
    """Turn what Python raises while botocore reads configuration into a Problem; no request is made inside.

    Raises:
        Problem: with the code `BadConfiguration`.
    """
    from botocore.exceptions import BotoCoreError

    try:
        yield
    except (BotoCoreError, Problem):
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, ValueError) and "endpoint" in str(error).lower():
            raise  # `translate` names the variable
        text = str(error) or type(error).__name__
        variables = {repr(value): name for name, value in os.environ.items() if name.startswith("AWS_")}
        if origin := next((name for value, name in variables.items() if value in text), ""):
            text = f"{origin}: {text}"
        named = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) and error.filename else text
        message = f"the AWS configuration cannot be used: {named}."
        remedy = "Check ~/.aws/config, ~/.aws/credentials and the AWS_ variables."
        raise Problem("BadConfiguration", message, remedy, kind=ProblemKind.REFUSED) from error

"""The credential providers of a botocore session: none of them uses the terminal, and every error is a Problem."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from jsft_tui.aws.client.sign_in.credential_process import process_runner
from jsft_tui.aws.client.sign_in.kept_credentials import KeptCredentials
from jsft_tui.aws.client.sign_in.provider_problems import Source, provider_problem
from jsft_tui.core.account.sign_in import AskCode, CodeRequest
from jsft_tui.core.common.errors import Problem

CODES = 3
"""MFA codes that are asked for until one is accepted."""
_PROMPT = "Enter MFA code for "
"""Start of the text that botocore gives its prompter (`AssumeRoleCredentialFetcher._assume_role_kwargs`)."""

WRONG_CODE = "invalid MFA one time pass code"
"""In the message of an AccessDenied of AssumeRole. Not verified with AWS; from public reports."""


@dataclass
class CodePrompter:
    """Asks for MFA codes until the user declines once: a screen with ten open questions must not ask ten times."""

    ask: AskCode
    profile: str | None
    declined: Problem | None = None
    is_repeated: bool = False

    def code(self, prompt: str) -> str:
        """Return a code.

        Raises:
            Problem: the user gave none, now or before.
        """
        if self.declined is not None:
            raise self.decline(self.declined)
        device = prompt.removeprefix(_PROMPT).rstrip(": ")
        try:
            code = self.ask(CodeRequest(device, self.profile, self.is_repeated))
        except Problem as problem:
            raise self.decline(problem) from problem
        if not code:
            raise self.decline(
                Problem("SignInFailed", f"no MFA code was given for {device}.", "Try again to enter it.")
            )
        return code

    def decline(self, why: Problem) -> Problem:
        """Ask no more; return the Problem to raise."""
        self.declined = why
        return Problem(why.code, why.message, why.remedy, kind=why.kind)


def use_own_providers(session: Any, region: str, prompter: CodePrompter, kept: KeptCredentials) -> None:
    """Replace the credential providers of a botocore session, whose profile is set already.

    Raises:
        Exception: botocore's errors of unreadable configuration files and of unknown profiles.
    """
    from botocore.credentials import ProfileProviderBuilder, create_credential_resolver

    profile = session.get_config_variable("profile")
    builder = ProfileProviderBuilder(session, cache=kept, region_name=region)
    of_profile = builder.providers

    def providers(profile_name: str, disable_env_vars: bool = False) -> list[Any]:
        found = of_profile(profile_name=profile_name, disable_env_vars=disable_env_vars)
        return [_reporting(provider, Source(session, profile_name, provider.METHOD)) for provider in found]

    builder.providers = providers
    resolver = create_credential_resolver(session, cache=kept, region_name=region)
    role = resolver.get_provider("assume-role")
    role._profile_provider_builder = builder  # makes the providers of source profiles
    _ask_with(prompter, role)
    for provider in resolver.providers:
        _reporting(provider, Source(session, profile, provider.METHOD))
    session.register_component("credential_provider", resolver)


def _reporting(provider: Any, source: Source) -> Any:
    """Let a provider, and the credentials that it gives, raise Problems; return it."""
    load = provider.load

    def reporting_load() -> Any:
        with _reported(source):
            return _refreshing(load(), source)

    provider.load = reporting_load
    if provider.METHOD == "custom-process":
        file = str(source.session.get_config_variable("config_file"))
        provider._popen = process_runner(source.profile or "default", file)
    return provider


def _refreshing(credentials: Any, source: Source) -> Any:
    refresh = getattr(credentials, "_refresh_using", None)
    if refresh is not None:

        def reporting_refresh() -> Any:
            with _reported(source):
                return refresh()

        credentials._refresh_using = reporting_refresh
    return credentials


@contextmanager
def _reported(source: Source) -> Iterator[None]:
    try:
        yield
    except Problem:
        raise
    except Exception as error:
        raise provider_problem(error, source) from error


def _ask_with(prompter: CodePrompter, role: Any) -> None:
    """Let the provider of assumed roles ask through the prompter: again after a wrong code, and when a role expires.

    botocore wraps the refresh of a role with MFA so that it can be called once (`create_mfa_serial_refresher`).
    """
    load = role._load_creds_via_assume_role

    def asking_load(profile_name: str) -> Any:
        credentials = load(profile_name)
        refresh = credentials._refresh_using
        credentials._refresh_using = _asking_again(prompter, getattr(refresh, "_refresh", refresh))
        return credentials

    role._prompter = prompter.code
    role._load_creds_via_assume_role = asking_load


def _asking_again(prompter: CodePrompter, refresh: Callable[[], Any]) -> Callable[[], Any]:
    from botocore.exceptions import ClientError

    def ask_again() -> Any:
        for attempt in range(CODES):
            prompter.is_repeated = attempt > 0
            try:
                return refresh()
            except ClientError as error:
                if WRONG_CODE not in str(error):
                    raise
        raise prompter.decline(
            Problem("SignInFailed", f"AWS accepted none of {CODES} MFA codes.", "Try again with the next code.")
        )

    return ask_again

"""Turn the options of a command into the services of its target."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from jsft_tui.cli.options import GlobalOptions
from jsft_tui.config import Config, load_config
from jsft_tui.paths import Paths
from jsft_tui.services.session.open import SessionFactory
from jsft_tui.services.target.resolve import TargetChoice

if TYPE_CHECKING:
    import click

    from jsft_tui.core.account.sign_in import CodeRequest
    from jsft_tui.services.session.services import Services


def _ask_code(request: CodeRequest) -> str | None:
    """Ask for an MFA code on the terminal; what that needs is imported when it is asked."""
    from jsft_tui.cli.console.prompts import ask_code

    return ask_code(request)


def options_of(context: click.Context) -> GlobalOptions:
    """Return the options that were given."""
    return context.ensure_object(GlobalOptions)


def config_of(options: GlobalOptions, paths: Paths) -> Config:
    """Load the user's settings."""
    return load_config(options.config or paths.config_file, required=options.config is not None)


def session_factory_of(options: GlobalOptions) -> SessionFactory:
    """Return the factory for the target that options, environment and settings select."""
    paths = Paths.from_environment()
    choice = TargetChoice(options.profile, options.region, options.sandbox, options.read_only)
    return SessionFactory(choice, paths, config_of(options, paths), options.config, ask_code=_ask_code)


def open_services(context: click.Context) -> Services:
    """Open the services of the target that options, environment and settings select."""
    if not sys.stderr.isatty():
        return session_factory_of(options_of(context)).open_services()
    from jsft_tui.cli.console.output import say
    from jsft_tui.services.background.slow_answers import say_when_waiting

    say_when_waiting(say)
    services = session_factory_of(options_of(context)).open_services()
    _warn(services)
    return services


def _warn(services: Services) -> None:
    """Say which endpoints there were when somebody last looked: nobody pays for one that was forgotten."""
    from jsft_tui.cli.console.output import say

    if line := services.known_endpoints.warning(time.time()):
        say(line)

"""Turn the options of a command into the services of its target."""

from __future__ import annotations

import click

from jsft_tui.cli.options import GlobalOptions
from jsft_tui.config import Config, load_config
from jsft_tui.paths import Paths
from jsft_tui.services.session.open import SessionFactory
from jsft_tui.services.session.services import Services
from jsft_tui.services.target.resolve import TargetChoice


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
    return SessionFactory(choice, paths, config_of(options, paths), options.config)


def open_services(context: click.Context) -> Services:
    """Open the services of the target that options, environment and settings select."""
    return session_factory_of(options_of(context)).open_services()

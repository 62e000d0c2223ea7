"""From the options of a command to the services of its target."""

from __future__ import annotations

import click

from jsft_tui.cli.options import GlobalOptions
from jsft_tui.config import Config, load_config
from jsft_tui.paths import Paths
from jsft_tui.services.session.open import SessionFactory
from jsft_tui.services.session.services import Services
from jsft_tui.services.target.resolve import TargetChoice


def options_of(context: click.Context) -> GlobalOptions:
    """The options that were said."""
    return context.ensure_object(GlobalOptions)


def config_of(options: GlobalOptions, paths: Paths) -> Config:
    """The user's settings."""
    return load_config(options.config or paths.config_file, required=options.config is not None)


def opening_of(options: GlobalOptions) -> SessionFactory:
    """What the options, the environment and the settings say of the target."""
    paths = Paths.from_environment()
    choice = TargetChoice(options.profile, options.region, options.sandbox, options.read_only)
    return SessionFactory(choice, paths, config_of(options, paths), options.config)


def open_services(context: click.Context) -> Services:
    """The services of the target that the options, the environment and the settings mean."""
    return opening_of(options_of(context)).open_services()

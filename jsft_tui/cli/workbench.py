"""From the options of a command to the services of its target."""

from __future__ import annotations

import click

from jsft_tui.cli.options import GlobalOptions
from jsft_tui.config import Config, load_config
from jsft_tui.paths import Paths
from jsft_tui.services.sandbox import Sandbox
from jsft_tui.services.targets import TargetChoice, resolve_target
from jsft_tui.services.workbench import Workbench


def options_of(context: click.Context) -> GlobalOptions:
    """The options that were said."""
    return context.ensure_object(GlobalOptions)


def config_of(options: GlobalOptions, paths: Paths) -> Config:
    """The user's settings."""
    return load_config(options.config or paths.config_file, required=options.config is not None)


def open_workbench(context: click.Context) -> Workbench:
    """The services of the target that the options, the environment and the settings mean."""
    options = options_of(context)
    paths = Paths.from_environment()
    config = config_of(options, paths)
    sandbox = Sandbox(paths.sandbox)
    choice = TargetChoice(options.profile, options.region, options.sandbox, options.read_only)
    target = resolve_target(choice, config, sandbox)
    base = sandbox.defaults() if target.sandbox else None
    return Workbench(target, paths, config, base)

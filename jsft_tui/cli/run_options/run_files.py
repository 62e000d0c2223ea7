"""Read and write the run files of commands."""

from __future__ import annotations

from pathlib import Path

import click

from jsft_tui.cli.console.output import print_document, print_json, say
from jsft_tui.cli.context import options_of
from jsft_tui.cli.named_path import NamedPath
from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.escapes import code_escape
from jsft_tui.core.run.file.run_file import parse_run, run_document
from jsft_tui.core.run.run import Run
from jsft_tui.given_files import read_given_text
from jsft_tui.services.settings.text_files import save_text

RUN_FILE = NamedPath()


def write_run_file(context: click.Context, text: str, run: Run, path: Path | None, *, force: bool) -> None:
    """Write a run file, or print it when no file is named."""
    if path is None:
        print_document(text, code_escape)
        return
    save_text(path, text, overwrite=force)
    if options_of(context).json:
        print_json({"path": str(path), **run_document(run)})
    else:
        say(f"Wrote {path}. Next: jsft check {path}")


def read_run(path: Path) -> Run:
    """Read the run of a run file.

    Raises:
        Problem: the file cannot be read or is invalid.
    """
    try:
        text = read_given_text(path)
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not valid UTF-8"
        remedy = "Create one with: jsft plan MODEL -o run.yaml"
        raise usage("BadRunFile", f"the run file {path} cannot be read: {why}.", remedy) from error
    return parse_run(text)

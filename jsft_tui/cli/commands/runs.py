"""`jsft plan`, `jsft check`, `jsft launch`, `jsft export`, `jsft clone`."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from jsft_tui.cli.commands.follow import ended_badly, follow_job, print_output
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.json_documents import check_document, job_document
from jsft_tui.cli.options import GlobalOptions, global_options, setting, settings_option
from jsft_tui.cli.output import EXIT_CODES, finding_lines, for_target, level_word, print_json, say
from jsft_tui.cli.prompts import agrees, answer
from jsft_tui.core.catalog.spec import ModelSpec
from jsft_tui.core.common.errors import ProblemKind, usage
from jsft_tui.core.common.findings import Level, verdict
from jsft_tui.core.common.text import clean, dollars, plural
from jsft_tui.core.hyperparameters.rules import refuse_wrong
from jsft_tui.core.jobs.training_job import JobStatus
from jsft_tui.core.preflight.base.check import Finding, Plan
from jsft_tui.core.request.export import export_formats
from jsft_tui.core.request.export.past_job import past_request
from jsft_tui.core.request.rerun.resume import SAME_CLASSES
from jsft_tui.core.run.name import GRAMMAR, suggest
from jsft_tui.core.run.run import DEFAULT_DATA, Run
from jsft_tui.core.run.run_file import dump_run, parse_run, run_document
from jsft_tui.core.sizing.names import refuse_unknown_type
from jsft_tui.core.sizing.pricing import max_cost
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.launch.launch import Cleared, Launched
from jsft_tui.services.preflight.run import checked_request
from jsft_tui.services.session.services import Services
from jsft_tui.services.settings.text_files import save_text

RUN_FILE = click.Path(path_type=Path)
NOT_LAUNCHED = "Nothing was launched."


@click.command()
@click.argument("model_id", metavar="MODEL")
@click.option("--model-version", default="*", metavar="VERSION", help="An older version, or one like 2.*")
@click.option("--name", default="", help="The training job name; made from the model's name without it.")
@click.option(
    "--data", metavar="URI", help="S3 URI of the training data; without it, or `default`: the model's own dataset."
)
@click.option("--instance", metavar="TYPE", help="The instance type.")
@settings_option
@click.option("-o", "--output", "path", type=RUN_FILE, help="Write to this file instead of stdout.")
@click.option("--force", is_flag=True, help="Overwrite the file.")
@global_options
@click.pass_context
def plan(
    context: click.Context,
    model_id: str,
    model_version: str,
    name: str,
    data: str | None,
    instance: str | None,
    settings: tuple[str, ...],
    path: Path | None,
    force: bool,
) -> None:
    """Write a run file with defaults for MODEL."""
    if name and not GRAMMAR.fullmatch(name):
        offer = f"Use {suggest(name)!r}, for example." if suggest(name) else ""
        raise usage("BadName", f"{name!r} is no job name: 1 to 63 letters, digits and hyphens.", offer)
    services = open_services(context)
    run, spec = services.first_run(model_id, model_version, name)
    run = replace(
        run,
        data={"training": str(S3Uri.parse(data))} if data and data != DEFAULT_DATA else {},
        instance=replace(run.instance, type=instance or run.instance.type),
        hyperparameters={**run.hyperparameters, **dict(map(setting, settings))},
    )
    if instance:
        refuse_unknown_type(instance, spec)
    if settings:
        refuse_wrong(run, spec)
    if path is None and options_of(context).json:
        print_json(run_document(run))
        return
    _write_run_file(context, dump_run(run) + _other_hyperparameters(run, spec), run, path, force=force)


def _write_run_file(context: click.Context, text: str, run: Run, path: Path | None, *, force: bool) -> None:
    if path is None:
        click.echo(text, nl=False)
        return
    save_text(path, text, overwrite=force)
    if options_of(context).json:
        print_json({"path": str(path), **run_document(run)})
    else:
        say(for_target(f"Wrote {path}. Next: jsft check {path}", options_of(context)))


def _other_hyperparameters(run: Run, spec: ModelSpec) -> str:
    others = [declared for declared in spec.algorithm_hyperparameters if declared.name not in run.hyperparameters]
    if not others:
        return ""
    lines = [f"#   {d.name}: {d.default_text}" + (f"  # {d.allowed}" if d.allowed else "") for d in others]
    return "\n".join(["# Further hyperparameters of this model, with their defaults:", *lines, ""])


def read_run(path: Path) -> Run:
    """The run of a run file.

    Raises:
        Problem: the file cannot be read, or is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        remedy = "Make one with: jsft plan MODEL -o run.yaml"
        raise usage("BadRunFile", f"the run file {path} cannot be read: {why}.", remedy) from error
    return parse_run(text)


@click.command()
@click.argument("path", metavar="RUN.yaml", type=RUN_FILE)
@global_options
@click.pass_context
def check(context: click.Context, path: Path) -> None:
    """Preflight: will this run, and what can it cost? Exit 3 when it would be paid for in vain."""
    run = read_run(path)
    services = open_services(context)
    as_json = options_of(context).json
    plan_ = services.plan(run)
    findings: list[Finding] = []
    is_watched = sys.stdout.isatty() and not as_json
    for finding in services.preflight.run(plan_):
        findings.append(finding)
        if is_watched:
            _print_finding(finding, options_of(context))
    if as_json:
        print_json(check_document(findings, _bound(services, plan_)))
    else:
        # Nobody watches them come in: the worst come first, as a lint has them.
        for finding in [] if is_watched else sorted(findings, key=lambda each: each.level.badness):
            _print_finding(finding, options_of(context))
        say(_summary(findings, _bound(services, plan_)))
    if verdict(finding.level for finding in findings) is Level.BLOCK:
        context.exit(EXIT_CODES[ProblemKind.BLOCKED])


def _bound(services: Services, plan_: Plan) -> float | None:
    return max_cost(plan_.run.instance, services.prices.table())


def _print_finding(finding: Finding, options: GlobalOptions) -> None:
    remedy = for_target(finding.remedy, options)
    for line in finding_lines(finding.level, finding.check, finding.message, remedy):
        click.echo(line)


def _summary(findings: Sequence[Finding], bound: float | None) -> str:
    """How many there are of each level, and of which checks: they stand far up when there are many that pass."""
    found = {level: [finding.check for finding in findings if finding.level is level] for level in Level}
    blocks, warnings, unknown = found[Level.BLOCK], found[Level.WARN], found[Level.UNKNOWN]
    parts = [
        _of(plural(len(blocks), "finding blocks", "findings block") if blocks else "nothing blocks", blocks),
        _of(plural(len(warnings), "warning"), warnings),
        _of(f"{len(unknown)} unknown", unknown),
    ]
    return f"{', '.join(parts)}; at most {dollars(bound)}."


def _of(count: str, checks: Sequence[str]) -> str:
    return f"{count} ({', '.join(dict.fromkeys(checks))})" if checks else count


@click.command()
@click.argument("path", metavar="RUN.yaml", type=RUN_FILE)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Print the exact CreateTrainingJob request and stop.")
@click.option("--follow", is_flag=True, help="Watch it to its end.")
@global_options
@click.pass_context
def launch(context: click.Context, path: Path, yes: bool, dry_run: bool, follow: bool) -> None:
    """Launch a run, once: launching the same file again finds the job instead of paying twice."""
    run = read_run(path)
    services = open_services(context)
    plan_ = services.plan(run)
    if dry_run:
        print_json(checked_request(plan_))
        return
    launched = launch_plan(services, plan_, context, assume_yes=yes)
    if follow:
        _follow_to_end(services, launched.name, as_json=options_of(context).json)
    elif options_of(context).json:
        print_json({"name": launched.name, "arn": launched.arn, "existed": launched.existed})
    else:
        click.echo(launched.arn)
        say(for_target(f"Watch it: jsft logs {launched.name} --follow", options_of(context)))


def launch_plan(services: Services, plan_: Plan, context: click.Context, *, assume_yes: bool) -> Launched:
    """Check, ask and launch; a job of this very run that exists already is found instead.

    Raises:
        Problem: preflight blocks, nobody could be asked, or AWS refused.
    """
    cleared = services.launch_guard.clear(plan_, _say_doubt)
    if isinstance(cleared, Launched):
        say(_found_again(cleared))
        return cleared
    if not assume_yes:
        _confirm(cleared, services, plan_, context)
    launched = services.launch_guard.launch(cleared)
    say(f"Launched {launched.name} ({services.target.label}).")
    return launched


def _say_doubt(finding: Finding) -> None:
    if finding.level in (Level.WARN, Level.UNKNOWN):
        say(f"{level_word(finding.level)} {finding.check}: {clean(finding.message)}")


def _found_again(launched: Launched) -> str:
    ended = JobStatus.parse(launched.status)
    again = " To run it once more, give it another name." if ended.is_final else ""
    return f"{launched.name} was launched before ({launched.status}); nothing is launched now.{again}"


def _confirm(cleared: Cleared, services: Services, plan_: Plan, context: click.Context) -> None:
    if not sys.stdin.isatty() or options_of(context).json:
        raise usage("NotConfirmed", "launching asks for confirmation, and there is nobody to ask.", "Add --yes.")
    choice = plan_.run.instance
    say(f"{plan_.run.name}: {choice.count} x {choice.type}, at most {dollars(cleared.bound)}, {services.target.label}.")
    asked = cleared.confirmation
    if asked.is_typed:
        question = f"Type the whole dollars ({asked.whole_dollars}) to launch"
        agreed = asked.accepts(answer(question, NOT_LAUNCHED))
    else:
        agreed = agrees("Launch?", NOT_LAUNCHED)
    if not agreed:
        raise usage("NotConfirmed", "not launched.", "")


def _follow_to_end(services: Services, name: str, *, as_json: bool) -> None:
    job = follow_job(services, name, say if as_json else click.echo)
    if as_json:
        print_json(job_document(job, services.jobs.metrics(job), services.prices.table(), time.time()))
    else:
        print_output(job, services)
    if problem := ended_badly(job):
        if as_json:
            raise click.exceptions.Exit(EXIT_CODES[problem.kind])
        raise problem


@click.command()
@click.argument("path", metavar="RUN.yaml", type=RUN_FILE, required=False)
@click.option("--job", "name", metavar="NAME", help="A job that ran, whoever made it, instead of a run file.")
@click.option(
    "--as",
    "form",
    type=click.Choice(list(export_formats())),
    default="json",
    show_default=True,
    help="The language.",
)
@global_options
@click.pass_context
def export(context: click.Context, path: Path | None, name: str | None, form: str) -> None:
    """Write the CreateTrainingJob request of a run, or of a past job, as code."""
    if (path is None) == (name is None):
        raise usage(
            "BadUsage", "export takes a run file, or --job NAME.", "For example: jsft export run.yaml --as boto3"
        )
    run = read_run(path) if path is not None else None
    services = open_services(context)
    request = checked_request(services.plan(run)) if run is not None else past_request(services.jobs.get(name or ""))
    text = export_formats()[form].write(request, services.target.region)
    if options_of(context).json:
        print_json({"form": form, "text": text})
    else:
        click.echo(text, nl=False)


@click.command()
@click.argument("name")
@click.option("-o", "--output", "path", type=RUN_FILE, help="Write to this file instead of stdout.")
@click.option("--force", is_flag=True, help="Overwrite the file.")
@click.option("--fix", is_flag=True, help="Apply the remedy for what made the job fail, and say what it changes.")
@click.option("--continue", "continue_from", is_flag=True, help="Go on from the job's model (incremental training).")
@global_options
@click.pass_context
def clone(context: click.Context, name: str, path: Path | None, force: bool, fix: bool, continue_from: bool) -> None:
    """Write a JumpStart job that ran, whoever made it, as a run file (under a new name).

    What a run file has no word for is left out, and said.
    """
    if fix and continue_from:
        why = "--fix and --continue exclude each other: a job that failed left no model."
        raise usage("BadUsage", why, "Use one of them.")
    services = open_services(context)
    if fix:
        fixed = services.fixed_clone(name)
        say(f"Changed: {fixed.change}")
        run, note = fixed.run, fixed.note
    else:
        cloned = services.continued(name) if continue_from else services.clone(name)
        run, note = cloned.run, cloned.note
    if note:
        say(note)
    if continue_from:
        say(f"Goes on from {run.model.artifact}. {SAME_CLASSES}.")
    if path is None and options_of(context).json:
        print_json(run_document(run))
        return
    _write_run_file(context, dump_run(run), run, path, force=force)


COMMANDS = {"plan": plan, "check": check, "launch": launch, "export": export, "clone": clone}

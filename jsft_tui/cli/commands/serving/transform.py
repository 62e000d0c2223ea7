"""`jsft transform`."""

from __future__ import annotations

import time

import click

from jsft_tui.cli.console.output import out, print_json, say
from jsft_tui.cli.console.prompts import confirm, require_person
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import global_options
from jsft_tui.cli.results.deploy_findings import print_dry_run, print_findings
from jsft_tui.cli.results.transform_output import follow_transform
from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.text import dollars
from jsft_tui.core.serving.cost import endpoint_cost
from jsft_tui.core.serving.transform.request import MAX_PAYLOAD_MB, Split, Strategy, Transform, TransformPlan
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.preflight.run import refuse_blocked
from jsft_tui.services.serving.transforming import transform_plan_document
from jsft_tui.services.session.services import Services


@click.command("transform")
@click.argument("job")
@click.argument("data", metavar="INPUT")
@click.argument("output", metavar="OUTPUT")
@click.option("--instance", "instance_type", default="", metavar="TYPE", help="Instance type; else the model's own.")
@click.option("--count", type=click.IntRange(1), default=1, show_default=True, help="Number of instances.")
@click.option("--name", default="", help="Name of the transform job; else one that its choices decide.")
@click.option("--content-type", default="", metavar="TYPE", help="Of the data; else what the model's task takes.")
@click.option("--accept", default="", metavar="TYPE", help="Of the answers.")
@click.option("--split", type=click.Choice(["none", "line"]), help="What a record is: an object, or a line of it.")
@click.option("--single/--multi", "single", default=None, help="One record a request, or many.")
@click.option("--max-payload", type=click.IntRange(0, MAX_PAYLOAD_MB), metavar="MB", help="The largest request.")
@click.option("-f", "--follow", is_flag=True, help="Follow it until it ends, then delete the model that it used.")
@click.option("--keep-model", is_flag=True, help="With --follow: keep the model.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.option("--dry-run", is_flag=True, help="Make the checks, print the exact requests and stop.")
@global_options
@click.pass_context
def command(
    context: click.Context,
    job: str,
    data: str,
    output: str,
    instance_type: str,
    count: int,
    name: str,
    content_type: str,
    accept: str,
    split: str | None,
    single: bool | None,
    max_payload: int | None,
    follow: bool,
    keep_model: bool,
    yes: bool,
    dry_run: bool,
) -> None:
    """Predict many examples, without an endpoint (batch transform).

    INPUT is an object or a prefix in S3, OUTPUT the prefix of the answers: one object for each one that is read, with
    `.out` at the end of its name. Its instances run, and cost, until all is predicted. The same command again finds
    the job instead of starting a second one; another --name starts one.

    Exit code 3 when a check blocks; with --follow 5 when it fails.
    """
    services = open_services(context)
    wanted = Transform(
        S3Uri.parse(data),
        S3Uri.parse(output),
        instance_type,
        count,
        name,
        content_type=content_type,
        accept=accept,
        split=None if split is None else Split.LINE if split == "line" else Split.NONE,
        strategy=None if single is None else Strategy.SINGLE if single else Strategy.MULTI,
        max_payload_mb=max_payload,
    )
    plan = services.transforming.plan(services.jobs.get(job), wanted, time.time())
    findings = services.transforming.check(plan)
    if dry_run:
        print_dry_run(context, findings, transform_plan_document(plan))
        return
    if not options_of(context).json:
        print_findings(findings)
    refuse_blocked(findings)
    if not yes:
        _confirm(context, services, plan)
    created = services.transforming.send(plan).created
    if follow:
        follow_transform(context, services, plan.name, keep_model=keep_model)
    elif options_of(context).json:
        print_json({"name": plan.name, "created": list(created)})
    else:
        out(plan.name)
        say(f"Created: {', '.join(created)}." if created else "It was there already.")
        say(f"Follow it: jsft transforms {plan.name} --follow")


def _confirm(context: click.Context, services: Services, plan: TransformPlan) -> None:
    require_person(as_json=options_of(context).json)
    chosen = plan.deploy.deployment
    cost = endpoint_cost(chosen.instance_type, chosen.count, services.hosting_prices.table()).per_hour
    price = "cost unknown" if cost is None else f"{dollars(cost)}/h until all is predicted"
    what = f"{plan.transform.data} to {plan.transform.output}, {chosen.count} x {chosen.instance_type}, {price}"
    if not confirm(f"{plan.name}: {what}. Start?", "Nothing was started."):
        raise usage("NotConfirmed", "not started.", "")

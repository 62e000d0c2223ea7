"""`jsft try`."""

from __future__ import annotations

import click

from jsft_tui.cli.console.output import out, print_json, print_lines, say, table
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import global_options
from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.serving.documents import answer_document, call_document
from jsft_tui.core.serving.invoke.payloads import parameter
from jsft_tui.services.serving.trying import Given, Tried, TryTarget
from jsft_tui.services.session.asking import answers_of_job
from jsft_tui.services.session.services import Services


@click.command("try")
@click.argument("name")
@click.argument("item", metavar="[INPUT]", required=False)
@click.option(
    "--parameter", "parameters", metavar="NAME=VALUE", multiple=True, help="Of a generation; can be repeated."
)
@click.option("--content-type", default="", metavar="TYPE", help="Send INPUT as this, whatever the model's task takes.")
@click.option("--raw", is_flag=True, help="Print the answer of the endpoint as it came.")
@global_options
@click.pass_context
def command(
    context: click.Context, name: str, item: str | None, parameters: tuple[str, ...], content_type: str, raw: bool
) -> None:
    """Ask an endpoint, or in the sandbox the model of a job.

    NAME is an endpoint; without an endpoint of that name a job of the sandbox, whose model needs no endpoint.

    INPUT is a text, the features of a row as comma-separated values, a prompt, or a file (of a picture, of rows, of a
    JSON document), depending on the model's task. Two texts (sentence pairs, a question and its context) have a |
    between them. Without INPUT an endpoint is sent the example of its model.
    Put an INPUT that begins with a minus after two of them: jsft try NAME -- -1,2

    An answer has labels with a probability from 0 to 1, texts, or numbers. For a job of the sandbox the number is, of a
    written text, the probability of its tokens on average; for a predicted number the share of the validation rows
    that were within that error; for similar texts the cosine.
    """
    services, chosen = open_services(context), dict(map(parameter, parameters))
    target = services.trying.find(name)
    if target is None:
        _ask_job(context, services, name, item, is_endpoint_wanted=bool(raw or content_type or chosen))
        return
    tried = _ask_endpoint(services, target, None if item is None else Given(item, chosen, content_type))
    _print(context, tried, raw=raw)


def _ask_endpoint(services: Services, target: TryTarget, given: Given | None) -> Tried:
    trying = services.trying
    invocation = trying.example_for(target) if given is None else trying.payload_for(target, given)
    return trying.invoke(target, invocation)


def _print(context: click.Context, tried: Tried, *, raw: bool) -> None:
    answer, as_json = tried.answer, options_of(context).json
    if as_json and raw:
        print_json(call_document(tried.name, tried.invocation, answer.raw, tried.seconds))
        return
    if as_json:
        print_json(answer_document(answer))
        return
    if raw or not answer.is_understood:
        print_lines(answer.raw.splitlines())
    elif all(line.probability is not None for line in answer.lines):
        table(("PROBABILITY", "LABEL"), [(f"{line.probability:.4f}", line.label) for line in answer.lines], right=(0,))
    else:
        for line in answer.lines:
            out(f"{line.label}: " if line.label else "", line.text)
    say(f"{tried.name} answered in {tried.seconds * 1000:,.0f} ms.")


def _ask_job(
    context: click.Context, services: Services, name: str, item: str | None, *, is_endpoint_wanted: bool
) -> None:
    if not services.target.sandbox:
        remedy = f"List them: jsft endpoints. A job's model is deployed first: jsft deploy {name}"
        raise Problem("NoSuchEndpoint", f"there is no endpoint {name!r} in {services.target.region}.", remedy)
    if is_endpoint_wanted:
        why = f"there is no endpoint {name!r}, and a job's model is asked without a content type or parameters."
        raise usage("NoSuchEndpoint", why, f"Deploy it: jsft deploy {name}")
    if item is None:
        raise usage("NoItem", "there is nothing to ask the model about.", f'For example: jsft try {name} "A sentence."')
    labels = answers_of_job(services, name, item)
    if options_of(context).json:
        print_json([{"label": label, "probability": probability} for label, probability in labels])
    else:
        table(("PROBABILITY", "LABEL"), [(f"{each:.4f}", label) for label, each in labels], right=(0,))

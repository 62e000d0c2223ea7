"""A request as a shell script with the AWS CLI."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from jsft_tui.core.common.escapes import json_escape
from jsft_tui.core.request.export.export_format import NO_FILES, ExportFormat
from jsft_tui.core.request.export.json_request import json_request
from jsft_tui.core.request.export.resource import resource_of

_SCRIPT = """\
#!/usr/bin/env bash
# Launches one SageMaker {noun} and prints its ARN. Written by jsft.
# Job names are used once in an account and region: to run it again, change {name}.
set -euo pipefail

launch() {{
  aws sagemaker {command} \\
    --region {region} \\
    --query {arn} \\
    --output text \\
    --cli-input-json "$(cat)"
}}

{files}launch <<'JSON'
{request}JSON
"""


def aws_cli_script(request: Mapping[str, Any], region: str, files: Mapping[str, str] = NO_FILES) -> str:
    """Write a bash script, for any version of bash.

    The here-document is quoted, so the shell expands nothing in it, and none of its lines can end it early: JSON
    has no line end inside a value. It is given to a function because bash before 4 (macOS has 3.2) misreads
    apostrophes in a here-document inside `$(...)`.
    """
    launched = resource_of(request)
    return _SCRIPT.format(
        region=shlex.quote(region),
        request=json_request(request),
        files="".join(_put(uri, text, region) for uri, text in files.items()),
        noun=launched.noun,
        name=launched.name,
        command=launched.command,
        arn=launched.arn,
    )


def _put(uri: str, text: str, region: str) -> str:
    """Return the command that writes a file to S3; none of its lines may be the word that ends it."""
    end = "RECIPE"
    while end in text.splitlines():
        end += "_"
    return (
        f"aws s3 cp - {shlex.quote(uri)} --region {shlex.quote(region)} --only-show-errors <<'{end}'\n{text}{end}\n\n"
    )


EXPORT = ExportFormat("awscli", 30, "Shell script with the AWS CLI", ".sh", aws_cli_script, json_escape)

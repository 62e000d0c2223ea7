"""A request as a Python program with boto3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsft_tui.core.request.export.export_format import NO_FILES, ExportFormat
from jsft_tui.core.request.export.python_source import (
    Group,
    broken,
    files_constant,
    literal,
    put_files,
    text_literal,
)
from jsft_tui.core.request.export.resource import resource_of

_PROGRAM = '''\
"""Launches one SageMaker {noun} and prints its ARN. Written by jsft.

Job names are used once in an account and region: to run it again, change {name}.
"""

import boto3

REGION = {region}

REQUEST = {request}
{files}

def main() -> None:
{put}    sagemaker = boto3.client("sagemaker", region_name=REGION)
    answer = sagemaker.{method}(**REQUEST)
    print(answer["{arn}"])


if __name__ == "__main__":
    main()
'''


def boto3_program(request: Mapping[str, Any], region: str, files: Mapping[str, str] = NO_FILES) -> str:
    """Write a program for Python 3 with boto3."""
    source = literal(request)
    text = broken(source) if isinstance(source, Group) else source
    launched = resource_of(request)
    return _PROGRAM.format(
        region=text_literal(region),
        request=text,
        files=files_constant(files),
        put=put_files(files),
        noun=launched.noun,
        name=launched.name,
        method=launched.method,
        arn=launched.arn,
    )


EXPORT = ExportFormat("boto3", 10, "Python with boto3", ".py", boto3_program)

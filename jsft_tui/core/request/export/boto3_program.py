"""A request as a Python program with boto3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsft_tui.core.request.export.export_format import ExportFormat
from jsft_tui.core.request.export.python_source import Group, broken, literal, text_literal

_PROGRAM = '''\
"""Launches one SageMaker training job and prints its ARN. Written by jsft.

Job names are used once in an account and region: to run it again, change TrainingJobName.
"""

import boto3

REGION = {region}

REQUEST = {request}


def main() -> None:
    sagemaker = boto3.client("sagemaker", region_name=REGION)
    answer = sagemaker.create_training_job(**REQUEST)
    print(answer["TrainingJobArn"])


if __name__ == "__main__":
    main()
'''


def boto3_program(request: Mapping[str, Any], region: str) -> str:
    """Write a program for Python 3 with boto3."""
    source = literal(request)
    text = broken(source) if isinstance(source, Group) else source
    return _PROGRAM.format(region=text_literal(region), request=text)


EXPORT = ExportFormat("boto3", 10, "Python with boto3", ".py", boto3_program)

"""A CreateTrainingJob request as a program that a person would commit: one module per form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from jsft_tui.core.request.export.aws_cli import aws_cli_script
from jsft_tui.core.request.export.boto3_program import boto3_program
from jsft_tui.core.request.export.json_request import json_request
from jsft_tui.core.request.export.sagemaker_program import sagemaker_program


class ExportForm(Enum):
    """What a request can be written as; the value is the word of `jsft export --as`."""

    BOTO3 = "boto3"
    """A Python program with boto3."""
    SAGEMAKER = "sagemaker"
    """A Python program with the SageMaker Python SDK v3 (sagemaker-core)."""
    AWSCLI = "awscli"
    """A shell script with the AWS CLI."""
    JSON = "json"
    """The request alone."""

    @property
    def suffix(self) -> str:
        """What a file of this form ends with."""
        return _SUFFIXES[self]


def export(request: Mapping[str, Any], region: str, form: ExportForm) -> str:
    """The request as text of the form, with a line end at its end.

    Every program makes the same CreateTrainingJob call in the region, with the credentials of whoever runs it, and
    prints the job's ARN. Values are escaped for the language; characters that cannot be seen (controls,
    bidirectional overrides) are written as escapes.
    """
    return _WRITERS[form](request, region)


_SUFFIXES = {
    ExportForm.BOTO3: ".py",
    ExportForm.SAGEMAKER: ".py",
    ExportForm.AWSCLI: ".sh",
    ExportForm.JSON: ".json",
}
_WRITERS: Mapping[ExportForm, Callable[[Mapping[str, Any], str], str]] = {
    ExportForm.BOTO3: boto3_program,
    ExportForm.SAGEMAKER: sagemaker_program,
    ExportForm.AWSCLI: aws_cli_script,
    ExportForm.JSON: lambda request, _region: json_request(request),
}

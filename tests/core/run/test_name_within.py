"""The name in the ARN or the console's address of a job."""

from __future__ import annotations

import pytest

from jsft_tui.core.run.name import name_within

CONSOLE = "https://us-west-2.console.aws.amazon.com/sagemaker/home?region=us-west-2#"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("arn:aws:sagemaker:us-west-2:123456789012:training-job/flowers-1", "flowers-1"),
        ("arn:aws-us-gov:sagemaker:us-gov-west-1:123456789012:hyper-parameter-tuning-job/search", "search"),
        (f"{CONSOLE}/jobs/flowers-1", "flowers-1"),
        (f"{CONSOLE}/hyper-tuning-jobs/search", "search"),
        ("flowers-1", ""),
        ("a b", ""),
        ("arn:aws:sagemaker:us-west-2:123456789012:model/flowers-1", ""),
        ("s3://bucket/jobs/x y", ""),
    ],
)
def test_the_name_is_read_out_of_what_the_console_shows(text: str, name: str) -> None:
    assert name_within(text) == name

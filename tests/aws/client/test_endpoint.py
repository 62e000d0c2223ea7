"""An endpoint that no request can go to is named with the variable that it comes from."""

from __future__ import annotations

import pytest

from jsft_tui.aws.client.http.endpoint import check_endpoint
from jsft_tui.core.common.errors import Problem
from tests.common.home import Home

BAD = ["http://a:1 ", "http://a b", "ftp://a", "a:80", "http://", "http://[::1", "http://a:99999", "http://a:0", "ä://"]


@pytest.mark.parametrize("url", BAD)
def test_the_command_line_names_the_variable(home: Home, url: str) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": "us-west-2"}
    for words in (("s3", "ls"), ("jobs",)):
        outcome = home.jsft(*words, target=None, AWS_ENDPOINT_URL=url, **keys)
        assert outcome.code == 2, outcome
        assert "AWS_ENDPOINT_URL" in outcome.err.splitlines()[0]


def test_the_variable_of_a_service_is_named() -> None:
    with pytest.raises(Problem) as error:
        check_endpoint("http://x:1 ", {"AWS_ENDPOINT_URL": "http://y", "AWS_ENDPOINT_URL_S3": "http://x:1 "})
    assert error.value.remedy == "Correct AWS_ENDPOINT_URL_S3."


def test_without_a_variable_it_is_the_profiles() -> None:
    with pytest.raises(Problem, match="endpoint_url of the profile"):
        check_endpoint("http://x:1 ", {})


@pytest.mark.parametrize("url", ["http://127.0.0.1:5000", "https://s3.us-west-2.amazonaws.com", "http://[::1]:80/x"])
def test_a_good_endpoint_passes(url: str) -> None:
    check_endpoint(url)

"""Fixtures of the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.common.servers.sagemaker_server import sagemaker_server
from tests.services.serving.deploys import Place


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """An account on a server of its own."""
    with sagemaker_server() as url:
        yield Place(url, tmp_path)

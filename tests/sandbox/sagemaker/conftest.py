"""Fixtures of the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.sagemaker.training_bench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A runner with a store of its own, without a server."""
    bench = Bench(tmp_path)
    yield bench
    bench.close()

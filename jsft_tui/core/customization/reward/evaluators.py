"""Evaluators: documents in a hub that name a reward function or hold a judge's prompt."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EvaluatorFacts:
    """Whether an evaluator exists, and the ARN of the Lambda function that it names."""

    exists: bool
    function: str = ""

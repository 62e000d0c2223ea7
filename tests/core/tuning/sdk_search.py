"""Print what the SageMaker SDK v2 would send for searches: run by a Python that has it, offline.

Reads a list of `{model, version, estimator, fit, tuner}` on stdin and writes a list of requests.
"""

from __future__ import annotations

from typing import Any
from unittest import mock

from tests.common.sdk_v2.offline import session, write_answers


def parameter(tried: Any) -> Any:
    from sagemaker.parameter import CategoricalParameter, ContinuousParameter, IntegerParameter

    if isinstance(tried, list):
        return CategoricalParameter(tried)
    kind = IntegerParameter if isinstance(tried["min"], int) and isinstance(tried["max"], int) else ContinuousParameter
    return kind(tried["min"], tried["max"], tried.get("scale", "Auto"))


def search(case: dict[str, Any]) -> dict[str, Any]:
    from sagemaker.jumpstart.estimator import JumpStartEstimator
    from sagemaker.tuner import (
        HyperbandStrategyConfig,
        HyperparameterTuner,
        StrategyConfig,
        TuningJobCompletionCriteriaConfig,
        WarmStartConfig,
        WarmStartTypes,
    )

    client = mock.MagicMock()
    estimator = JumpStartEstimator(
        model_id=case["model"], model_version=case["version"], sagemaker_session=session(client), **case["estimator"]
    )
    tuner = dict(case["tuner"])
    if warm := tuner.pop("warm_start", None):
        tuner["warm_start_config"] = WarmStartConfig(WarmStartTypes[warm["type"]], set(warm["from"]))
    if done := tuner.pop("completion", None):
        tuner["completion_criteria_config"] = TuningJobCompletionCriteriaConfig(**done)
    ranges = {name: parameter(tried) for name, tried in tuner.pop("ranges", {}).items()}
    if hyperband := tuner.pop("hyperband", None):
        tuner["strategy_config"] = StrategyConfig(HyperbandStrategyConfig(**hyperband))
    tuner.setdefault("metric_definitions", estimator.metric_definitions)
    asked = HyperparameterTuner(estimator, hyperparameter_ranges=ranges or None, **tuner)
    asked.fit(case["fit"], job_name="search", wait=False)
    sent: dict[str, Any] = client.create_hyper_parameter_tuning_job.call_args.kwargs
    return sent


if __name__ == "__main__":
    write_answers(search)

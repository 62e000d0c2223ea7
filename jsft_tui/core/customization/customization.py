"""Define what a run says about its customization."""

from __future__ import annotations

from dataclasses import dataclass

from jsft_tui.core.catalog.technique import Adapter, Technique

SERVERLESS = "serverless"
"""Stands for the instance type in a run whose instances SageMaker chooses itself."""

SERVERLESS_RUNTIME = 86_400
"""Seconds: the time limit of a serverless job that names none (SDK, `SFTTrainer.stopping_condition`)."""


@dataclass(frozen=True)
class Customization:
    """The choices of a customization beside model, data and hyperparameters.

    Attributes:
        technique: SFT, DPO, RLVR or RLAIF.
        adapter: LoRA, or full for all weights.
        sequence_length: selects a recipe of this length (`4K`) and is sent; empty for the first that fits.
        model_package_group: name or ARN of the group in which the tuned model is registered.
        source_model_package: ARN of a tuned model to continue from; empty to start from the base model.
        mlflow_app: ARN of the MLflow app that records the metrics; empty for none.
        mlflow_experiment, mlflow_run: names there.
        evaluator: ARN of a hub JsonDoc: the reward function of RLVR, the judge's prompt of RLAIF.
        judge_model: id of the Bedrock model that judges answers (RLAIF); empty for the recipe's default.
    """

    technique: Technique
    adapter: Adapter = Adapter.LORA
    sequence_length: str = ""
    model_package_group: str = ""
    source_model_package: str = ""
    mlflow_app: str = ""
    mlflow_experiment: str = ""
    mlflow_run: str = ""
    evaluator: str = ""
    judge_model: str = ""

    @property
    def title(self) -> str:
        """Return technique, adapter and length."""
        return " ".join(filter(None, (self.technique.value, self.adapter.value, self.sequence_length)))

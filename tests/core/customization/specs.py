"""A small artificial model with recipes, and runs of it."""

from __future__ import annotations

from typing import Any

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.catalog.technique import Adapter, Technique
from jsft_tui.core.customization.customization import SERVERLESS, SERVERLESS_RUNTIME, Customization
from jsft_tui.core.customization.recipes.choice import choose_recipe, recipe_spec
from jsft_tui.core.customization.recipes.parameters import parse_parameters
from jsft_tui.core.run.run import InstanceChoice, ModelChoice, Run

MODEL = "huggingface-reasoning-tiny"
GROUP = "my-models"
ROLE = "arn:aws:iam::123456789012:role/Train"
SKU = "USW2-ServerlessTraining:FineTuning"
EVALUATOR = "arn:aws:sagemaker:us-west-2:123456789012:hub-content/hub/JsonDoc/reward/1.0.0"


def recipe(technique: str, peft: str | None, length: str = "4K", **fields: Any) -> dict[str, Any]:
    """An entry of `recipe_collection`."""
    name = "-".join(filter(None, (technique, peft, length))).lower()
    return {
        "name": name,
        "type": "FineTuning",
        "customization_technique": technique,
        "sequence_length": length,
        "supported_instance_types": ["ml.g5.12xlarge"],
        "instance_count": 1,
        "serverless_metering_type": "Hourly" if technique.startswith("RL") else "Token-based",
        "smtj_override_params_s3_key": f"recipes/{name}.json",
        "smtj_recipe_template_s3_key": f"recipes/{name}.yaml",
        "regional_parameters": {
            "prod": {
                "us-west-2": {"serverless_sku": f"{SKU}-{name}", "smtj_regional_ecr_uri": "image:1"},
                "eu-west-1": {"smtj_regional_ecr_uri": "image:1"},
                "eu-west-3": {"inference": "image:2"},
            }
        },
        **({"peft": peft} if peft else {}),
        **fields,
    }


RECIPES = [recipe(technique, peft) for technique in ("DPO", "SFT", "RLVR", "RLAIF") for peft in ("LORA", None)]


def number(default: float, low: float, high: float) -> dict[str, Any]:
    """The declaration of a number."""
    kind = "integer" if isinstance(default, int) else "float"
    return {"type": kind, "default": default, "min": low, "max": high, "category": "hyperparameter"}


PARAMETERS: dict[str, Any] = {
    "name": {"type": "string", "required": True, "default": "job"},
    "data_path": {"type": "string", "default": ""},
    "output_path": {"type": "string", "default": ""},
    "results_directory": {"type": "string", "default": ""},
    "max_epochs": number(5, 1, 100),
    "global_batch_size": {"type": "integer", "default": 8, "enum": [8, 16, 32], "category": "hyperparameter"},
    "learning_rate": number(0.0001, 5e-07, 0.0001),
    "merge_weights": {"type": "boolean", "default": True, "category": "hyperparameter", "description": "Merge."},
    "train_val_split_ratio": number(0.9, 0.0, 1.0),
    "dataset_max_len": number(4096, 256, 131072),
    "resume_from_path": {"type": "string", "default": None},
}
REWARD_PARAMETERS: dict[str, Any] = {
    **PARAMETERS,
    "preset_reward_function": {"type": "string", "default": "", "enum": ["", "gsm8k"], "category": "hyperparameter"},
    "reward_lambda_arn": {"type": "string", "default": ""},
    "judge_model_id": {"type": "string", "default": "bedrock/a", "category": "hyperparameter"},
    "judge_prompt_template": {"type": "string", "default": "cot.jinja", "category": "hyperparameter"},
    "max_prompt_length": number(1024, 512, 16384),
    "max_response_length": number(2048, 512, 16384),
}


def recipe_model(**fields: Any) -> ModelSpec:
    """A model with recipes only."""
    data = {"model_id": MODEL, "version": "1.2.3", "recipe_collection": RECIPES, **fields}
    return ModelSpec.parse(data)


def customized(technique: Technique = Technique.SFT, adapter: Adapter = Adapter.LORA, **fields: Any) -> ModelSpec:
    """The model as a recipe trains it."""
    wanted, spec = Customization(technique, adapter), recipe_model(**fields)
    parameters = REWARD_PARAMETERS if technique.is_reinforcement else PARAMETERS
    return recipe_spec(spec, choose_recipe(spec, wanted), parse_parameters(parameters, technique))


def customization_run(technique: Technique = Technique.SFT, *, choices: Any = None, **fields: Any) -> Run:
    """A serverless run, with some fields replaced; `choices` are those of the customization."""
    wanted = Customization(technique, **{"model_package_group": GROUP, **(choices or {})})
    values: dict[str, Any] = {
        "name": "tiny-sft-1",
        "model": ModelChoice(MODEL, "1.2.3"),
        "instance": InstanceChoice(SERVERLESS, max_runtime=SERVERLESS_RUNTIME),
        "output": "s3://my-output/models",
        "data": {"training": "s3://my-data/train.jsonl"},
        "role": ROLE,
        "customization": wanted,
        **fields,
    }
    return Run(**values)

"""List the models of the sandbox's catalog that are customized by recipes, one row each, and their recipes.

IDs: developer guide, page customizing-models. The recipes of gpt-oss are those of its public spec 3.38.0 (names,
lengths, instance types, metering, usage types); those of the other models follow their pattern.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

TECHNIQUES: Mapping[str, str] = {
    "SFT": "Supervised Fine-Tuning",
    "DPO": "Direct Preference Optimization",
    "RLVR": "GRPO RLVR Fine-Tuning",
    "RLAIF": "GRPO RLAIF Fine-Tuning",
}
TRAINED_HERE = ("SFT", "DPO")
"""Techniques that the sandbox's trainer implements."""

OFFERS = {
    "ap-northeast-1": ("APN1", "356859066553"),
    "eu-west-1": ("EU", "942446708630"),
    "us-east-1": ("USE1", "327873000638"),
    "us-west-2": ("USW2", "920498770698"),
}
"""Regions that offer customizations: prefix of usage types, and account of the images (spec of gpt-oss-20b 3.38.0)."""
_HYPERPOD_IMAGES = {"SFT": "llmft-v1.0.0", "DPO": "llmft-v1.0.0"}
_VERL_IMAGE = "verl-v1.0.0-smtj"


@dataclass(frozen=True)
class RecipeModel:
    """A model with recipes.

    Attributes:
        model_id: the JumpStart model ID.
        version: the newest version.
        title: its name in the recipes' titles.
        short: its name in the recipes' names.
        url: where the model comes from.
        instances: types of training on instances.
        usd_per_million: made-up price of a million tokens of SFT with LoRA.
        has_script: whether it also has a classical training script; the row in `seed.models` has the rest then.
    """

    model_id: str
    version: str
    title: str
    short: str
    url: str
    instances: tuple[str, ...]
    usd_per_million: float
    has_script: bool = False

    def recipes(self) -> list[Recipe]:
        """Return its recipes: each technique with LoRA and with all weights."""
        return [Recipe(self, technique, has_adapter) for technique in TECHNIQUES for has_adapter in (True, False)]


@dataclass(frozen=True)
class Recipe:
    """One way to customize a model."""

    model: RecipeModel
    technique: str
    has_adapter: bool

    @property
    def name(self) -> str:
        """Its name, by the pattern of those of gpt-oss."""
        end = "lora" if self.has_adapter else "fft"
        if self.technique in TRAINED_HERE:
            short = self.model.short.replace("-", "_")
            name = f"llmft_{short}_seq4k_gpu_{self.technique.lower()}"
            # The public spec has no "lora" in the name of the DPO recipe.
            return name if (self.technique, end) == ("DPO", "lora") else f"{name}_{end}"
        return f"verl-grpo-{self.technique.lower()}-{self.model.short}-{end}"

    @property
    def parameters_key(self) -> str:
        """Key of its override parameters in the content bucket."""
        return f"recipes/{self.name}_override_params_sm_jobs_v1.0.0.json"

    @property
    def template_key(self) -> str:
        """Key of its template for training jobs."""
        return f"recipes/{self.name}_payload_template_sm_jobs_v1.0.0.yaml"

    @property
    def is_hourly(self) -> bool:
        """Whether it is billed by the hour instead of by tokens."""
        return self.technique not in TRAINED_HERE

    def usage_type(self, region: str) -> str:
        """Return the usage type of its price (`serverless_sku`) in a region."""
        kind = "LORA" if self.has_adapter else "FULLRANK"
        return f"{_prefix(region)}-ServerlessTraining:FineTuning-{self.technique}-{kind}-{self.model.model_id}"

    def entry(self, region: str) -> dict[str, Any]:
        """Return its entry in the spec's `recipe_collection`, for the sandbox's region and those that AWS offers."""
        return {
            "name": self.name,
            "display_name": f"{self.model.title} {TECHNIQUES[self.technique]} on GPU",
            "type": "FineTuning",
            "customization_technique": self.technique,
            **({"peft": "LORA"} if self.has_adapter else {}),
            "sequence_length": "1K" if self.technique == "RLVR" else "4K",
            "instance_count": 1,
            "hardware": "GPU",
            "is_subscription_model": False,
            "versions": ["1.0.0"],
            "supported_instance_types": list(self.model.instances),
            "serverless_metering_type": "Hourly" if self.is_hourly else "Token-based",
            "smtj_override_params_s3_key": self.parameters_key,
            "smtj_recipe_template_s3_key": self.template_key,
            "regional_parameters": {"prod": {name: self._offer(name) for name in sorted({*OFFERS, region})}},
            "hosting_configs": [],
            "sandbox_runnable": self.technique in TRAINED_HERE,
        }

    def _offer(self, region: str) -> dict[str, str]:
        account = OFFERS.get(region, ("", "920498770698"))[1]
        tag = _HYPERPOD_IMAGES.get(self.technique, _VERL_IMAGE)
        return {
            "serverless_sku": self.usage_type(region),
            "smtj_regional_ecr_uri": f"{account}.dkr.ecr.{region}.amazonaws.com/hyperpod-recipes:{tag}",
        }


def _prefix(region: str) -> str:
    # Stand-in: the prefix of a region that does not offer customizations; the sandbox's own always does.
    return OFFERS.get(region, (region.upper().replace("-", ""), ""))[0]


_SMALL_GPUS = (
    "ml.g5.12xlarge",
    "ml.g5.48xlarge",
    "ml.g6.12xlarge",
    "ml.g6.48xlarge",
    "ml.g6e.12xlarge",
    "ml.p4d.24xlarge",
)
RECIPE_MODELS: tuple[RecipeModel, ...] = (
    RecipeModel(
        "huggingface-reasoning-qwen3-06b",
        "1.4.0",  # stand-in: no public source for the version
        "Qwen3 0.6B",
        "qwen3-0p6b",
        "https://huggingface.co/Qwen/Qwen3-0.6B",
        _SMALL_GPUS,
        usd_per_million=0.4,
    ),
    RecipeModel(
        "meta-textgeneration-llama-3-2-1b-instruct",
        "1.2.6",
        "Llama 3.2 1B Instruct",
        "llama3-2-1b",
        "https://ai.meta.com/resources/models-and-libraries/llama-downloads/",
        _SMALL_GPUS,
        usd_per_million=0.6,
        has_script=True,
    ),
    RecipeModel(
        "openai-reasoning-gpt-oss-20b",
        "3.38.0",
        "GPT OSS 20B",
        "gpt-oss-20b",
        "https://huggingface.co/openai/gpt-oss-20b",
        ("ml.p5.48xlarge", "ml.p5e.48xlarge", "ml.p5en.48xlarge"),
        usd_per_million=3.0,
    ),
)
"""All of them start from the sandbox's one base model."""
RECIPE_MODEL_IDS: tuple[str, ...] = tuple(model.model_id for model in RECIPE_MODELS)


def recipe_collection(model_id: str, region: str) -> list[dict[str, Any]]:
    """Return the recipes of a model in the form of its spec; empty if it has none."""
    return [recipe.entry(region) for model in RECIPE_MODELS if model.model_id == model_id for recipe in model.recipes()]


def all_recipes() -> Iterator[Recipe]:
    """Yield the recipes of all models."""
    for model in RECIPE_MODELS:
        yield from model.recipes()

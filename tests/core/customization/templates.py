"""Templates of recipe jobs, shaped as the public ones are (aws/sagemaker-hyperpod-recipes), and their parameters."""

from __future__ import annotations

from typing import Any

from jsft_tui.core.catalog.spec.recipe_template import RecipeTemplate
from jsft_tui.core.catalog.technique import Adapter, Technique
from tests.core.customization.specs import PARAMETERS, number

_FIRST = """\
display_name: Tiny on GPU, 4K sequence length
version: 1.2.0
instance_types:
- ml.g5.12xlarge
run:
  name: '{{name}}'
  model_type: llm_finetuning_aws
  results_dir: '{{results_directory}}'
  hf_access_token: null
trainer:
  devices: 8
  num_nodes: 1
training_config:
  mlflow:
    tracking_uri: '{{mlflow_tracking_uri}}'
    run_id: '{{mlflow_run_id}}'
  force_rerun: false
  model_config:
    model_name_or_path: '{{model_name_or_path}}'
    lora_checkpoint_file_path: '{{resume_from_path}}'
"""
_ADAPTER = """\
    peft_config:
      peft_type: lora
      target_modules: all-linear
      r: '{{lora_rank}}'
      lora_alpha: '{{lora_alpha}}'
      lora_dropout: '{{lora_dropout}}'
      use_dora: false
"""
_DATA = """\
    generation_cfg:
      temperature: '{{temperature}}'
      top_p: 0.9
  datasets:
    train_data:
      name: '{{training_data_name}}'
      file_path: '{{data_path}}'
      limit: null
    val_data:
      name: '{{validation_data_name}}'
      file_path: '{{validation_data_path}}'
      limit: null
    train_val_split_ratio: '{{train_val_split_ratio}}'
    preprocessor_cfgs:
    - type: TrainingSampleConverter
      ignore_prompt_labels: true
  training_args:
    trainer_callbacks:
    - _target_: metering_callback.MeteringCallback
      output_path: /opt/ml/metering
    adam_betas:
    - 0.9
    - 0.95
"""
_ARGUMENTS = """\
    training_dir: '{{output_path}}'
    max_epochs: '{{max_epochs}}'
    train_batch_size: '{{global_batch_size}}'
    learning_rate: '{{learning_rate}}'
    lr_scheduler: '{{lr_scheduler}}'
    max_len: '{{dataset_max_len}}'
    gradient_clipping: '{{gradient_clipping}}'
    max_samples: 100000000.0
    grad_accum_dtype: null
    precision: '16'
    use_tensorboard: 'no'
"""
SCALED = """\
scale_config:
  2:
    trainer:
      num_nodes: 2
    training_config:
      training_args:
        learning_rate: 0.0004
"""
"""What some recipes have beside their own values: those of larger clusters."""

_BOTH: dict[str, Any] = {
    **PARAMETERS,
    "model_name_or_path": {"type": "string", "required": True, "default": ""},
    "training_data_name": {"type": "string", "required": True, "default": ""},
    "validation_data_name": {"type": "string", "required": True, "default": ""},
    "validation_data_path": {"type": "string", "required": True, "default": ""},
    "mlflow_tracking_uri": {"type": "string", "default": ""},
    "mlflow_run_id": {"type": "string", "default": ""},
    "temperature": number(0.6, 0.0, 2.0),
    "lr_scheduler": {"type": "string", "default": "cosine", "enum": ["cosine", "constant"]},
    "gradient_clipping": {"type": "boolean", "required": True, "default": True},
    "resume_from_path": {"type": "string", "default": ""},
}
_LORA: dict[str, Any] = {
    "lora_rank": {"type": "integer", "default": 16, "enum": [8, 16, 32]},
    "lora_alpha": {"type": "integer", "default": 32, "enum": [16, 32, 64]},
    "lora_dropout": number(0.05, 0.0, 1.0),
}


def template(technique: Technique = Technique.SFT, adapter: Adapter = Adapter.LORA, more: str = "") -> RecipeTemplate:
    """The template of a recipe."""
    is_dpo, has_adapter = technique is Technique.DPO, adapter is Adapter.LORA
    beta = "    beta: '{{adam_beta}}'\n" if is_dpo else ""
    merging = "    merge_weights: '{{merge_weights}}'\n" if has_adapter else ""
    text = (
        _FIRST + (_ADAPTER if has_adapter else "    peft_config: null\n") + _DATA + beta + merging + _ARGUMENTS + more
    )
    parameters = {
        **_BOTH,
        **({"adam_beta": number(0.1, 0.001, 0.1)} if is_dpo else {}),
        **(_LORA if has_adapter else {}),
    }
    return RecipeTemplate(text, parameters)

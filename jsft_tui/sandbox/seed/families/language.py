"""Hugging Face language models: FLAN-T5, Gemma, Mistral, Falcon and the GPT generation."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.sandbox.seed.base import places
from jsft_tui.sandbox.seed.base.containers import Container
from jsft_tui.sandbox.seed.base.family import Family, Metric, Scripts, ml
from jsft_tui.sandbox.seed.base.parameters import Parameter, choice, flag, real, replaced, whole, words

TRANSFORMERS_4_28 = Container(
    "huggingface",
    "2.0.0",
    "py310",
    "huggingface-pytorch-training",
    gpu_tag="2.0.0-transformers4.28.1-gpu-py310-cu118-ubuntu20.04",
    transformers="4.28.1",
)
_TRANSFORMERS_4_26 = Container(
    "huggingface",
    "1.13.1",
    "py39",
    "huggingface-pytorch-training",
    gpu_tag="1.13.1-transformers4.26.0-gpu-py39-cu117-ubuntu20.04",
    transformers="4.26.0",
)
GATED_FAMILIES = ("g4dn", "g5", "p3dn", "p4d")
"""Instance families with gated weights in the public specs of gemma-2b-instruct and llama-3-1-70b."""

# Spec v2.2.3 of huggingface-text2text-flan-t5-base.
_FLAN_T5_PARAMETERS = (
    whole("epochs", 1, 1, 1000),
    whole("max_steps", -1),
    whole("seed", 42, 1, 1000),
    whole("batch_size", 64, 1, 1024),
    real("learning_rate", 0.0001, 1e-8, 1),
    choice("lr_scheduler_type", "constant_with_warmup", "constant_with_warmup", "linear"),
    real("warmup_ratio", 0.0, 0, 1),
    whole("warmup_steps", 0, 0),
    real("validation_split_ratio", 0.05, 0, 1),
    whole("train_data_split_seed", 0),
    whole("max_train_samples", -1, -1),
    whole("max_eval_samples", -1, -1),
    whole("max_input_length", -1, -1),
    whole("max_output_length", 128, 0),
    flag("pad_to_max_length", "True"),
    whole("gradient_accumulation_steps", 1, 1),
    real("weight_decay", 0.0, 0, 1),
    real("adam_beta1", 0.9, 0, 1),
    real("adam_beta2", 0.999, 0, 1),
    real("adam_epsilon", 1e-8, 0, 1),
    real("max_grad_norm", 1.0, 0),
    flag("load_best_model_at_end", "True"),
    whole("early_stopping_patience", 3, 1),
    real("early_stopping_threshold", 0.0, 0),
    real("label_smoothing_factor", 0, 0, 1),
    choice("logging_strategy", "steps", "no", "steps", "epoch"),
    flag("logging_first_step", "False"),
    whole("logging_steps", 500, 1),
    flag("logging_nan_inf_filter", "True"),
    choice("save_strategy", "epoch", "no", "epoch", "steps"),
    whole("save_steps", 500, 1),
    words("save_total_limit", "2"),
    flag("dataloader_drop_last", "False"),
    whole("dataloader_num_workers", 0, 0),
    choice("evaluation_strategy", "epoch", "no", "epoch", "steps"),
    words("eval_steps", "500"),
    words("eval_accumulation_steps", "None"),
    flag("gradient_checkpointing", "True"),
    flag("auto_find_batch_size", "False"),
    words("preprocessing_num_workers", "None"),
    choice("peft_type", "none", "lora", "none"),
)

FLAN_T5 = Family(
    task="Text to Text",
    container=TRANSFORMERS_4_28,
    hyperparameters=_FLAN_T5_PARAMETERS,
    metrics=(Metric("huggingface-text2text:eval-loss", r"'eval_loss': ([0-9\.]+)"),),
    dataset_key=places.PROMPTS,
    instances=ml("p3.8xlarge 16xlarge", "p3dn.24xlarge", "g5.24xlarge 48xlarge"),
    default_instance="ml.p3.16xlarge",
    scripts=Scripts(
        "source-directory-tarballs/huggingface/transfer_learning/text2text/v2.0.0/sourcedir.tar.gz",
        "source-directory-tarballs/huggingface/transfer_learning/text2text/prepack/v2.0.0/sourcedir.tar.gz",
        "2.0.0",
    ),
    artifact="huggingface-training/train-{id}.tar.gz",
    volume_gb=512,
    compressed_output=False,
)
# Spec v1.1.2 of huggingface-text2text-flan-t5-xxl-fp16: LoRA only, and "evalaution_strategy" is its own
# spelling; whoever corrects it sends an unknown hyperparameter.
FLAN_T5_XXL_FP16 = replace(
    FLAN_T5,
    container=_TRANSFORMERS_4_26,
    hyperparameters=tuple(
        replace(parameter, name="evalaution_strategy") if parameter.name == "evaluation_strategy" else parameter
        for parameter in replaced(_FLAN_T5_PARAMETERS, choice("peft_type", "lora", "lora"))
    ),
    instances=ml("g5.24xlarge 48xlarge"),
    default_instance="ml.g5.24xlarge",
    scripts=Scripts(
        "source-directory-tarballs/huggingface/transfer_learning/text2text/v1.2.0/sourcedir.tar.gz",
        "source-directory-tarballs/huggingface/transfer_learning/text2text/prepack/v1.1.2/sourcedir.tar.gz",
        "1.1.2",
    ),
    volume_gb=256,
    compressed_output=True,
)

# Spec v1.1.0 of huggingface-llm-gemma-2b-instruct.
_GEMMA_PARAMETERS: tuple[Parameter, ...] = (
    choice("peft_type", "lora", "lora", "None"),
    flag("instruction_tuned", "False"),
    flag("chat_dataset", "True"),
    whole("epoch", 1, 1, 1000),
    real("learning_rate", 0.0001, 1e-8, 1),
    whole("lora_r", 64, 1, 1000),
    whole("lora_alpha", 16, 0),
    real("lora_dropout", 0, 0, 1),
    whole("bits", 4),
    flag("double_quant", "True"),
    choice("quant_type", "nf4", "fp4", "nf4"),
    whole("per_device_train_batch_size", 1, 1, 1000),
    whole("per_device_eval_batch_size", 2, 1, 1000),
    real("warmup_ratio", 0.1, 0, 1),
    flag("train_from_scratch", "False"),
    flag("fp16", "True"),
    flag("bf16", "False"),
    choice("evaluation_strategy", "steps", "steps", "epoch", "no"),
    whole("eval_steps", 20, 1, 1000),
    whole("gradient_accumulation_steps", 4, 1, 1000),
    whole("logging_steps", 8, 1, 1000),
    real("weight_decay", 0.2, 1e-8, 1),
    flag("load_best_model_at_end", "True"),
    whole("max_train_samples", -1, -1),
    whole("max_val_samples", -1, -1),
    whole("seed", 10, 1, 1000),
    whole("max_input_length", 1024, -1),
    real("validation_split_ratio", 0.2, 0, 1),
    whole("train_data_split_seed", 0, 0),
    words("preprocessing_num_workers", "None"),
    whole("max_steps", -1),
    flag("gradient_checkpointing", "False"),
    whole("early_stopping_patience", 3, 1),
    real("early_stopping_threshold", 0.0, 0),
    real("adam_beta1", 0.9, 0, 1),
    real("adam_beta2", 0.999, 0, 1),
    real("adam_epsilon", 1e-8, 0, 1),
    real("max_grad_norm", 1.0, 0),
    real("label_smoothing_factor", 0, 0, 1),
    flag("logging_first_step", "False"),
    flag("logging_nan_inf_filter", "True"),
    choice("save_strategy", "steps", "no", "epoch", "steps"),
    whole("save_steps", 500, 1),
    whole("save_total_limit", 1),
    flag("dataloader_drop_last", "False"),
    whole("dataloader_num_workers", 0, 0),
    words("eval_accumulation_steps", "None"),
    flag("auto_find_batch_size", "False"),
    choice("lr_scheduler_type", "constant_with_warmup", "constant_with_warmup", "linear"),
    whole("warmup_steps", 0, 0),
    choice("deepspeed", "False", "False"),
)

GEMMA = Family(
    task="Text Generation",
    container=TRANSFORMERS_4_28,
    hyperparameters=_GEMMA_PARAMETERS,
    metrics=(
        Metric("huggingface-textgeneration:eval-loss", r"'eval_loss': ([0-9]+\.[0-9]+)"),
        Metric("huggingface-textgeneration:train-loss", r"'loss': ([0-9]+\.[0-9]+)"),
    ),
    dataset_key=places.DIALOGS,
    instances=ml("g5.2xlarge 4xlarge 8xlarge 16xlarge 12xlarge 24xlarge 48xlarge", "p4d.24xlarge"),
    default_instance="ml.g5.2xlarge",
    scripts=Scripts(
        "source-directory-tarballs/huggingface/transfer_learning/llm/v1.1.1/sourcedir.tar.gz",
        "source-directory-tarballs/huggingface/transfer_learning/llm/prepack/v1.1.1/sourcedir.tar.gz",
        "1.1.1",
    ),
    artifact="huggingface-training/train-{id}.tar.gz",
    volume_gb=512,
    compressed_output=False,
    gated_artifact="huggingface-training/{family}/v1.0.0/train-{id}.tar.gz",
    gated_families=GATED_FAMILIES,
)
GEMMA_7B = replace(
    GEMMA, instances=ml("g5.12xlarge 24xlarge 48xlarge", "p4d.24xlarge"), default_instance="ml.g5.12xlarge"
)

# Names and defaults: what a public notebook printed for huggingface-llm-mistral-7b v2.9.1. Stand-in: ranges,
# types of the same script's Gemma entries, and the types of the instances beside g5.
MISTRAL = replace(
    GEMMA_7B,
    hyperparameters=tuple(
        parameter
        for parameter in (
            *replaced(
                _GEMMA_PARAMETERS,
                choice("peft_type", "None", "lora", "None"),
                flag("instruction_tuned", "True"),
                flag("chat_dataset", "False"),
                real("learning_rate", 6e-6, 1e-8, 1),
                whole("bits", 16),
                whole("per_device_train_batch_size", 2, 1, 1000),
                whole("per_device_eval_batch_size", 8, 1, 1000),
                flag("fp16", "False"),
                flag("bf16", "True"),
                whole("gradient_accumulation_steps", 8, 1, 1000),
                whole("max_input_length", -1, -1),
                flag("gradient_checkpointing", "True"),
            ),
            flag("add_input_output_demarcation_key", "True"),
        )
        if parameter.name != "deepspeed"
    ),
    dataset_key=places.INSTRUCTIONS,
    instances=ml("g5.12xlarge 24xlarge 48xlarge", "p4d.24xlarge"),
    default_instance="ml.g5.24xlarge",
)
# Instance types: developer guide's fine-tuning page (Falcon 7B on g5.12xlarge, larger on g5.48xlarge).
# Stand-in: the parameters are Mistral's.
FALCON = replace(MISTRAL, instances=ml("g5.12xlarge 24xlarge 48xlarge"), default_instance="ml.g5.12xlarge")
FALCON_40B = replace(MISTRAL, instances=ml("g5.48xlarge", "p4d.24xlarge"), default_instance="ml.g5.48xlarge")

# Names: the table of commonly supported hyperparameters in the developer guide's "Fine-tune a large language
# model". Stand-in: defaults, ranges, types and keys of the textgeneration1 generation.
TEXT_GENERATION = replace(
    GEMMA,
    container=_TRANSFORMERS_4_26,
    hyperparameters=(
        whole("epoch", 3, 1, 1000),
        real("learning_rate", 6e-6, 1e-8, 1),
        flag("instruction_tuned", "False"),
        whole("per_device_train_batch_size", 4, 1, 1000),
        whole("per_device_eval_batch_size", 4, 1, 1000),
        whole("max_train_samples", -1, -1),
        whole("max_val_samples", -1, -1),
        whole("max_input_length", -1, -1),
        real("validation_split_ratio", 0.2, 0, 1),
        whole("train_data_split_seed", 0, 0),
        words("preprocessing_num_workers", "None"),
    ),
    dataset_key=places.PROSE,
    instances=ml("g5.12xlarge 24xlarge 48xlarge", "p3.8xlarge 16xlarge", "p3dn.24xlarge"),
    default_instance="ml.g5.12xlarge",
    scripts=Scripts(
        "source-directory-tarballs/huggingface/transfer_learning/textgeneration1/v1.0.0/sourcedir.tar.gz",
        "source-directory-tarballs/huggingface/transfer_learning/textgeneration1/prepack/v1.0.0/sourcedir.tar.gz",
        "1.0.0",
    ),
    compressed_output=True,
)

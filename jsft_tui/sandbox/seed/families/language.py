"""Define Hugging Face language models: FLAN-T5, Gemma, Mistral, Falcon and the GPT generation."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.sandbox.seed.base import locations
from jsft_tui.sandbox.seed.base.family import Family, Metric, Scripts, ml
from jsft_tui.sandbox.seed.base.parameters import Parameter, boolean, choice, integer, number, replace_parameters, text
from jsft_tui.sandbox.seed.base.training_images import TrainingImage
from jsft_tui.sandbox.seed.families.runnable import RUNNABLE_GPU_TYPES, as_parameters, sandbox_scripts
from jsft_tui.sandbox.trainers.common import hyperparameters

TRANSFORMERS_4_28 = TrainingImage(
    "huggingface",
    "2.0.0",
    "py310",
    "huggingface-pytorch-training",
    gpu_tag="2.0.0-transformers4.28.1-gpu-py310-cu118-ubuntu20.04",
    transformers="4.28.1",
)
_TRANSFORMERS_4_26 = TrainingImage(
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
    integer("epochs", 1, 1, 1000),
    integer("max_steps", -1),
    integer("seed", 42, 1, 1000),
    integer("batch_size", 64, 1, 1024),
    number("learning_rate", 0.0001, 1e-8, 1),
    choice("lr_scheduler_type", "constant_with_warmup", "constant_with_warmup", "linear"),
    number("warmup_ratio", 0.0, 0, 1),
    integer("warmup_steps", 0, 0),
    number("validation_split_ratio", 0.05, 0, 1),
    integer("train_data_split_seed", 0),
    integer("max_train_samples", -1, -1),
    integer("max_eval_samples", -1, -1),
    integer("max_input_length", -1, -1),
    integer("max_output_length", 128, 0),
    boolean("pad_to_max_length", "True"),
    integer("gradient_accumulation_steps", 1, 1),
    number("weight_decay", 0.0, 0, 1),
    number("adam_beta1", 0.9, 0, 1),
    number("adam_beta2", 0.999, 0, 1),
    number("adam_epsilon", 1e-8, 0, 1),
    number("max_grad_norm", 1.0, 0),
    boolean("load_best_model_at_end", "True"),
    integer("early_stopping_patience", 3, 1),
    number("early_stopping_threshold", 0.0, 0),
    number("label_smoothing_factor", 0, 0, 1),
    choice("logging_strategy", "steps", "no", "steps", "epoch"),
    boolean("logging_first_step", "False"),
    integer("logging_steps", 500, 1),
    boolean("logging_nan_inf_filter", "True"),
    choice("save_strategy", "epoch", "no", "epoch", "steps"),
    integer("save_steps", 500, 1),
    text("save_total_limit", "2"),
    boolean("dataloader_drop_last", "False"),
    integer("dataloader_num_workers", 0, 0),
    choice("evaluation_strategy", "epoch", "no", "epoch", "steps"),
    text("eval_steps", "500"),
    text("eval_accumulation_steps", "None"),
    boolean("gradient_checkpointing", "True"),
    boolean("auto_find_batch_size", "False"),
    text("preprocessing_num_workers", "None"),
    choice("peft_type", "none", "lora", "none"),
)

FLAN_T5 = Family(
    task="Text to Text",
    container=TRANSFORMERS_4_28,
    hyperparameters=_FLAN_T5_PARAMETERS,
    metrics=(Metric("huggingface-text2text:eval-loss", r"'eval_loss': ([0-9\.]+)"),),
    dataset_key=locations.PROMPTS,
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
# Spec v1.1.2 of huggingface-text2text-flan-t5-xxl-fp16: LoRA only. "evalaution_strategy" is the spec's spelling;
# the correct spelling would be an unknown hyperparameter.
FLAN_T5_XXL_FP16 = replace(
    FLAN_T5,
    container=_TRANSFORMERS_4_26,
    hyperparameters=tuple(
        replace(parameter, name="evalaution_strategy") if parameter.name == "evaluation_strategy" else parameter
        for parameter in replace_parameters(_FLAN_T5_PARAMETERS, choice("peft_type", "lora", "lora"))
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
    boolean("instruction_tuned", "False"),
    boolean("chat_dataset", "True"),
    integer("epoch", 1, 1, 1000),
    number("learning_rate", 0.0001, 1e-8, 1),
    integer("lora_r", 64, 1, 1000),
    integer("lora_alpha", 16, 0),
    number("lora_dropout", 0, 0, 1),
    integer("bits", 4),
    boolean("double_quant", "True"),
    choice("quant_type", "nf4", "fp4", "nf4"),
    integer("per_device_train_batch_size", 1, 1, 1000),
    integer("per_device_eval_batch_size", 2, 1, 1000),
    number("warmup_ratio", 0.1, 0, 1),
    boolean("train_from_scratch", "False"),
    boolean("fp16", "True"),
    boolean("bf16", "False"),
    choice("evaluation_strategy", "steps", "steps", "epoch", "no"),
    integer("eval_steps", 20, 1, 1000),
    integer("gradient_accumulation_steps", 4, 1, 1000),
    integer("logging_steps", 8, 1, 1000),
    number("weight_decay", 0.2, 1e-8, 1),
    boolean("load_best_model_at_end", "True"),
    integer("max_train_samples", -1, -1),
    integer("max_val_samples", -1, -1),
    integer("seed", 10, 1, 1000),
    integer("max_input_length", 1024, -1),
    number("validation_split_ratio", 0.2, 0, 1),
    integer("train_data_split_seed", 0, 0),
    text("preprocessing_num_workers", "None"),
    integer("max_steps", -1),
    boolean("gradient_checkpointing", "False"),
    integer("early_stopping_patience", 3, 1),
    number("early_stopping_threshold", 0.0, 0),
    number("adam_beta1", 0.9, 0, 1),
    number("adam_beta2", 0.999, 0, 1),
    number("adam_epsilon", 1e-8, 0, 1),
    number("max_grad_norm", 1.0, 0),
    number("label_smoothing_factor", 0, 0, 1),
    boolean("logging_first_step", "False"),
    boolean("logging_nan_inf_filter", "True"),
    choice("save_strategy", "steps", "no", "epoch", "steps"),
    integer("save_steps", 500, 1),
    integer("save_total_limit", 1),
    boolean("dataloader_drop_last", "False"),
    integer("dataloader_num_workers", 0, 0),
    text("eval_accumulation_steps", "None"),
    boolean("auto_find_batch_size", "False"),
    choice("lr_scheduler_type", "constant_with_warmup", "constant_with_warmup", "linear"),
    integer("warmup_steps", 0, 0),
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
    dataset_key=locations.DIALOGS,
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
# types of the same script's Gemma entries, and the instance types other than g5.
MISTRAL = replace(
    GEMMA_7B,
    hyperparameters=tuple(
        parameter
        for parameter in (
            *replace_parameters(
                _GEMMA_PARAMETERS,
                choice("peft_type", "None", "lora", "None"),
                boolean("instruction_tuned", "True"),
                boolean("chat_dataset", "False"),
                number("learning_rate", 6e-6, 1e-8, 1),
                integer("bits", 16),
                integer("per_device_train_batch_size", 2, 1, 1000),
                integer("per_device_eval_batch_size", 8, 1, 1000),
                boolean("fp16", "False"),
                boolean("bf16", "True"),
                integer("gradient_accumulation_steps", 8, 1, 1000),
                integer("max_input_length", -1, -1),
                boolean("gradient_checkpointing", "True"),
            ),
            boolean("add_input_output_demarcation_key", "True"),
        )
        if parameter.name != "deepspeed"
    ),
    dataset_key=locations.INSTRUCTIONS,
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
        integer("epoch", 3, 1, 1000),
        number("learning_rate", 6e-6, 1e-8, 1),
        boolean("instruction_tuned", "False"),
        integer("per_device_train_batch_size", 4, 1, 1000),
        integer("per_device_eval_batch_size", 4, 1, 1000),
        integer("max_train_samples", -1, -1),
        integer("max_val_samples", -1, -1),
        integer("max_input_length", -1, -1),
        number("validation_split_ratio", 0.2, 0, 1),
        integer("train_data_split_seed", 0, 0),
        text("preprocessing_num_workers", "None"),
    ),
    dataset_key=locations.PROSE,
    instances=ml("g5.12xlarge 24xlarge 48xlarge", "p3.8xlarge 16xlarge", "p3dn.24xlarge"),
    default_instance="ml.g5.12xlarge",
    scripts=Scripts(
        "source-directory-tarballs/huggingface/transfer_learning/textgeneration1/v1.0.0/sourcedir.tar.gz",
        "source-directory-tarballs/huggingface/transfer_learning/textgeneration1/prepack/v1.0.0/sourcedir.tar.gz",
        "1.0.0",
    ),
    compressed_output=True,
)

# Runnable: its own script key, a default instance type that has quota, and more of the metrics that Hugging Face's
# Trainer prints.
SANDBOX_GPT = replace(
    TEXT_GENERATION,
    hyperparameters=as_parameters(hyperparameters.GPT),
    metrics=(
        *TEXT_GENERATION.metrics,
        Metric("huggingface-textgeneration:eval-perplexity", r"'eval_perplexity': ([0-9]+\.[0-9]+)"),
    ),
    instances=RUNNABLE_GPU_TYPES,
    default_instance="ml.g4dn.xlarge",
    scripts=sandbox_scripts("gpt"),
)

"""Define Meta's Llama models: generations 2 and 3, base and chat, and Llama 2 on AWS Trainium."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.sandbox.seed.base import locations
from jsft_tui.sandbox.seed.base.family import Family, Metric, Scripts, ml
from jsft_tui.sandbox.seed.base.parameters import boolean, choice, integer, number, replace_parameters, text
from jsft_tui.sandbox.seed.base.training_images import TrainingImage
from jsft_tui.sandbox.seed.families.language import GATED_FAMILIES, TRANSFORMERS_4_28
from jsft_tui.sandbox.seed.families.runnable import RUNNABLE_GPU_TYPES, as_parameters, sandbox_scripts
from jsft_tui.sandbox.trainers.common import hyperparameters

# Stand-in: no public source for the tag of the Neuron image of this family.
_NEURON = TrainingImage(
    "pytorch",
    "1.13.1",
    "py310",
    "pytorch-training-neuronx",
    neuron_tag="1.13.1-neuronx-py310-sdk2.14.1-ubuntu20.04",
)

_LLAMA_METRICS = (
    Metric("huggingface-textgeneration:eval-loss", r"eval_epoch_loss=tensor\(([0-9\.]+)"),
    Metric("huggingface-textgeneration:eval-ppl", r"eval_ppl=tensor\(([0-9\.]+)"),
    Metric("huggingface-textgeneration:train-loss", r"train_epoch_loss=([0-9\.]+)"),
)

# Spec v3.0.0 of meta-textgeneration-llama-2-7b.
_LLAMA_2_PARAMETERS = (
    boolean("int8_quantization", "False"),
    boolean("enable_fsdp", "True"),
    integer("epoch", 5, 1, 1000),
    number("learning_rate", 0.0001, 1e-8, 1),
    integer("lora_r", 8, 1),
    integer("lora_alpha", 32, 1),
    number("lora_dropout", 0.05, 0, 1),
    boolean("instruction_tuned", "False"),
    boolean("chat_dataset", "False"),
    boolean("add_input_output_demarcation_key", "True"),
    integer("per_device_train_batch_size", 4, 1, 1000),
    integer("per_device_eval_batch_size", 1, 1, 1000),
    integer("max_train_samples", -1, -1),
    integer("max_val_samples", -1, -1),
    integer("seed", 10, 1, 1000),
    integer("max_input_length", -1, -1),
    number("validation_split_ratio", 0.2, 0, 1),
    integer("train_data_split_seed", 0, 0),
    text("preprocessing_num_workers", "None"),
)

LLAMA_2 = Family(
    task="Text Generation",
    container=TRANSFORMERS_4_28,
    hyperparameters=_LLAMA_2_PARAMETERS,
    metrics=_LLAMA_METRICS,
    dataset_key=locations.PROSE,
    instances=ml("g5.12xlarge 24xlarge 48xlarge", "p3dn.24xlarge"),
    default_instance="ml.g5.12xlarge",
    scripts=Scripts(
        "source-directory-tarballs/meta/transfer_learning/textgeneration/v1.0.4/sourcedir.tar.gz",
        "source-directory-tarballs/meta/transfer_learning/textgeneration/prepack/v1.0.1/sourcedir.tar.gz",
        "1.0.1",
    ),
    artifact="meta-training/train-{id}.tar.gz",
    volume_gb=256,
    gated_artifact="meta-training/{family}/v1.0.0/train-{id}.tar.gz",
    gated_families=GATED_FAMILIES,
)
# Spec v2.0.4 of meta-textgeneration-llama-2-7b-f.
LLAMA_2_CHAT = replace(
    LLAMA_2,
    hyperparameters=replace_parameters(
        _LLAMA_2_PARAMETERS,
        integer("epoch", 1, 1, 1000),
        boolean("chat_dataset", "True"),
        integer("per_device_train_batch_size", 1, 1, 1000),
    ),
    dataset_key=locations.DIALOGS,
)

# Spec v2.16.2 of meta-textgeneration-llama-3-1-70b.
_LLAMA_3_1_PARAMETERS = (
    integer("epoch", 5, 1, 1000),
    number("learning_rate", 0.0001, 1e-8, 1),
    integer("lora_r", 8, 1),
    integer("lora_alpha", 32, 1),
    text("target_modules", "q_proj,v_proj"),
    number("lora_dropout", 0.05, 0, 1),
    boolean("instruction_tuned", "False"),
    boolean("chat_dataset", "False"),
    boolean("add_input_output_demarcation_key", "True"),
    integer("per_device_train_batch_size", 1, 1, 1000),
    integer("per_device_eval_batch_size", 1, 1, 1000),
    integer("max_train_samples", -1, -1),
    integer("max_val_samples", -1, -1),
    integer("seed", 10, 1, 1000),
    integer("max_input_length", -1, -1),
    number("validation_split_ratio", 0.2, 0, 1),
    integer("train_data_split_seed", 0, 0),
    text("preprocessing_num_workers", "None"),
    boolean("int8_quantization", "True"),
    boolean("enable_fsdp", "False"),
    text("chat_template", "Llama3.1"),
)

LLAMA_3_1_70B = replace(
    LLAMA_2,
    hyperparameters=_LLAMA_3_1_PARAMETERS,
    instances=ml("g5.48xlarge", "p4d.24xlarge"),
    default_instance="ml.g5.48xlarge",
    scripts=Scripts(
        "source-directory-tarballs/training/meta-textgeneration/v1.2.0/sourcedir.tar.gz",
        "source-directory-tarballs/training/meta-textgeneration/prepack/inference-meta-textgeneration/"
        "v1.2.0/sourcedir.tar.gz",
        "1.2.0",
    ),
    compressed_output=False,
)
# Instance types: developer guide's notebooks for Llama 3. Stand-in: parameters as Llama 3.1 70B, but FSDP.
LLAMA_3_SMALL = replace(
    LLAMA_3_1_70B,
    hyperparameters=replace_parameters(
        _LLAMA_3_1_PARAMETERS, boolean("int8_quantization", "False"), boolean("enable_fsdp", "True")
    ),
    instances=ml("g5.12xlarge 24xlarge 48xlarge", "p3dn.24xlarge", "g4dn.12xlarge"),
    default_instance="ml.g5.12xlarge",
)
LLAMA_3_INSTRUCT = replace(
    LLAMA_3_SMALL,
    hyperparameters=replace_parameters(LLAMA_3_SMALL.hyperparameters, boolean("chat_dataset", "True")),
    dataset_key=locations.DIALOGS,
)

# Runnable: its own script key, and instance types with gated weights that have quota.
SANDBOX_LLAMA = replace(
    LLAMA_3_INSTRUCT,
    hyperparameters=as_parameters(hyperparameters.LLAMA),
    instances=tuple(name for name in RUNNABLE_GPU_TYPES if name.split(".")[1] in GATED_FAMILIES),
    default_instance="ml.g4dn.xlarge",
    scripts=sandbox_scripts("llama"),
)

# Spec v1.0.0 of meta-textgenerationneuron-llama-2-7b ("layer_norm_epilson" is the spec's spelling).
NEURON_LLAMA_2 = replace(
    LLAMA_2,
    container=_NEURON,
    hyperparameters=(
        integer("max_input_length", 2048, 128),
        text("preprocessing_num_workers", "None"),
        number("learning_rate", 6e-6, 1e-8, 1),
        number("min_learning_rate", 1e-6, 1e-12, 1),
        integer("max_steps", 20, 2),
        integer("global_train_batch_size", 256, 1),
        integer("per_device_train_batch_size", 1, 1),
        number("layer_norm_epilson", 1e-5, 1e-12),
        number("weight_decay", 0.1, 1e-8, 1),
        choice("lr_scheduler_type", "CosineAnnealing", "CosineAnnealing"),
        integer("warmup_steps", 10, 0),
        integer("constant_steps", 0, 0),
        number("adam_beta1", 0.9, 1e-8, 1),
        number("adam_beta2", 0.95, 1e-8, 1),
        boolean("mixed_precision", "True"),
        choice("tensor_parallel_degree", "8", "8"),
        choice("pipeline_parallel_degree", "1", "1"),
        boolean("append_eod", "False"),
    ),
    metrics=(Metric("meta-textgenerationneuron:train-loss", r"reduced_train_loss=([0-9]+\.[0-9]+)"),),
    instances=ml("trn1.32xlarge", "trn1n.32xlarge"),
    default_instance="ml.trn1.32xlarge",
    compressed_output=False,
    gated_families=("trn1", "trn1n"),
)

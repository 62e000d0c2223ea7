"""List the texts about hyperparameters that a training script, or one of its libraries, refuses.

Sources: argparse; transformers (`training_args.py`, `trainer_callback.py`, `hf_argparser.py`), peft; LightGBM
(`config_auto.cpp`), XGBoost (`parameter.h` of dmlc), CatBoost (`libs/options`), scikit-learn (`_param_validation.py`).
"""

from __future__ import annotations

from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.failures.diagnosis import known
from jsft_tui.core.failures.origin import Origin

_ORIGINS = frozenset({Origin.SCRIPT, Origin.UNKNOWN})

_COMMAND_LINE = (
    r"unrecognized arguments|error: argument --|(?<!writer: )invalid (?:int|float|choice|str2bool|bool) value|"
    r"Unexpected keyword arguments?: ?'?--|not used by the HfArgumentParser|error: the following arguments are required"
)
_TRANSFORMERS = (
    r"At most one of fp16 and bf16|load_best_model_at_end[^\n]{0,40} requires|save and (?:eval|evaluation) strategy|"
    r"requires either non-zero --eval_steps|EarlyStoppingCallback requires|requires an eval_dataset|"
    r"is not a valid (?:IntervalStrategy|SchedulerType|OptimizerNames|SaveStrategy)|"
    r"does not support gradient checkpointing|"
    r"Target modules [^\n]{0,200} not found in the base model|(?:FSDP|int8)[^\n]{0,40}(?:with|and) (?:int8|FSDP)|"
    r"cannot perform fine-tuning on purely quantized models|tokenizer\.chat_template is not set|"
    r"train a model that has been loaded in (?:8|4)-bit|should be a positive integer value but the value passed"
)
_TREES = (
    r"Check failed: \(\w+\) ?[<>=!]=? ?\(?[\d.-]+\)? at [^\n]{0,120}config|Cannot use bagging in GOSS|"
    r"For early stopping, at least one (?:dataset|validation)|(?:Unknown|Invalid) (?:objective|boosting|tree_method)|"
    r"for Parameter \w+ (?:should|exceeds?)|Invalid Parameter format for|"
    r"CatBoostError[^\n]{0,160}"
    r"(?:libs/options|parse parameter|Invalid loss|Unknown option|Invalid parameter|change of option)|"
    r"Error: max_leaves option works|InvalidParameterError|(?:bagging|feature)_fraction[^\n]{0,40}should be|"
    r"Unknown (?:optimizer|preset|eval_metric|metric)\b|Invalid learning rate|batch_size should be a positive|"
    r"objective and metrics don't match|classification-only and multiclass|Check failed: \(config->|"
    r"Parameter \w+ should be (?:of type|\")|Unknown (?:tree learner|gbm|tree updater|linear updater)\b|"
    r"Number of classes must be 1 for|Invalid Input: '[^']*', valid values are|not found in enum E[A-Z]|"
    r"Updater: [^\n]{0,60}can not be used|Border count should|class weights size|"
    r"negative value converted to unsigned"
)
# "learning_rate must be positive", whichever script says it.
_NAMED = (
    r"\b(?:learning_?rate|epochs?|num_(?:train_)?epochs|(?:\w+_)?batch_size|lora_\w+|max_(?:depth|steps|seq_length|"
    r"input_length|train_samples)|warmup_\w+|weight_decay|(?:lora_)?dropout(?:_rate)?|num_leaves|\w+_steps|"
    r"validation_split_ratio|train_data_split_seed|momentum|gradient_accumulation_steps|n_estimators)\b"
    r"[^\n]{0,60}\b(?:must|should|has to) be\b"
)

PATTERNS = (
    known(
        f"{_COMMAND_LINE}|{_TRANSFORMERS}|{_TREES}|{_NAMED}",
        "BadParameter",
        "The training script refuses a hyperparameter, or a combination of them.",
        Remedy("See the valid values", RemedyCommand.HYPERPARAMETERS, "MODEL"),
        origins=_ORIGINS,
    ),
)

"""Write a customized model where SageMaker's recipes write it, and read it to go on from it.

Below the output, `checkpoints/hf_merged/` is the whole model and `checkpoints/hf/` the adapter alone. Source of the
places: an AWS sample for Qwen3 4B that was run end to end. The files in them are the sandbox's own: `model.npz` with
`training_info.json`, and `adapter_model.npz` with an `adapter_config.json` like PEFT's.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jsft_tui.sandbox.trainers.common.arrays import read_arrays, write_arrays
from jsft_tui.sandbox.trainers.common.artifact import Artifact, read_artifact, write_artifact
from jsft_tui.sandbox.trainers.common.container import write_json
from jsft_tui.sandbox.trainers.common.optimizers import Parameters
from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.customization.base_model import LanguageModel
from jsft_tui.sandbox.trainers.language.network.adapters import TARGETS, AdapterConfig, merged, new_adapter
from jsft_tui.sandbox.trainers.language.stored import model_arrays, read_model
from jsft_tui.sandbox.trainers.language.training import TASK

MERGED, ADAPTER = "checkpoints/hf_merged", "checkpoints/hf"
_ADAPTER_FILE, _ADAPTER_CONFIG = "adapter_model.npz", "adapter_config.json"
_DAMAGED = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error)


def write_model(output: Path, model: LanguageModel, info: Mapping[str, Any]) -> None:
    """Write a whole model."""
    arrays = model_arrays(model.parameters, model.tokenizer)
    write_artifact(output / MERGED, Artifact(arrays, (), {"task": TASK, "config": model.config.document(), **info}))


def write_adapter(output: Path, adapter: Parameters, config: AdapterConfig, base: str) -> None:
    """Write an adapter; `base` is the ARN of the model that it belongs to."""
    write_arrays(output / ADAPTER / _ADAPTER_FILE, adapter, zipfile.ZIP_DEFLATED)
    document = {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": base,
        "r": config.rank,
        "lora_alpha": config.alpha,
        "lora_dropout": config.dropout,
        "target_modules": list(TARGETS),
    }
    write_json(output / ADAPTER / _ADAPTER_CONFIG, document)


def continued(base: LanguageModel, output: Path) -> LanguageModel:
    """Return the model that an earlier job wrote: the whole one, or the base model with its adapter.

    Raises:
        UserError: there is neither, or it cannot be read.
    """
    folder = output / MERGED
    if folder.is_dir() and (whole := read_artifact(folder)) is not None:
        return LanguageModel(*read_model(whole))
    if not (output / ADAPTER / _ADAPTER_FILE).is_file():
        raise UserError("the source model has no weights: neither a merged model nor an adapter")
    try:
        document = json.loads((output / ADAPTER / _ADAPTER_CONFIG).read_bytes())
        config = AdapterConfig(int(document["r"]), float(document["lora_alpha"]))
        adapter = read_arrays((output / ADAPTER / _ADAPTER_FILE).read_bytes())
        _check_shapes(base, adapter, config)
    except _DAMAGED as problem:
        raise UserError(f"the adapter of the source model is damaged ({problem})") from None
    return LanguageModel(base.config, merged(base.parameters, adapter, config), base.tokenizer)


def _check_shapes(base: LanguageModel, adapter: Parameters, config: AdapterConfig) -> None:
    import numpy as np

    wanted = new_adapter(base.parameters, config, np.random.default_rng(0))
    if {name: value.shape for name, value in adapter.items()} != {name: value.shape for name, value in wanted.items()}:
        raise ValueError("it does not fit the base model")

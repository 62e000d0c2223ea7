"""How the models of the catalog are deployed: the hosting half of a spec.

Images, environment and formats are those of the public specs of the same framework (tensorflow-ic v4.0.6, pytorch-ic
v3.0.25, lightgbm v2.1.6, sklearn v1.3.1, xgboost v2.1.1, autogluon v1.1.1, flan-t5 v1.1.2 and v2.2.3, llama-2 v3.0.0,
llama-3.1 v2.16.2). Stand-in: instance types and defaults, chosen so that the account's quotas allow some of them; keys;
and the examples, which fit the sandbox's datasets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jsft_tui.core.catalog.task import Task, framework_and_task
from jsft_tui.sandbox.seed.base.family import ml
from jsft_tui.sandbox.seed.base.training_images import Registry, TrainingImage
from jsft_tui.sandbox.seed.models import Model

_CPU_TYPES = ml("m5.xlarge large 2xlarge 4xlarge", "c5.xlarge 2xlarge 4xlarge")
_TYPES = (*_CPU_TYPES, *ml("g4dn.xlarge", "g5.xlarge", "p3.2xlarge"))
_GPU_TYPES = ml("g5.xlarge 2xlarge 4xlarge 12xlarge 48xlarge", "g4dn.xlarge 2xlarge 12xlarge", "p4d.24xlarge")

_JSON, _VERBOSE = "application/json", "application/json;verbose"


@dataclass(frozen=True)
class HostingContainer:
    """The container that serves the models of a framework.

    Attributes:
        types: instance types, the default first.
        environment: variables beside those that all containers have.
        deploy: `deploy_kwargs`.
        has_script: whether the inference code is packed into the archive of a trained model (`hosting_use_script_uri`).
        volume_gb: `inference_volume_size`.
    """

    image: TrainingImage
    types: tuple[str, ...] = _TYPES
    environment: Mapping[str, str] | None = None
    deploy: Mapping[str, int] | None = None
    has_script: bool = False
    volume_gb: int | None = None


_PYTORCH_2 = HostingContainer(
    TrainingImage("pytorch", "2.0.1", "py310", "pytorch-inference", "2.0.1-cpu-py310", "2.0.1-gpu-py310"),
    _CPU_TYPES,
)
_BY_FRAMEWORK = {
    "tensorflow": HostingContainer(
        TrainingImage("tensorflow", "2.8", "py39", "tensorflow-inference", "2.8-cpu", "2.8-gpu")
    ),
    "pytorch": HostingContainer(
        TrainingImage("pytorch", "1.10.0", "py38", "pytorch-inference", "1.10.0-cpu-py38", "1.10.0-gpu-py38")
    ),
    # Stand-in: no public spec of these names its hosting image.
    "mxnet": HostingContainer(
        TrainingImage("mxnet", "1.9.0", "py38", "mxnet-inference", "1.9.0-cpu-py38", "1.9.0-gpu-py38")
    ),
    "huggingface": HostingContainer(
        TrainingImage(
            "huggingface",
            "1.13.1",
            "py39",
            "huggingface-pytorch-inference",
            "1.13.1-transformers4.26.0-cpu-py39-ubuntu20.04",
            "1.13.1-transformers4.26.0-gpu-py39-cu117-ubuntu20.04",
            transformers="4.26.0",
        )
    ),
    "lightgbm": _PYTORCH_2,
    "catboost": _PYTORCH_2,
    "sklearn": HostingContainer(
        TrainingImage("sklearn", "1.2-1", "py3", "sagemaker-scikit-learn", "1.2-1-cpu-py3", registry=Registry.BUILT_IN),
        _CPU_TYPES,
        has_script=True,
    ),
    "xgboost": HostingContainer(
        TrainingImage("xgboost", "1.7-1", "py3", "sagemaker-xgboost", "1.7-1", registry=Registry.BUILT_IN),
        _CPU_TYPES,
        has_script=True,
    ),
    "autogluon": HostingContainer(
        TrainingImage("autogluon", "0.4.3", "py38", "autogluon-inference", "0.4.3-cpu-py38", "0.4.3-gpu-py38")
    ),
}
_TIMEOUTS = {"model_data_download_timeout": 1200, "container_startup_health_check_timeout": 1200}
_TGI = HostingContainer(
    TrainingImage(
        "huggingface-llm",
        "1.4.0",
        "py310",
        "huggingface-pytorch-tgi-inference",
        gpu_tag="2.1.1-tgi1.4.0-gpu-py310-cu121-ubuntu20.04",
        transformers="4.33.2",
    ),
    _GPU_TYPES,
    {"HF_MODEL_ID": "/opt/ml/model", "SM_NUM_GPUS": "1", "MAX_INPUT_LENGTH": "1024", "MAX_TOTAL_TOKENS": "2048"},
    _TIMEOUTS,
    volume_gb=512,
)
_LMI = HostingContainer(
    TrainingImage("djl-lmi", "0.29.0", "py310", "djl-inference", gpu_tag="0.29.0-lmi11.0.0-cu124"),
    _GPU_TYPES,
    {"HF_MODEL_ID": "/opt/ml/model", "OPTION_ENFORCE_EAGER": "true"},
    _TIMEOUTS,
    volume_gb=256,
)
_ENVIRONMENT = (
    ("SAGEMAKER_PROGRAM", "inference.py", True),
    ("SAGEMAKER_SUBMIT_DIRECTORY", "/opt/ml/model/code", False),
    ("SAGEMAKER_CONTAINER_LOG_LEVEL", "20", False),
    ("SAGEMAKER_MODEL_SERVER_TIMEOUT", "3600", False),
    ("ENDPOINT_SERVER_TIMEOUT", 3600, True),
    ("MODEL_CACHE_ROOT", "/opt/ml/model", True),
    ("SAGEMAKER_ENV", "1", True),
    ("SAGEMAKER_MODEL_SERVER_WORKERS", 1, True),
)
"""Name, value, and `required_for_model_class`."""

_SENTENCE = "How do I reset the password of my account?"
_EXAMPLES: Mapping[str, tuple[str, Any]] = {
    "text-classification": ("Service", "Creates a queue and returns its URL."),
    "sentence-pair-classification": ("Pair", '["A man plays a guitar.", "Somebody makes music."]'),
    "question-answering": ("Question", '["Where is the library?", "The library is beside the town hall."]'),
    "sentence-similarity": ("Sentence", _SENTENCE),
    "text-generation": ("Continue", {"inputs": "CreateBucket:", "parameters": {"max_new_tokens": 64}}),
    "text-to-text": ("Summarize", {"inputs": f"Summarize: {_SENTENCE}", "parameters": {"max_new_tokens": 64}}),
}
"""By the name of the task: the name of an example, and its body, which fits the sandbox's data."""
_CHAT = {"messages": [{"role": "user", "content": "What does CreateBucket do?"}], "max_tokens": 64}


def hosting(model: Model, regions: list[str]) -> dict[str, Any]:
    """Build the hosting half of a fine-tunable model's spec.

    Args:
        model: the row.
        regions: those whose image URIs are included.
    """
    framework, task = framework_and_task(model.model_id)
    container = hosting_container(model)
    script = hosting_script(model)
    fields: dict[str, Any] = {
        "hosting_ecr_specs": container.image.ecr_specs(),
        "hosting_artifact_key": f"sandbox-not-planted/{model.model_id}/artifacts/inference/v1.0.0/",
        "hosting_script_key": script,
        "hosting_use_script_uri": container.has_script,
        "inference_vulnerable": False,
        "inference_dependencies": [],
        "inference_vulnerabilities": [],
        "inference_environment_variables": _environment(container),
        "default_inference_instance_type": container.types[0],
        "supported_inference_instance_types": list(container.types),
        "hosting_instance_type_variants": image_variants(container.image, regions),
        "predictor_specs": predictor_specs(task, framework),
        "inference_enable_network_isolation": True,
    }
    if container.volume_gb:
        fields["inference_volume_size"] = container.volume_gb
    if payloads := _payloads(model, task):
        fields["default_payloads"] = payloads
    return fields


def deploy_kwargs(model: Model) -> dict[str, int]:
    """Return `deploy_kwargs` of a model's spec."""
    return dict(hosting_container(model).deploy or {})


def hosting_container(model: Model) -> HostingContainer:
    """Return the container that serves a model."""
    framework, task = framework_and_task(model.model_id)
    if task.info.content_type == _JSON:  # language models
        return _LMI if framework == "meta" else _TGI
    return _BY_FRAMEWORK.get(framework, _BY_FRAMEWORK["huggingface"])


def hosting_script(model: Model) -> str:
    """Return the key of a model's inference code; it exists where the code is packed into the trained model."""
    if hosting_container(model).has_script:
        return f"source-directory-tarballs/sandbox/inference/{model.model_id}/v1.0.0/sourcedir.tar.gz"
    return "source-directory-tarballs/sandbox-not-planted/inference/sourcedir.tar.gz"


def image_variants(image: TrainingImage, regions: list[str]) -> dict[str, Any]:
    """Return the images of a container by region and instance family (`hosting_instance_type_variants`)."""
    images = {name: image.image_uris(name) for name in regions}
    variants = {
        family: {"regional_properties": {"image_uri": f"${alias}"}}
        for family, alias in image.aliases_by_family().items()
    }
    return {"regional_aliases": {name: uris for name, uris in images.items() if uris}, "variants": variants}


def predictor_specs(task: Task, framework: str) -> dict[str, Any]:
    """Return what an endpoint of a task takes and answers (`predictor_specs`)."""
    kind = task.info.content_type
    is_plain = kind == _JSON or framework == "autogluon"
    return {
        "supported_content_types": [kind],
        "supported_accept_types": [_JSON] if is_plain else [_VERBOSE, _JSON],
        "default_content_type": kind,
        "default_accept_type": _JSON,
    }


def _environment(container: HostingContainer) -> list[dict[str, Any]]:
    extra = tuple((name, value, True) for name, value in (container.environment or {}).items())
    return [
        {
            "name": name,
            "type": "int" if isinstance(value, int) else "text",
            "default": value,
            "scope": "container",
            "required_for_model_class": is_required,
        }
        for name, value, is_required in (*_ENVIRONMENT, *extra)
    ]


def _payloads(model: Model, task: Task) -> dict[str, Any]:
    if task.value not in _EXAMPLES:
        return {}
    name, body = _EXAMPLES[task.value]
    # A chat gets the form in which the model was trained; for the sandbox's Llama that is one of a dialog.
    if isinstance(body, dict) and model.runnable and model.eula_key:
        answer = {"generated_text": "choices[0].message.content"}
        return {"Chat": {"content_type": _JSON, "body": _CHAT, "output_keys": answer}}
    payload: dict[str, Any] = {"content_type": task.info.content_type, "body": body}
    if isinstance(body, dict):
        payload |= {"prompt_key": "inputs", "output_keys": {"generated_text": "[0].generated_text"}}
    return {name: payload}

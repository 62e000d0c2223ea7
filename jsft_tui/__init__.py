"""jsft: the terminal workbench for fine-tuning Amazon SageMaker JumpStart models."""

__version__ = "0.2.0"

"""jsft: the terminal workbench for fine-tuning Amazon SageMaker JumpStart models."""

__version__ = "0.1.0"

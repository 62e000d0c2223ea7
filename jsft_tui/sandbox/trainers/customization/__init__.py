"""Customize a small language model by recipe: supervised fine-tuning and direct preference optimization.

A job starts from a base model: a transformer of about 160,000 parameters that the first job of a sandbox pretrains
from the texts in the model's training artifact. It is not the model of the name in AWS, only trained in the same way.
"""

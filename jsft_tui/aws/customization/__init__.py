"""Adapters that only customizations need: the model registry, hub documents, MLflow apps."""

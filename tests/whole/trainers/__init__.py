"""The real trainers of the SageMaker SDK v3, run in an environment of their own against a pretended AWS."""

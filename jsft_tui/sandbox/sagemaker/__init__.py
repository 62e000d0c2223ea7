"""Run SageMaker training jobs in the sandbox: the API and the training processes."""

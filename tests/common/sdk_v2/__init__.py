"""The SageMaker Python SDK v2, in a Python of its own: it does not go with the packages that jsft needs."""

"""The families of fine-tunable JumpStart models, by the kind of data they learn from.

Hyperparameters, metrics, instances and keys are those of public specs (the SageMaker Python SDK's test
data) and of the developer guide's algorithm pages; each family's comment says which. What has no public
source says "stand-in". The default datasets are always the sandbox's own.
"""

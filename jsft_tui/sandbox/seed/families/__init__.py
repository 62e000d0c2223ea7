"""Define the families of fine-tunable JumpStart models, by kind of training data.

Hyperparameters, metrics, instances and keys are those of public specs (the SageMaker Python SDK's test
data) and of the developer guide's algorithm pages; each family's comment names its source. Values without a
public source are marked "stand-in". The default datasets are always the sandbox's own.
"""

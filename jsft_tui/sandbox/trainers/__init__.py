"""Implement the sandbox's training containers: small numpy trainers that follow SageMaker's container contract.

Each runs in its own process, started by a job's `transfer_learning.py` (`program.main("<trainer>")`). The trainers are
not built on scikit-learn, because its estimators lack hyperparameters that the specs declare (dropout, Adagrad,
Adadelta, early stopping by a metric). `program` and `common.hyperparameters` must not import numpy.
"""

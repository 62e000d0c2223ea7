"""Train small causal language models: a byte-pair tokenizer and a transformer in numpy, trained by gradient descent.

`network.projections` is the place for adapters: every matrix of the transformer is applied by name there, and only the
parameters of the `Projections` object that a trainer passes are trained.
"""

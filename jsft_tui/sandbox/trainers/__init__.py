"""The sandbox's training containers: small, honest trainers in numpy that follow SageMaker's container contract.

Each is started as a process of its own by a job's `transfer_learning.py` (`image.main()`, `text.main()`,
`tabular.main()`). Only `declared` may be imported without numpy.
"""

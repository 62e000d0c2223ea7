"""The known failure texts: a folder per speaker, a module per subject; each declares its `PATTERNS`, specific first.

Source of all texts, unless a module names another: jumpstart-facts §6.2 (issue threads and the SageMaker Developer
Guide). Adding a module: list it in `matching._SOURCES`; tests/core/failures finds one that is not listed.
"""

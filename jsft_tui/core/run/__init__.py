"""A run: the run file, defaults, settings, drafts."""

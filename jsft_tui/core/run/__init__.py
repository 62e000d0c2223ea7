"""A run and its run file, defaults, settings, drafts."""

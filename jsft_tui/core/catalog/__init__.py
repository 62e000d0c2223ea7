"""JumpStart's models: specs, variants, tasks, containers, hyperparameters."""

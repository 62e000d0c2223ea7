"""Training and tuning jobs: creating, describing, listing and stopping them, their logs and metrics."""

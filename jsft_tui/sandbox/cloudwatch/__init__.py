"""CloudWatch Logs and metrics of the sandbox."""

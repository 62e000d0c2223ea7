"""CloudWatch Logs and CloudWatch metrics of the sandbox."""

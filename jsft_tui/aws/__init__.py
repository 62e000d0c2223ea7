"""How Amazon says it: one module per AWS service, boto3 in, core values out. No policy."""

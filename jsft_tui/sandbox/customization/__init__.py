"""Customization by recipe in the sandbox: the hub, the model registry, and what serverless jobs have of their own."""

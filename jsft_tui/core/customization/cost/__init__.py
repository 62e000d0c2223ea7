"""What a serverless customization costs."""

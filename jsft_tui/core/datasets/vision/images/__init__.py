"""Image files: their structure, and samples of them."""

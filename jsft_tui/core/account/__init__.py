"""What belongs to an AWS account: networks, keys, permissions."""

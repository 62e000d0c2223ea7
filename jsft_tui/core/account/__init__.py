"""The AWS account: target, identity, permissions, quotas, networks, keys."""

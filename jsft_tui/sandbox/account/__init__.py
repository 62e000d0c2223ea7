"""The sandbox's AWS account: identity, prices, quotas, and the services that moto answers."""

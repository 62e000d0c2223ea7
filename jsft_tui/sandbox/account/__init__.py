"""The sandbox's account: identity, prices, quotas, and what moto answers."""

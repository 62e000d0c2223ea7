"""Sign in to a target: credential providers, MFA codes, and the session that its clients are made of."""

"""Sessions, credentials, profiles, and error translation, shared by all adapters."""

"""Sessions, credentials, profiles, and the translation of errors that all adapters share."""

"""The form of a check, and the permissions that checks need."""

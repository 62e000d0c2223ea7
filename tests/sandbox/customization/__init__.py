"""Test customization by recipe in the sandbox."""

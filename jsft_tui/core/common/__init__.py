"""Shared by every subject: errors, findings, statuses, text, durations, strict YAML."""

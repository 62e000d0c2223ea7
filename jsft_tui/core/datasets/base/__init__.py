"""Shared by all data formats: the question, the budgeted reader, findings by kind."""

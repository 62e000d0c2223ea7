"""Searching text for metrics with regular expressions of anybody's, in a process of its own with a limit of time.

The sandbox and the client both do it, so it belongs to neither.
"""

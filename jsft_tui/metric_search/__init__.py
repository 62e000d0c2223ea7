"""Search text for metrics with untrusted regular expressions, in a child process with a time limit.

The client and the sandbox share it, so it belongs to neither.
"""

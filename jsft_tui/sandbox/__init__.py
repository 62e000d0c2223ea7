"""An AWS-compatible server on loopback whose training jobs are real subprocesses.

A program of its own (`python -m jsft_tui.sandbox`): the rest of jsft talks to it over HTTP only.
"""

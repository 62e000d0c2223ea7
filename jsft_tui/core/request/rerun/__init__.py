"""Runs made from past jobs: cloned, fixed, continued."""

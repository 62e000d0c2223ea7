"""Asking a model: what it is given, what it answers, and what it was asked before."""

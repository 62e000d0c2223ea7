"""Runs made from jobs that ran: cloned, fixed, continued."""

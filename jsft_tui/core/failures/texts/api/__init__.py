"""Texts of the API: answers to calls of this program, and of the service about a job."""

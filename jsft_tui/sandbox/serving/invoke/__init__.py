"""The API that invokes endpoints."""

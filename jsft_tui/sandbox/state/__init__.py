"""The sandbox's folder and database."""

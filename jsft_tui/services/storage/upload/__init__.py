"""Uploading a folder: its files, what is there already, what an ended upload left."""

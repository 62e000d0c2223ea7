"""Create the sandbox's datasets: drawn, generated or taken from botocore's documentation; none is downloaded.

Every function returns the same bytes on each call, provided that the same libraries are installed.
"""

"""The sandbox's datasets: all drawn, generated or taken from botocore's own documentation; none downloaded.

Every function returns the same bytes whenever it is called with the same libraries installed.
"""

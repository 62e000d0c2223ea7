"""The command line: parse options, print results. No business rules, no AWS calls."""

"""The sandbox's HTTP server: listening, signatures, routing, protocols."""

"""The full-screen face: shows what the services say, and passes on what the person wants. No rule, no AWS."""

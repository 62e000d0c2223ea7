"""Which instance type a run uses, and what it costs."""

"""The contestants. Each is a program of its own: `ORIGIN TOKEN` and what else it needs."""

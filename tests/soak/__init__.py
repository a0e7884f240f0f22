"""A year of five groups in the sandbox, calm and rough: `make soak`."""

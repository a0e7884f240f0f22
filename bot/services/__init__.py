"""Use cases: one function, one use case, one transaction. They never commit and never send."""

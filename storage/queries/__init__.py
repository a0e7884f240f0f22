"""SELECTs that more than one use case needs, as Core statements."""

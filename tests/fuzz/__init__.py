"""Updates of every kind and none, by the million, into the real bot: `make fuzz`."""

"""The reading group's rules as pure functions on frozen data: no I/O, no clock, no session."""

"""What happens on a command or a tap: parse, call one use case, render."""

"""The room expo."""

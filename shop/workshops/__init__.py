"""The room workshops."""

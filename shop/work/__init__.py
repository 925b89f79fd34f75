"""The room work."""

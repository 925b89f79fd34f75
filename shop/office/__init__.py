"""The room office."""

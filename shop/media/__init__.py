"""The room media."""

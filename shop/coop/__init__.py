"""The room coop."""

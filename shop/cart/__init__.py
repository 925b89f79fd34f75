"""The room cart."""

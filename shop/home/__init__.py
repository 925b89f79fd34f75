"""The room home."""

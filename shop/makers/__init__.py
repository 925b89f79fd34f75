"""The room makers."""

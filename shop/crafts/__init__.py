"""The room crafts."""

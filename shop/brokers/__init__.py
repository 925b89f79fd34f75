"""The room brokers."""

"""The room outbox."""

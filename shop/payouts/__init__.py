"""The room payouts."""

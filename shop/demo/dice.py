"""Chance that comes out the same every time."""

import random


def dice(seed: int) -> random.Random:
    """A source of chance for drawings; never for secrets."""
    return random.Random(seed)  # noqa: S311  threads and grain, not tokens

"""Reading fairs."""

from shop.expo.queries.edition import edition_of
from shop.expo.queries.selection import Candidate, Wish, candidates, chosen_ids, fairs_of, workshops_and_crafts

__all__ = ["Candidate", "Wish", "candidates", "chosen_ids", "edition_of", "fairs_of", "workshops_and_crafts"]

"""What can be done with work."""

from shop.work.services.assigning import Share, answer, assign, open_work, reopen, take_back
from shop.work.services.collecting import Counts, make_for_shelf, preview, receive

__all__ = [
    "Counts",
    "Share",
    "answer",
    "assign",
    "make_for_shelf",
    "open_work",
    "preview",
    "receive",
    "reopen",
    "take_back",
]

"""How a sum or some pieces of a line are shared over its frozen parts (money.md 2). Arithmetic only, in minor units."""

from collections.abc import Sequence

from shop.money import share, take


def of_pieces(whole: int, *, quantity: int, before: int, pieces: int) -> int:
    """The share of `pieces` of `quantity` in `whole`, after `before` others.

    Odd units go to the earlier pieces, so that all shares together are the whole, in whatever steps they are taken.
    """
    each, over = divmod(whole, quantity)
    return each * pieces + min(over, before + pieces) - min(over, before)


def given_back(left: Sequence[int], *, pieces: int, of: int) -> list[int]:
    """What `pieces` of the `of` that remain give back of what is left of each part.

    Their sum is the pieces' share by largest remainder, and it is taken from the parts by largest remainder: never more
    than is left, and everything with the last piece.
    """
    whole = sum(left)
    return take(share(whole, [pieces, of - pieces])[0], left)

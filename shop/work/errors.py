"""What the work room refuses."""

from shop.errors import ShopError


class CountsDisagree(ShopError):
    """Accepted + to mend + rejected is not what was counted, or more came in than is out. Data: counted, sum, out."""

    status = 422
    code = "counts_disagree"


class TooMany(ShopError):
    """More pieces assigned than are still to be made. Data: asked, left."""

    status = 422
    code = "too_many_pieces"


class NotHerWork(ShopError):
    """The maker has no mandate with this broker, cannot make it, or has left. Data: maker_id."""

    status = 422
    code = "not_her_work"


class TooYoung(ShopError):
    """She is below working age (product.md 1.7). Data: maker_id, age."""

    status = 422
    code = "too_young"


class Answered(ShopError):
    """She has answered already. Data: state."""

    code = "already_answered"


class NotAgreed(ShopError):
    """Work can be taken in only from somebody who said yes to it. Data: state."""

    code = "not_agreed"


class CountedBefore(ShopError):
    """The same form was saved with other numbers: a count that went back and was typed anew. Data: accepted, mend,
    rejected, as they were saved.
    """

    code = "counted_before"

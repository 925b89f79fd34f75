"""What the catalogue refuses."""

from shop.errors import ShopError


class SoldOut(ShopError):
    """Fewer pieces are left than asked for. Data: variant_id, left."""

    code = "sold_out"


class UnbalancedSplit(ShopError):
    """The parts do not sum to the price. Data: difference_minor (price less parts), currency."""

    status = 422
    code = "unbalanced_split"


class MakerBelowRate(ShopError):
    """The maker's part is below her agreed piece rate. Data: part_minor, rate_minor, currency."""

    status = 422
    code = "maker_below_rate"


class BelowMinimum(ShopError):
    """The pay per hour is below the local minimum and no officer gave a reason. Data: per_hour_minor, minimum_minor."""

    status = 422
    code = "below_minimum"


class Lacking(ShopError):
    """A draft cannot be published yet. Data: lacks (codes as in queries.LACKS)."""

    status = 422
    code = "lacking"


class Outdated(ShopError):
    """Somebody else saved the same thing in the meantime."""

    code = "outdated"

"""What the desk refuses besides what the rooms below do."""

from shop.errors import ShopError


class UnderInquiry(ShopError):
    """She said that this money did not come: until the co-op has asked her, nobody witnesses the contrary."""

    code = "under_inquiry"


class BrokersDevice(ShopError):
    """A broker is signed in on this device: what is tapped here is not the maker's own word (money.md 4)."""

    status = 403
    code = "brokers_device"


class NotSent(ShopError):
    """There is nothing to say about this payout now. Data: state."""

    code = "nothing_to_say"

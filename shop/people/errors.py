"""What this room refuses."""

from shop.errors import BadInput, ShopError


class BadEmail(BadInput):
    """No e-mail address."""

    code = "bad_email"


class BadPassword(BadInput):
    """A password that cannot be taken; `why`: short, long, sign or plain."""

    code = "bad_password"


class EmailTaken(ShopError):
    """Somebody with this address is there already."""

    code = "email_taken"


class WrongSignIn(BadInput):
    """Address and password do not belong together; which of the two is wrong is not said."""

    code = "wrong_sign_in"


class DeadLink(ShopError):
    """A link by mail that was used, has expired, or was replaced by a newer one."""

    status = 410
    code = "dead_link"


class LastAdmin(ShopError):
    """Without her nobody could let anybody in again."""

    code = "last_admin"


class NotAllowed(ShopError):
    """Another role's business."""

    status = 403
    code = "not_allowed"

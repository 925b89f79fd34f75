"""How Stripe says no: status, type, code, parameter and message of an error answer."""

from shop.payments.sandbox.store import Json

DOCS = "https://stripe.com/docs/error-codes/"


class ApiError(Exception):
    """An answer other than 200. ``status`` is HTTP's, ``kind`` Stripe's error type."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.kind = kind
        self.code = code
        self.param = param

    @property
    def body(self) -> Json:
        """The answer's JSON; absent fields are left out as Stripe does."""
        error: Json = {"message": self.message, "type": self.kind}
        if self.code:
            error |= {"code": self.code, "doc_url": DOCS + self.code.replace("_", "-")}
        if self.param:
            error["param"] = self.param
        return {"error": error}


def unknown_parameter(path: str) -> ApiError:
    return ApiError(f"Received unknown parameter: {path}", code="parameter_unknown", param=path)


def missing_parameter(path: str) -> ApiError:
    return ApiError(f"Missing required param: {path}.", code="parameter_missing", param=path)


def empty_parameter(path: str) -> ApiError:
    message = (
        f"'{path}' is an empty string, which would unset it, and it cannot be unset: leave it out or give it a value."
    )
    return ApiError(message, code="parameter_invalid_empty", param=path)


def no_such(kind: str, thing_id: str, param: str = "id") -> ApiError:
    return ApiError(f"No such {kind}: '{thing_id}'", status=404, code="resource_missing", param=param)


def not_simulated(path: str) -> ApiError:
    """The parameter exists at Stripe, but the sandbox would have to guess what follows from it."""
    return ApiError(f"The sandbox does not simulate '{path}'", code="sandbox_not_simulated", param=path)

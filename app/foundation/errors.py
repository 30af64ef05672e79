"""Every error a caller can meet, as RFC 9457 problem details.

    ServiceError (status, code, sentence)
    ├── NotFound               404  the object does not exist, or is not yours to see
    ├── Conflict               409  the present state forbids it; the detail lists the legal next moves
    ├── Unauthenticated        401
    ├── Forbidden              403
    ├── Invalid                422  parsed, but breaks a rule
    ├── Malformed              400  cannot be parsed
    ├── PreconditionRequired   428  an If-Match header is needed
    ├── PreconditionFailed     412  someone else changed it first
    ├── TooManyCalls           429  a limit is spent, or the address is locked out; wait for `Retry-After`
    └── Unavailable            503  try again after `Retry-After`

A detail never repeats a value the caller sent: values here are about people.
"""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_LISTED = 100


def listed(names: Sequence[str]) -> str:
    """Returns the names that a refusal lists as those there are: the first hundred, and how many more."""
    more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
    return ", ".join(names[:MOST_LISTED]) + more if names else "none yet"


@dataclass(frozen=True, slots=True)
class RequestFault:
    """One thing wrong with a request: where (a JSON pointer), which kind, and what to do."""

    pointer: str
    code: str
    detail: str = "see the detail"  # the refusal's own


class ServiceError(Exception):
    """A refusal with a status, a stable code, and a sentence that may be shown to the caller."""

    status = 500
    code = "internal"
    title = "Something went wrong on our side"

    def __init__(
        self, detail: str, *, code: str | None = None, faults: Sequence[RequestFault] = (), **extra: object
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code
        self.faults = tuple(faults)
        self.extra = extra
        self.headers: dict[str, str] = {}


class NotFound(ServiceError):
    """There is no such object, or it is not yours to see."""

    # One answer for both, and never 403: nobody finds out by trying which ids exist.
    status, code, title = 404, "not-found", "Not found"


class Conflict(ServiceError):
    """The present state forbids this; the answer lists what can be done instead."""

    status, code, title = 409, "conflict", "The present state forbids this"


class Unauthenticated(ServiceError):
    """The caller is not known."""

    status, code, title = 401, "unauthenticated", "A valid API key or access token is needed"


class Forbidden(ServiceError):
    """The caller is known and may not do this."""

    status, code, title = 403, "forbidden", "Your role may not do this"


class Invalid(ServiceError):
    """The request can be read but breaks a rule."""

    status, code, title = 422, "invalid", "The request breaks a rule"


class Malformed(ServiceError):
    """The request cannot be read."""

    status, code, title = 400, "malformed", "The request cannot be read"


class PayloadTooLarge(ServiceError):
    """The body is larger than we accept."""

    status, code, title = 413, "payload-too-large", "The body is too large"


class UnsupportedMediaType(ServiceError):
    """The body is not JSON."""

    status, code, title = 415, "unsupported-media-type", "Send application/json in UTF-8"


class PreconditionRequired(ServiceError):
    """An `If-Match` header is needed so that nobody's change is overwritten."""

    status, code, title = 428, "precondition-required", "If-Match is required"


class PreconditionFailed(ServiceError):
    """Someone else changed this first."""

    status, code, title = 412, "precondition-failed", "Someone else changed this first"


class TooManyCalls(ServiceError):
    """A limit of the caller is spent, or its address is locked out. `is_first` when it is the first of its window."""

    status, code, title = 429, "quota-exceeded", "Too many calls"

    def __init__(self, detail: str, *, retry_after: int, is_first: bool, code: str | None = None) -> None:
        super().__init__(detail, code=code)
        self.is_first = is_first
        self.headers["Retry-After"] = str(retry_after)


class Unavailable(ServiceError):
    """The service cannot answer now; try again."""

    status, code, title = 503, "unavailable", "Try again shortly"

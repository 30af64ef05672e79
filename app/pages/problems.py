"""Every problem code: what causes it and what to do. Codes and causes come from the errors themselves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.foundation.errors import ServiceError


@dataclass(frozen=True, slots=True)
class Problem:
    """One code as the page explains it."""

    code: str
    status: int
    title: str
    cause: str
    remedy: str


# What to do, by the code of an error class.
REMEDIES: Mapping[str, str] = {
    "conflict": "Read the detail: it lists what can be done instead. Read the object again before you act.",
    "forbidden": "Check the table of roles in the API reference; ask the co-ordinator when your role should be able to.",
    "internal": "Nothing was stored. Send the same request again once; if it fails again, report the trace id.",
    "invalid": "Mend what `errors` names, each by its JSON pointer, and send the request again.",
    "malformed": "Mend the request as the detail says: its JSON, its parameters or its headers cannot be read.",
    "not-found": "Check the id. An object of another agency or area answers in the same way as one that does not exist.",
    "payload-too-large": "Send less in one request: a body may be 256 KiB at most.",
    "precondition-failed": "Read the object again, decide on what it says now, and send its new ETag in `If-Match`.",
    "precondition-required": "Read the object and send its ETag in `If-Match`.",
    "unauthenticated": "Send `Authorization: Bearer` and your key. If the key was suspended, ask the co-ordinator for a new one.",
    "unavailable": "Wait for as long as `Retry-After` says, then send the same request with the same Idempotency-Key.",
    "unsupported-media-type": "Send the body as `application/json` in UTF-8.",
}
# Codes that are narrower than their class, and those of the framework.
SPECIAL: tuple[Problem, ...] = (
    Problem(
        "address-refused",
        422,
        "The request breaks a rule",
        "The address for webhooks is one this service will not call: not https, not a permitted host, or not public.",
        "Register an https address on a host that your partnership has permitted.",
    ),
    Problem(
        "cycle-overlaps",
        409,
        "The present state forbids this",
        "A new rhythm of meetings begins before the present one has ended.",
        "Let it begin after the last meeting that the detail names.",
    ),
    Problem(
        "discharge-with-open-actions",
        409,
        "The present state forbids this",
        "A forum may not let a case go while actions of the case are unfinished and not named.",
        "Finish each action in `open_actions`, or name it in `actions_continue` so that it goes on being reminded.",
    ),
    Problem(
        "discharge-without-owner",
        409,
        "The present state forbids this",
        "A forum may not let a case go while nobody outside it has accepted what the case still needs.",
        "Follow `next_moves`: ask a forum or an agency, and let it accept. Being asked is not owning.",
    ),
    Problem(
        "form-not-ours",
        403,
        "Your role may not do this",
        "A form on a page was sent without the mark that this service gave this browser.",
        "Open the page again and send the form from there.",
    ),
    Problem(
        "idempotency-key-reused",
        422,
        "The request breaks a rule",
        "The Idempotency-Key was used before with another body.",
        "Use a fresh random key for each new request, and the same key only to send the very same request again.",
    ),
    Problem(
        "method-not-allowed",
        405,
        "Method Not Allowed",
        "The path exists, but not with this method.",
        "Use one of the methods in the `Allow` header.",
    ),
    Problem(
        "no-person",
        422,
        "The request breaks a rule",
        "No person is named, and no program may decide that two people are one.",
        "Name the person who looked in `X-On-Behalf-Of`.",
    ),
    Problem(
        "referral-already-received",
        409,
        "The present state forbids this",
        "A referral with this source system and source reference was received before, with another Idempotency-Key.",
        "Read the referral that `location` names, or post what is new to it as an incident.",
    ),
    Problem(
        "victim-and-perpetrator",
        409,
        "The present state forbids this",
        "The two are victim and perpetrator of one incident, so they cannot be one person.",
        "Check the references; one of them names somebody else.",
    ),
)


def all_problems() -> list[Problem]:
    """Every problem a caller can meet, in the order of the codes."""
    classes = {kind.code: kind for kind in _kinds(ServiceError)}
    of_classes = [
        Problem(code, kind.status, kind.title, _cause(kind), REMEDIES[code]) for code, kind in classes.items()
    ]
    return sorted((*of_classes, *SPECIAL), key=lambda problem: problem.code)


def _kinds(kind: type[ServiceError]) -> Iterator[type[ServiceError]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from _kinds(narrower)


def _cause(kind: type[ServiceError]) -> str:
    return (
        "Something failed that should not." if kind is ServiceError else (kind.__doc__ or "").splitlines()[0]
    )

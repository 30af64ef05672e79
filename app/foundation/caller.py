"""The caller of a request, made once by the `access` room and passed down as an argument, and how persons compare."""

import unicodedata
from dataclasses import dataclass

from app.foundation.errors import Invalid


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated client. `areas` and `agency` limit the rows it sees; `route` is the operation it called."""

    client_id: str
    agency: str
    role: str
    areas: frozenset[str]
    on_behalf_of: str | None
    trace_id: str
    route: str

    @property
    def answerable(self) -> str:
        """Who answers for the act, as `AGENCY/name`: the named person, or the client when nobody is named."""
        return f"{self.agency}/{tidy_name(self.on_behalf_of or '') or self.client_id}"

    @property
    def person(self) -> str | None:
        """The named person who acts, as `AGENCY/name`; None for a program."""
        return self.answerable if tidy_name(self.on_behalf_of or "") else None

    def named_person(self, why: str) -> str:
        """Returns the named person who acts, as `AGENCY/name`.

        `why` ends the sentence of the refusal. Raises `Invalid` (no-person) when the client names nobody.
        """
        # The calling system vouches for the name: this service keeps no directory of people to check it against.
        if not tidy_name(self.on_behalf_of or ""):
            raise Invalid(f"name the person who acts, in X-On-Behalf-Of: {why}", code="no-person")
        return self.answerable


def tidy_name(name: str) -> str:
    """Returns the name as it is stored: composed characters (NFKC), no outer spaces, one space between its words."""
    return " ".join(unicodedata.normalize("NFKC", name).split())


def is_same_person(one: str, other: str) -> bool:
    """Returns whether two names, in whatever spelling, are one person: tidied, and without regard to case.

    The CHECK constraints named second_person compare the stored names with `lower` and so hold the same.
    """
    return tidy_name(one).casefold() == tidy_name(other).casefold()


# Workers act as this caller. It has no area and no agency of its own: their transactions see every row by row scope.
SYSTEM = Caller("system", "SYSTEM", "SYSTEM", frozenset(), None, "", "worker")

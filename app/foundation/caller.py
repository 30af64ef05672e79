"""The caller of a request: made once by the `access` room and passed down as an argument."""

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
        return f"{self.agency}/{self.on_behalf_of or self.client_id}"

    def named_person(self, why: str) -> str:
        """Returns the named person who acts, as `AGENCY/name`.

        `why` ends the sentence of the refusal. Raises `Invalid` (no-person) when the client names nobody.
        """
        # The calling system vouches for the name: this service keeps no directory of people to check it against.
        if not (self.on_behalf_of or "").strip():
            raise Invalid(f"name the person who acts, in X-On-Behalf-Of: {why}", code="no-person")
        return self.answerable


# Workers act as this caller. It has no area and no agency of its own: their transactions see every row by row scope.
SYSTEM = Caller("system", "SYSTEM", "SYSTEM", frozenset(), None, "", "worker")

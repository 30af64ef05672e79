"""The caller of a request, made once by the `access` room and passed down as an argument, and how persons compare.

A person is an account of an agency's directory, written `AGENCY/name`: agency and name of an account never change and
are never given again, so two of these are equal only when they are one account (decision 15).
"""

import unicodedata
from dataclasses import dataclass

from app.foundation.errors import Invalid


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated client. `areas` and `agency` limit the rows it sees; `route` is the operation it called.

    `address` is where it calls from, None for the service itself.
    `on_behalf_of` is the name of an active account of the agency, as its directory holds it; None for a program.
    """

    client_id: str
    agency: str
    role: str
    areas: frozenset[str]
    on_behalf_of: str | None
    trace_id: str
    route: str
    address: str | None = None

    @property
    def sender(self) -> str:
        """Who may repeat a request and get its answer again: this client, for this person.

        Two systems of an agency may both number their keys from one, and an act of one person is never the answer to
        another.
        """
        return f"{self.client_id} {self.on_behalf_of or ''}"

    @property
    def answerable(self) -> str:
        """Who answers for the act, as `AGENCY/name`; `AGENCY` alone when nobody is named.

        Which of the agency's people acts through a system that names nobody is not known.
        """
        return self.agency if self.on_behalf_of is None else f"{self.agency}/{self.on_behalf_of}"

    @property
    def person(self) -> str | None:
        """The named person who acts, as `AGENCY/name`; None for a program."""
        return None if self.on_behalf_of is None else self.answerable

    def named_person(self, why: str) -> str:
        """Returns the named person who acts, as `AGENCY/name`.

        `why` ends the sentence of the refusal. Raises `Invalid` (no-person) when the client names nobody.
        """
        if self.on_behalf_of is None:
            raise Invalid(f"name the person who acts, in X-On-Behalf-Of: {why}", code="no-person")
        return self.answerable


def normal_form(name: str) -> str:
    """Returns the one form in which names are kept and looked up: NFKC, case folded, trimmed, single spaces.

    The form of a form is itself.
    """
    # Folding can take a letter apart that NFKC puts together again, so NFKC has the last word.
    composed = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(unicodedata.normalize("NFKC", composed).split())


def is_second_person(person: str, before: str) -> bool:
    """Returns whether who acts now is known to be another person than who acted before.

    People of two agencies are two. Within an agency both must be named: a system that names nobody may be used by
    anybody of its agency. Both are written as `Caller.answerable` writes them. The function of the same name in the
    database answers the same.
    """
    (agency, named, _), (other_agency, other_named, _) = person.partition("/"), before.partition("/")
    return agency != other_agency or (bool(named and other_named) and person != before)


# Workers act as this caller. It has no area and no agency of its own: their transactions see every row by row scope.
SYSTEM = Caller("system", "SYSTEM", "SYSTEM", frozenset(), None, "", "worker")

"""Who is asking: made once per request by the `access` room, passed down as an argument."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated client. `areas` and `agency` bound the rows it can see; `route` names what it called."""

    client_id: str
    agency: str
    role: str
    areas: frozenset[str]
    on_behalf_of: str | None
    trace_id: str
    route: str


SYSTEM = Caller("system", "SYSTEM", "SYSTEM", frozenset(), None, "", "worker")

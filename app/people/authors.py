"""Who is answerable for what is said of a person."""

from app.foundation.caller import Caller
from app.foundation.errors import Invalid


def author_of(caller: Caller) -> str:
    """Who is answerable: the named user, else the client."""
    return f"{caller.agency}/{caller.on_behalf_of or caller.client_id}"


def person_behind(caller: Caller) -> str:
    """The named person who looked, or `Invalid`: a program cannot say that two people are one."""
    if not caller.on_behalf_of:
        raise Invalid(
            "name the person who looked, in X-On-Behalf-Of: no program decides who is whom", code="no-person"
        )
    return author_of(caller)

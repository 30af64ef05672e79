"""What the sign-in pages say, and what browsers send to them."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Form, Query

FormField = Annotated[str, Form(max_length=200)]
Answered = Annotated[str, Query(max_length=4000)]


@dataclass(frozen=True, slots=True)
class SignInPage:
    """What the page says: where it leads, why the viewer is here, what went wrong, and whether it takes a code."""

    then: str = "/board"
    why: str = ""
    fault: str = ""
    linking: bool = False


@dataclass(frozen=True, slots=True)
class SignInForm:
    """The fields of the form for development. `then` is the page to open afterwards."""

    form_token: FormField = ""
    account: FormField = ""
    then: FormField = ""


@dataclass(frozen=True, slots=True)
class LinkForm:
    """The field of a person whom the provider proved: the code that their administrator gave them."""

    form_token: FormField = ""
    code: FormField = ""


@dataclass(frozen=True, slots=True)
class ProvidersAnswer:
    """What a provider may send back with the browser. Only code, state and issuer are read."""

    code: Answered = ""
    state: Answered = ""
    iss: Answered = ""
    error: Answered = ""
    error_description: Answered = ""
    error_uri: Answered = ""
    session_state: Answered = ""
    scope: Answered = ""

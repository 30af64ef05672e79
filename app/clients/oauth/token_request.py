"""A request for a token as RFC 6749 writes it: a form, and refusals with the words of its section 5.2."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 20
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class TokenRefusedError(Exception):
    """A refusal by RFC 6749, 5.2: its `error` and a sentence that repeats nothing of the request."""

    def __init__(self, error: str, sentence: str) -> None:
        super().__init__(sentence)
        self.error, self.sentence = error, sentence


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """The form of a request for a token, and the headers beside it."""

    form: dict[str, str]
    authorization: tuple[str, ...]


def too_many() -> TokenRefusedError:
    """Returns the refusal of a client, or of an address that proved nobody, that has asked too often."""
    return TokenRefusedError("temporarily_unavailable", "too many requests; send this one again after `Retry-After`")


def not_proved() -> TokenRefusedError:
    """Returns the one refusal of a client that is unknown, suspended or not proved: it says not which."""
    return TokenRefusedError("invalid_client", "the client is not known, or what was sent does not prove it")


def read_token_request(body: bytes, content_type: str, authorization: tuple[str, ...]) -> TokenRequest:
    """Returns the request. Raises `TokenRefusedError` for what is no form, and for a parameter that comes twice."""
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise TokenRefusedError("invalid_request", f"send the parameters in the body, as {FORM}")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise TokenRefusedError("invalid_request", "the body is not a form, or has too many fields") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise TokenRefusedError("invalid_request", "a parameter comes twice")
    return TokenRequest(form, authorization)


def refuse_other_grants(request: TokenRequest) -> None:
    """Raises `TokenRefusedError` unless a client asks for a token for itself, without a scope."""
    grant = request.form.get("grant_type")
    if not grant:
        raise TokenRefusedError("invalid_request", "send grant_type=client_credentials")
    if grant != "client_credentials":
        raise TokenRefusedError("unsupported_grant_type", "the one grant_type here is client_credentials")
    if request.form.get("scope"):
        raise TokenRefusedError("invalid_scope", "leave `scope` out: the role of the client says what it may do")

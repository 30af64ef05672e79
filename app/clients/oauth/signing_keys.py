"""The service's own signing keys: one signs, the next is published an hour before it does, the last proves to the end.

Private halves are sealed with the deployment's secret, each to its `kid`: a dump of the database signs nothing.
"""

import json
from datetime import datetime, timedelta

from joserfc.jwk import ECKey
from sqlalchemy.orm import Session

from app.access.key_models import TokenSigningKey
from app.access.tokens import ALGORITHM, LIFETIME, SECONDS_APART
from app.clients.oauth import repository
from app.foundation.errors import ServiceError, Unavailable
from app.foundation.storage.keys import secret_key_of
from app.foundation.storage.locks import take_turn
from app.foundation.storage.sealing import Seal, seal_for

SIGNS_FOR = timedelta(days=90)
PUBLISHED_BEFORE = timedelta(hours=1)
"""How long a key signs, and how long before that whoever checks tokens themselves can read it [I]."""


def signing_key(session: Session, now: datetime) -> tuple[str, ECKey]:
    """Returns the `kid` and the key that signs now; the first one is made when a token is first asked for.

    Raises `Unavailable` where the secret of the deployment is not the one that the key was sealed with.
    """
    signs = _signs(session, now)
    if signs is None:
        take_turn(session, "token signing keys")
        signs = _signs(session, now) or _made(session, now, now)
    try:
        private = _seal(session).open(signs.sealed_private_jwk, signs.kid)
    except ServiceError:
        raise Unavailable("no token can be signed now; whoever runs the service replaces the signing key") from None
    return signs.kid, ECKey.import_key(json.loads(private))


def keep_signing_key(session: Session, now: datetime) -> int:
    """Makes the next key when the newest has signed long enough. Returns how many it made: none without a secret."""
    if secret_key_of(session) is None:
        return 0
    take_turn(session, "token signing keys")
    living = repository.living_signing_keys(session, now)
    if living and living[0].signs_from > now - SIGNS_FOR:
        return 0
    rotate_signing_key(session, now, at_once=not living)
    return 1


def rotate_signing_key(session: Session, now: datetime, *, at_once: bool = False) -> str:
    """Makes a key that signs from an hour on, ends the others with the last token of theirs, and returns the new `kid`.

    With `at_once` it signs now, and no token of the others holds any longer: for a key that was lost.
    """
    take_turn(session, "token signing keys")
    signs_from = now if at_once else now + PUBLISHED_BEFORE
    prove_until = now if at_once else signs_from + LIFETIME + timedelta(seconds=SECONDS_APART)
    for key in repository.living_signing_keys(session, now):
        key.ends_at = min(key.ends_at or prove_until, prove_until)
    return _made(session, now, signs_from).kid


def published_keys(session: Session, now: datetime) -> list[dict[str, str]]:
    """Returns the public halves of all keys that prove, or will: each as a JWK with its `kid`."""
    return [dict(key.public_jwk) for key in repository.living_signing_keys(session, now)]


def _signs(session: Session, now: datetime) -> TokenSigningKey | None:
    return next((key for key in repository.living_signing_keys(session, now) if key.signs_from <= now), None)


def _made(session: Session, now: datetime, signs_from: datetime) -> TokenSigningKey:
    key = ECKey.generate_key("P-256")
    kid = key.thumbprint()
    private = json.dumps(key.as_dict(private=True)).encode()
    made = TokenSigningKey(
        kid=kid,
        public_jwk=key.as_dict(private=False) | {"kid": kid, "use": "sig", "alg": ALGORITHM},
        sealed_private_jwk=_seal(session).close(private, kid),
        made_at=now,
        signs_from=signs_from,
        ends_at=None,
    )
    session.add(made)
    session.flush()
    return made


def _seal(session: Session) -> Seal:
    return seal_for("token signing keys", secret_key_of(session))

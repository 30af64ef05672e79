"""The public keys that clients register for `private_key_jwt`: which kinds are taken, and how each may sign."""

from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey, import_key

from app.foundation.errors import Invalid, RequestFault

LEAST_RSA_BITS = 2048
_BY_CURVE = {"P-256": ("ES256",), "P-384": ("ES384",), "P-521": ("ES512",), "Ed25519": ("Ed25519", "EdDSA")}
_BY_RSA = ("PS256", "PS384", "PS512", "RS256", "RS384", "RS512")
ALGORITHMS = sorted({*_BY_RSA, *(one for several in _BY_CURVE.values() for one in several)})
"""No symmetric algorithm and no `none`: only the client has what signs."""

PublicKey = ECKey | OKPKey | RSAKey


def read_public_key(jwk: dict[str, Any]) -> PublicKey:
    """Returns the key. Raises `Invalid`, which repeats nothing of it, for one that is none or of another kind."""
    try:
        key = import_key(jwk)
    except (JoseError, ValueError, TypeError, KeyError):
        raise _refused("not a public key as RFC 7517 writes it") from None
    if isinstance(key, ECKey | OKPKey) and key.curve_name in _BY_CURVE:
        return key
    if isinstance(key, RSAKey) and key.raw_value.key_size >= LEAST_RSA_BITS:
        return key
    raise _refused(f"register an EC key (P-256, P-384, P-521), an Ed25519 key, or RSA of {LEAST_RSA_BITS} bits or more")


def algorithms_of(key: PublicKey) -> tuple[str, ...]:
    """Returns the algorithms by which a signature of this key is taken."""
    return _BY_RSA if isinstance(key, RSAKey) else _BY_CURVE[key.curve_name]


def _refused(why: str) -> Invalid:
    return Invalid(f"`jwk` is refused: {why}", faults=[RequestFault("/jwk", "public_key", why)])

"""Standard Webhooks signatures, checked by other people's verifiers and published vectors."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from app.webhooks.delivery.signing import SigningKey, hmcts_headers, public_half, shown_secret, signed_headers
from app.webhooks.vocabulary import SecretKind
from tests.webhooks.measurements import save_measurement

RAW = bytes(range(32))
OLD = bytes(range(32, 64))
BODY = b'{"id":"evt_1","type":"reminder.digest"}'


def just_now() -> datetime:
    """The verifier reads the machine's clock, so these tests must too."""
    return datetime.now(UTC)


def shared(raw: bytes = RAW, expires_at: datetime | None = None) -> SigningKey:
    return SigningKey(SecretKind.V1, raw, expires_at)


def test_published_vector_of_the_standard_is_reproduced() -> None:
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    sent_at = datetime.fromtimestamp(1614265330, UTC)

    headers = signed_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', [shared(secret)], sent_at)

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@given(body=st.text(max_size=2000).map(str.encode), secret=st.binary(min_size=24, max_size=64))
def test_stock_verifier_accepts_whatever_body_and_secret_we_sign(body: bytes, secret: bytes) -> None:
    headers = signed_headers("evt_1", body, [shared(secret)], just_now())

    assert Webhook(shown_secret(secret)).verify(body, headers, json_parse=False) is None


@pytest.mark.parametrize("change", ["webhook-id", "webhook-timestamp", "body"])
def test_stock_verifier_refuses_a_call_that_was_changed_on_the_way(change: str) -> None:
    now = just_now()
    headers = signed_headers("evt_1", BODY, [shared()], now)
    body = BODY + b" " if change == "body" else BODY
    changed = {"webhook-id": "evt_2", "webhook-timestamp": str(int(now.timestamp()) + 1)}
    headers |= {change: changed[change]} if change in changed else {}

    with pytest.raises(WebhookVerificationError):
        Webhook(shown_secret(RAW)).verify(body, headers)


def test_replayed_call_is_too_old_for_the_stock_verifier() -> None:
    headers = signed_headers("evt_1", BODY, [shared()], just_now() - timedelta(minutes=6))

    with pytest.raises(WebhookVerificationError, match="too old"):
        Webhook(shown_secret(RAW)).verify(BODY, headers)


def test_receiver_with_either_secret_verifies_throughout_a_rotation() -> None:
    now, overlap = just_now(), 24 * 60
    for minutes in range(overlap):
        keys = [shared(RAW), shared(OLD, now + timedelta(minutes=overlap - minutes))]

        headers = signed_headers("evt_1", BODY, keys, now)

        for secret in (RAW, OLD):
            assert Webhook(shown_secret(secret)).verify(BODY, headers)
    save_measurement("rotation", overlap, failed=0, minutes=overlap, verifiers="Python, JavaScript")


def test_old_secret_signs_no_more_from_the_instant_its_overlap_ends() -> None:
    now = just_now()

    headers = signed_headers("evt_1", BODY, [shared(RAW), shared(OLD, now)], now)

    assert " " not in headers["webhook-signature"]
    with pytest.raises(WebhookVerificationError):
        Webhook(shown_secret(OLD)).verify(BODY, headers)


def test_newest_secret_is_the_first_signature_in_the_header() -> None:
    now = just_now()
    only_new = signed_headers("evt_1", BODY, [shared(RAW)], now)["webhook-signature"]

    both = signed_headers("evt_1", BODY, [shared(RAW), shared(OLD, now + timedelta(days=1))], now)

    assert both["webhook-signature"].split(" ")[0] == only_new


def test_key_pair_signature_verifies_with_the_public_half_alone() -> None:
    pair = Ed25519PrivateKey.generate().private_bytes_raw()
    now = just_now()

    headers = signed_headers("evt_1", BODY, [SigningKey(SecretKind.V1A, pair, None)], now)

    version, signature = headers["webhook-signature"].split(",")
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_half(pair).removeprefix("whpk_")))
    content = f"evt_1.{headers['webhook-timestamp']}.".encode() + BODY
    assert version == "v1a"
    public.verify(base64.b64decode(signature), content)
    with pytest.raises(InvalidSignature):
        public.verify(base64.b64decode(signature), content + b" ")


def test_receiver_of_shared_secrets_passes_over_the_key_pair_signature() -> None:
    pair = Ed25519PrivateKey.generate().private_bytes_raw()
    keys = [shared(RAW), SigningKey(SecretKind.V1A, pair, None)]

    headers = signed_headers("evt_1", BODY, keys, just_now())

    assert Webhook(shown_secret(RAW)).verify(BODY, headers)


def test_hmcts_profile_signs_the_body_and_names_the_key() -> None:
    headers = hmcts_headers("whe_1", BODY, shared())

    expected = base64.b64encode(hmac.new(RAW, BODY, hashlib.sha256).digest()).decode()
    assert headers == {"x-key-id": "whe_1", "x-signature": expected}

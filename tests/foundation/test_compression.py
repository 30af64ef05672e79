"""The API's answers are compressed for whoever accepts it; answers with an ETag keep their bytes."""

import gzip
import json

import pytest
from fastapi.testclient import TestClient

from tests.given import Callers, a_referral


@pytest.fixture
def decision(callers: Callers) -> str:
    path: str = callers.hub.post_plainly("/v1/referrals", a_referral()).json()["links"]["decision"]
    return path


def raw(http: TestClient, callers: Callers, path: str, accepts: str) -> tuple[dict[str, str], bytes]:
    """The headers and the bytes as they went over the wire."""
    headers = {"Authorization": f"Bearer {callers.coordinator.key}", "Accept-Encoding": accepts}
    with http.stream("GET", path, headers=headers) as answer:
        return dict(answer.headers), b"".join(answer.iter_raw())


def test_answer_is_compressed_for_whoever_accepts_it_and_is_the_same(
    http: TestClient, callers: Callers, decision: str
) -> None:
    plain, text = raw(http, callers, decision, "identity")
    packed, squeezed = raw(http, callers, decision, "gzip, deflate, br")

    assert packed["content-encoding"] == "gzip"
    assert len(squeezed) == int(packed["content-length"]) < len(text) / 3
    assert json.loads(gzip.decompress(squeezed)) == json.loads(text)
    assert "content-encoding" not in plain
    assert {name.strip() for name in packed["vary"].split(",")} == {"Accept", "Authorization", "Accept-Encoding"}


@pytest.mark.parametrize("accepts", ["gzip;q=0", "gzip; q=0.0", "br", ""])
def test_answer_is_left_as_it_is_for_whoever_does_not_accept_gzip(
    accepts: str, http: TestClient, callers: Callers, decision: str
) -> None:
    headers, _ = raw(http, callers, decision, accepts)

    assert "content-encoding" not in headers


def test_answer_with_an_etag_keeps_its_bytes_so_that_the_tag_names_one_form(http: TestClient, callers: Callers) -> None:
    headers, body = raw(http, callers, "/v1/policies/national-baseline", "gzip")

    assert len(body) > 1_000
    assert "etag" in headers
    assert "content-encoding" not in headers


def test_short_answer_is_not_worth_compressing(http: TestClient, callers: Callers) -> None:
    headers, body = raw(http, callers, "/v1/referrals", "gzip")

    assert json.loads(body)["items"] == []
    assert "content-encoding" not in headers

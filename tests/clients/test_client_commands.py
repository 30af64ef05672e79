"""The commands for clients and their keys: what the API does, and a typing error is one line."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import ECKey
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker
from typer.testing import CliRunner, Result

from app.access.models import Client
from app.cli import cli
from app.foundation.clock import SettableClock
from tests.clients.given_clients import WHY as REASON
from tests.clients.given_clients import added_key, keys_path, posted, status_with
from tests.clients.given_tokens import SigningSystem, ask_by_assertion, token_of
from tests.given import Caller, Callers
from tests.postgres import SECRET_KEY

Run = Callable[..., Result]
HUB = ("Hub", "ANYTOWN-POLICE", "hub.referrer", "ANYTOWN")
WHY = ("--reason", "Agreed with the system's owner today")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, database_url: str, callers: Callers) -> Run:
    """A command for clients, over the database of this test with its area ANYTOWN."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("ROUTING_SECRET_KEY", SECRET_KEY)
    return lambda *words: CliRunner().invoke(cli, ["client", *words])


@pytest.fixture
def clock() -> SettableClock:
    """The machine's time: commands store by it what the service then reads."""
    return SettableClock(datetime.now(UTC))


def count_clients(sessions: sessionmaker[Session]) -> int:
    with sessions() as session:
        return session.query(Client).count()


def test_client_of_a_known_role_in_a_known_area_gets_a_key(run: Run) -> None:
    result = run("add", "Hub", "ANYTOWN-POLICE", "hub.referrer", "ANYTOWN")

    assert result.exit_code == 0, result.output
    assert result.output.startswith("cli_")


@pytest.mark.parametrize(
    ("agency", "role", "area", "says"),
    [
        (
            "ANYTOWN-POLICE",
            "hub.refferer",
            "ANYTOWN",
            "there is no such role; the roles are agency.administrator, hub.ref",
        ),
        (
            "ANYTOWN-POLICE",
            "hub.referrer",
            "ANYTOWM",
            "there is no such area; the areas are ANYTOWN, one to a word",
        ),
        (
            "ANYTOWN-POLICE",
            "hub.referrer",
            "ANYTOWN,ANYTOWN",
            "there is no such area; the areas are ANYTOWN, one to a word",
        ),
        (
            "ANYTOWN-POLIS",
            "hub.referrer",
            "ANYTOWN",
            "there is no such agency; the agencies are ANYTOWN-BOARD, ANYTOWN",
        ),
    ],
)
def test_client_with_a_typing_error_is_refused_in_one_line(
    agency: str, role: str, area: str, says: str, run: Run, sessions: sessionmaker[Session]
) -> None:
    before = count_clients(sessions)

    result = run("add", "Hub", agency, role, area)

    assert result.exit_code == 1
    assert says in result.output
    assert len(result.output.splitlines()) == 1
    assert count_clients(sessions) == before


@pytest.mark.parametrize("days", ["0", "731"])
def test_key_that_would_last_no_time_or_too_long_is_refused(days: str, run: Run) -> None:
    result = run("add", *HUB, "--days", days)

    assert result.exit_code == 1
    assert "expires_in_days" in result.output


def test_keys_are_added_rotated_suspended_and_resumed_by_command(
    run: Run, http: TestClient, owner_engine: Engine, clock: SettableClock
) -> None:
    client_id, first = run("add", *HUB).output.split()
    key_id, second = run("add-key", client_id, *WHY).output.split()
    _, third = run("rotate-key", client_id, key_id, "--overlap-hours", "0", *WHY).output.split()
    clock.set(datetime.now(UTC))
    held = [status_with(http, key) for key in (first, second, third)]
    done = [run("suspend", client_id, *WHY)]
    refused = status_with(http, first)
    done.append(run("resume", client_id, *WHY))
    done.append(run("suspend-key", client_id, key_id, *WHY))
    done.append(run("resume-key", client_id, key_id, *WHY))

    assert (held, refused, status_with(http, first)) == ([200, 401, 200], 401, 200)
    assert [one.exit_code for one in done] == [0] * 4, [one.output for one in done]
    with owner_engine.connect() as connection:
        kinds = connection.scalars(text("SELECT kind FROM client_change ORDER BY number")).all()
    assert kinds == [
        "CLIENT_ADDED", "KEY_ADDED", "KEY_ADDED", "KEY_ROTATED",
        "CLIENT_SUSPENDED", "CLIENT_RESUMED", "KEY_SUSPENDED", "KEY_RESUMED",
    ]  # fmt: skip


def test_public_key_is_registered_and_the_signing_key_replaced_by_command(
    run: Run, http: TestClient, tmp_path: Path, clock: SettableClock
) -> None:
    client_id = run("add", *HUB).output.split()[0]
    key, file = ECKey.generate_key("P-256"), tmp_path / "hub.jwk"
    file.write_text(json.dumps(key.as_dict(private=False) | {"kid": "own"}))

    registered = run("register-public-key", client_id, str(file), *WHY).output.split()
    clock.set(datetime.now(UTC))
    signing = SigningSystem(client_id, key, registered[0], clock)
    token = token_of(ask_by_assertion(http, signing.assertion()))
    held = status_with(http, token)
    kid = run("rotate-signing-key", "--at-once").output.strip()
    clock.set(datetime.now(UTC))

    assert (registered[1], held, status_with(http, token)) == ("own", 200, 401)
    assert [one["kid"] for one in http.get("/oauth/jwks").json()["keys"]] == [kid]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("no json", "cannot be read as a JWK"),
        ('{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}', "not a public key"),
        ('{"kty": "oct", "k": "c2VjcmV0"}', "this is a private key"),
    ],
)
def test_file_that_holds_no_public_key_is_refused_in_one_line(
    content: str, says: str, run: Run, tmp_path: Path
) -> None:
    client_id, file = run("add", *HUB).output.split()[0], tmp_path / "hub.jwk"
    file.write_text(content)

    result = run("register-public-key", client_id, str(file), *WHY)

    assert (result.exit_code, len(result.output.splitlines())) == (1, 1)
    assert says in result.output


def test_list_shows_how_each_key_begins_and_when_it_ends_and_never_the_key(run: Run) -> None:
    client_id, key = run("add", *HUB, "--days", "20").output.split()

    listed = run("list", "ANYTOWN-POLICE").output
    ending = run("list", "ANYTOWN-POLICE", "--ending").output.splitlines()

    assert key not in listed
    assert len(listed.splitlines()) == 2
    assert [line.split("\t")[0] for line in ending] == [client_id]
    assert ending[0].split("\t")[5] == key[:15]
    assert ending[0].split("\t")[7:] == ["never used", "ENDS_SOON"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("suspend", "cli_nobody", *WHY), "there is no such client"),
        (("suspend-key", "CLIENT", "key_nothing", *WHY), "no such key"),
        (("suspend", "CLIENT", "--reason", "too short"), "reason:"),
        (("resume", "CLIENT", *WHY), "not suspended"),
        (("add-key", "CLIENT", "--kind", "PUBLIC_KEY", *WHY), "kind:"),
        (("list", "NOBODY"), "there is no such agency"),
    ],
)
def test_other_typing_error_is_refused_in_one_line(words: tuple[str, ...], says: str, run: Run) -> None:
    client_id = run("add", *HUB).output.split()[0]

    result = run(*(client_id if word == "CLIENT" else word for word in words))

    assert result.exit_code == 1
    assert says in result.output
    assert len(result.output.splitlines()) == 1


@pytest.mark.parametrize("name", ["", " ", "a\tb", "a\nb", "a\x1b[31mb", "a\u202eb", "x" * 201])
def test_client_without_a_plain_name_is_refused_in_one_line(
    name: str, run: Run, sessions: sessionmaker[Session]
) -> None:
    """The list of clients is one line for each key, with tabs between."""
    before = count_clients(sessions)

    result = run("add", name, *HUB[1:])

    assert (result.exit_code, len(result.output.splitlines())) == (1, 1)
    assert "name" in result.output
    assert count_clients(sessions) == before


@pytest.mark.parametrize("depth", [900, 200_000])
def test_deeply_nested_key_file_is_refused_in_one_line(depth: int, run: Run, tmp_path: Path) -> None:
    client_id, file = run("add", *HUB).output.split()[0], tmp_path / "hub.jwk"
    file.write_text("[" * depth + "]" * depth)

    result = run("register-public-key", client_id, str(file), *WHY)

    assert (result.exit_code, len(result.output.splitlines())) == (1, 1), result.output


def test_administrator_does_not_resume_what_whoever_runs_the_service_suspended(
    run: Run, administrator: Caller, system: dict[str, Any]
) -> None:
    key = added_key(administrator, system)
    paths = [f"/v1/clients/{system['id']}/resumptions", keys_path(system, key, "resumptions")]
    suspended = [run("suspend", system["id"], *WHY), run("suspend-key", system["id"], key["id"], *WHY)]

    answers = [administrator.post(path, REASON) for path in paths]
    resumed = [run("resume", system["id"], *WHY), run("resume-key", system["id"], key["id"], *WHY)]

    assert [one.exit_code for one in (*suspended, *resumed)] == [0] * 4
    assert [one.status_code for one in answers] == [403, 403]
    posted(administrator, f"/v1/clients/{system['id']}/suspensions")
    posted(administrator, paths[0])

"""The commands for accounts: what the API does, and a typing error is one line."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner, Result

from app.cli import cli
from tests.given import Caller, Callers
from tests.postgres import SECRET_KEY

Run = Callable[..., Result]
ANN = ("ANYTOWN-MARAC", "Ann.Lee")
WHY = ("--reason", "Agreed with the line manager today")
PLACE = ("ANYTOWN", "--team", "Safeguarding", "--post", "MARAC_COORDINATOR")
ADD = (*ANN, *PLACE, "--full-name", "Ann Lee", *WHY)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, database_url: str, callers: Callers) -> Run:
    """An account command, over the database of this test with its area ANYTOWN."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("ROUTING_SECRET_KEY", SECRET_KEY)
    return lambda *words: CliRunner().invoke(cli, ["account", *words])


def test_person_is_added_moved_suspended_and_resumed_by_command(run: Run, owner_engine: Engine) -> None:
    to = ("ANYTOWN", "--team", "Chair's office", "--post", "MARAC_CHAIR", *WHY)
    results = [run("add", *ADD), run("move", *ANN, *to), run("linking-code", *ANN, *WHY), run("suspend", *ANN, *WHY)]
    listed = run("list", "ANYTOWN-MARAC").output.splitlines()
    results.append(run("resume", *ANN, *WHY))

    assert [one.exit_code for one in results] == [0] * 5, [one.output for one in results]
    assert "ann.lee\tMARAC_CHAIR\tChair's office\tANYTOWN\tsuspended" in listed
    account_id = results[0].output.strip()
    with owner_engine.connect() as connection:
        kept = connection.execute(
            text("SELECT kind, changed_by FROM account_change WHERE account_id = :id ORDER BY number"),
            {"id": account_id},
        ).all()
        traced = connection.scalar(
            text("SELECT count(*) FROM audit_entry WHERE subject_type = 'account' AND subject_id = :id"),
            {"id": account_id},
        )
    assert [tuple(one) for one in kept] == [
        (kind, "SYSTEM") for kind in ("ADDED", "MOVED", "LINKING_CODE_MADE", "SUSPENDED", "RESUMED")
    ]
    assert traced == 5


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "NOBODY", *ADD[1:]), "there is no such agency"),
        (("add", *ANN, "NOWHERE", *ADD[3:]), "there is no such area"),
        (("add", "ANYTOWN-MARAC", "a/b", *ADD[2:]), "name:"),
        (("add", "ANYTOWN-MARAC", "jo.smith", *ADD[2:]), "choose another"),
        (("move", *ANN, *PLACE, *WHY), "no account of this name"),
        (("suspend", "ANYTOWN-MARAC", "jo.smith", "--reason", "too short"), "reason:"),
        (("resume", "ANYTOWN-MARAC", "jo.smith", *WHY), "not suspended"),
    ],
)
def test_typing_error_is_refused_in_one_line(words: tuple[str, ...], says: str, run: Run) -> None:
    result = run(*words)

    assert result.exit_code == 1
    assert says in result.output
    assert len(result.output.splitlines()) == 1


def test_client_speaks_for_people_only_when_the_command_says_so(
    monkeypatch: pytest.MonkeyPatch, run: Run, owner_engine: Engine
) -> None:
    words = ["client", "add", "Feed", "ANYTOWN-POLICE", "hub.referrer", "ANYTOWN"]
    made = [CliRunner().invoke(cli, words), CliRunner().invoke(cli, [*words, "--speaks-for-people"])]
    ids = [one.output.splitlines()[0] for one in made]

    with owner_engine.connect() as connection:
        kept = [
            connection.scalar(text("SELECT speaks_for_people FROM client WHERE id = :id"), {"id": one}) for one in ids
        ]
    assert kept == [False, True]


def test_administrator_does_not_resume_whom_whoever_runs_the_service_suspended(run: Run, administrator: Caller) -> None:
    account_id = run("add", *ADD).output.strip()
    run("suspend", *ANN, *WHY)

    refused = administrator.post(f"/v1/accounts/{account_id}/resumptions", {"reason": WHY[1]})

    assert refused.status_code == 403
    assert "whoever runs this service" in refused.json()["detail"]
    assert run("resume", *ANN, *WHY).exit_code == 0

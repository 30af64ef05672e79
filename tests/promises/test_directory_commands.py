"""The commands that fill the directory: a typing error is refused with one line, and nothing is stored."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from typer.testing import CliRunner, Result

from app.access.models import Area
from app.access.service import scope_to_system
from app.cli import cli
from app.reminders.models import PostMailbox
from app.vocabulary import Nation
from app.webhooks.repository import allowed_hosts
from tests.given import Callers
from tests.postgres import SECRET_KEY

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, database_url: str, callers: Callers) -> Run:
    """A command of the directory, over the database of this test with its area ANYTOWN."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("ROUTING_SECRET_KEY", SECRET_KEY)
    return lambda *words: CliRunner().invoke(cli, ["directory", *words])


def test_area_is_of_a_nation_that_is_known(run: Run, sessions: sessionmaker[Session]) -> None:
    assert run("add-area", "GWENT", "Gwent", "--nation", "WLS").exit_code == 0
    assert run("add-area", "FIFE", "Fife", "--nation", "FIF").exit_code == 2
    assert run("add-area", "FIFE", "Fife").exit_code == 2  # nobody's bank holidays are guessed

    with sessions() as session:
        found = {code: session.get(Area, code) for code in ("GWENT", "FIFE")}
    assert found["GWENT"].nation is Nation.WALES
    assert found["FIFE"] is None


@pytest.mark.parametrize("policy", ["northumberland", "../../etc"])
def test_area_begins_under_a_policy_that_there_is(policy: str, run: Run, sessions: sessionmaker[Session]) -> None:
    assert run("add-area", "GWENT", "Gwent", "--nation", "WLS", "--policy-profile", "north-wales").exit_code == 0
    refused = run("add-area", "FIFE", "Fife", "--nation", "ENG", "--policy-profile", policy)

    assert refused.exit_code == 1
    assert "there is no such policy" in refused.output
    with sessions() as session:
        assert session.get(Area, "FIFE") is None


def test_host_is_opened_for_one_agency_and_closed_again(run: Run, sessions: sessionmaker[Session]) -> None:
    def hosts() -> tuple[str, ...]:
        with sessions() as session:
            scope_to_system(session)
            return allowed_hosts(session, {"ANYTOWN-COUNCIL"})["ANYTOWN-COUNCIL"]

    before = hosts()
    assert run("allow-host", "ANYTOWN-COUNCIL", "hooks.charity.example").exit_code == 0
    opened = hosts()
    assert run("withdraw-host", "ANYTOWN-COUNCIL", "hooks.charity.example").exit_code == 0

    assert set(opened) - set(before) == {"hooks.charity.example"}
    assert hosts() == before


def test_address_of_a_post_is_registered_changed_and_removed(run: Run, sessions: sessionmaker[Session]) -> None:
    def addresses() -> list[str]:
        with sessions() as session:
            scope_to_system(session)
            return list(session.scalars(select(PostMailbox.address)))

    post = ("ANYTOWN", "HOUSING", "ANYTOWN-COUNCIL")
    assert run("mail-post", *post, "duty@council.example").exit_code == 0
    assert run("mail-post", *post, "housing@council.example").exit_code == 0
    registered = addresses()
    assert run("stop-mail", *post).exit_code == 0

    assert registered == ["housing@council.example"]
    assert addresses() == []


@pytest.mark.parametrize(
    "words",
    [
        ("add-area", "TOWN,OTHER", "Two in one", "--nation", "ENG"),
        ("add-area", "ANYTOWN", "Again", "--nation", "ENG"),
        ("add-agency", "town/police", "With a slash"),
        ("add-agency", "ANYTOWN-POLICE", "Again"),
        ("allow-host", "ANYTOWN-COUNCIL", "HOOKS"),
        ("allow-host", "NOBODY", "hooks.charity.example"),
        ("allow-network", "whe_x", "10.0.0.0/8"),
        ("fill-post", "NOWHERE", "PVP_HUB", "ANYTOWN-POLICE"),
        ("mail-post", "NOWHERE", "HOUSING", "ANYTOWN-COUNCIL", "duty@council.example"),
        ("mail-post", "ANYTOWN", "HOUSING", "ANYTOWN-COUNCIL", "duty"),
        ("stop-mail", "ANYTOWN", "HOUSING", "ANYTOWN-COUNCIL"),
    ],
)
def test_other_typing_errors_are_refused_in_one_line(words: tuple[str, ...], run: Run) -> None:
    result = run(*words)

    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 1

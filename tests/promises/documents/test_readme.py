"""The README says what the service does: its referral is posted, and its answer is part of the real one."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.foundation.settings import Settings
from app.policy_cli import policy as policy_commands
from app.routing.loading.catalogue import BASELINE, policy_file
from app.routing.loading.loader import PolicyFile, load_policy
from app.startup import _welcome
from tests.given import Callers

README = (Path(__file__).resolve().parents[3] / "README.md").read_text(encoding="utf-8")
RECEIVED = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
BLOCKS = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", README, re.DOTALL)]


def is_part_of(shown: Any, real: Any) -> bool:
    """Whether everything that is shown is in the real answer; a list may leave items out, not change them."""
    if isinstance(shown, dict):
        return isinstance(real, dict) and all(
            name in real and is_part_of(part, real[name]) for name, part in shown.items()
        )
    if isinstance(shown, list):
        return all(any(is_part_of(part, candidate) for candidate in real) for part in shown)
    return bool(shown == real)


@pytest.mark.parametrize(("sent", "shown"), [BLOCKS[:2], BLOCKS[2:]], ids=["met", "open"])
def test_readme_shows_a_real_referral_and_part_of_its_real_answer(sent: Any, shown: Any, callers: Callers) -> None:
    meeting = {"area": "ANYTOWN", "forum": "MARAC", "held_on": "2026-03-19", "cut_off_on": "2026-03-10"}
    callers.coordinator.post("/v1/meetings", meeting).raise_for_status()

    answer = callers.hub.post("/v1/referrals", sent)

    assert answer.status_code == 201, answer.text
    assert is_part_of(shown, answer.json())


def test_printed_referral_is_taken_beside_that_of_the_readme_and_again_at_the_next_start(
    callers: Callers, settings: Settings
) -> None:
    keys = {"hub": "key", "coordinator": "key"}
    printed = [re.search(r"-d '(.*?)'", _welcome(settings, keys, RECEIVED), re.DOTALL) for _ in range(2)]
    bodies = [BLOCKS[0], *(json.loads(one[1]) for one in printed if one)]

    statuses = [callers.hub.post("/v1/referrals", body).status_code for body in bodies]

    assert statuses == [201, 201, 201]


def test_comparison_of_the_readme_can_fail() -> None:
    assert not is_part_of({"needs": [{"kind": "NONE"}]}, {"needs": [{"kind": "PERPETRATOR"}]})


def test_policy_of_the_readme_is_proved_and_changes_only_what_it_says() -> None:
    (overlay,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)

    policy = load_policy(PolicyFile("anytown.toml", overlay), policy_file(BASELINE))

    assert policy.parameters["escalation_incidents"].value == 4
    assert [departure.id for departure in policy.departures] == ["escalation_incidents"]


def test_figures_that_the_readme_prints_of_its_policy_are_those_of_the_commands(tmp_path: Path) -> None:
    (overlay,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    file = tmp_path / "anytown.toml"
    file.write_text(overlay, encoding="utf-8")
    printed = [
        CliRunner().invoke(policy_commands, command).output.splitlines()
        for command in (["validate", str(file)], ["diff", BASELINE, str(file)])
    ]

    shown = [
        line for line in README.splitlines() if re.search(r"proved over|in \d[\d,]* of \d[\d,]* situations:$", line)
    ]

    assert len(shown) == 3
    assert [line for line in shown if line not in printed[0] + printed[1]] == []

"""The commands with which a co-ordinator changes a rule: check, compare, explain, try, publish."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.policy_cli import policy
from tests.policies.given import FEWER_TICKS, UNSOUND, a_draft
from tests.routing.given import altered

RUN = CliRunner()


def written(folder: Path, body: str) -> str:
    path = folder / "anytown.toml"
    path.write_text(a_draft(body), encoding="utf-8")
    return str(path)


def test_sound_policy_is_said_to_be_proved_over_how_many_situations(tmp_path: Path) -> None:
    result = RUN.invoke(policy, ["validate", written(tmp_path, FEWER_TICKS)])

    assert result.exit_code == 0
    assert result.output.startswith("anytown 1.0.0: proved over 1,573,577 situations; 49 rules")


def test_every_shipped_policy_is_checked_with_its_examples_when_none_is_named() -> None:
    result = RUN.invoke(policy, ["validate"])

    assert result.exit_code == 0
    assert len(result.output.splitlines()) == 8
    assert "national-baseline 2.0.0: proved" in result.output


def test_unsound_policy_is_refused_with_the_line_and_the_situation(tmp_path: Path) -> None:
    result = RUN.invoke(policy, ["validate", written(tmp_path, UNSOUND)])

    assert result.exit_code == 1
    assert "somebody would have no owner" in result.output
    assert '[[cell]]\nname = "no row applies"' in result.output


def test_file_that_extends_no_shipped_policy_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "anytown.toml"
    path.write_text(altered().text, encoding="utf-8")

    result = RUN.invoke(policy, ["validate", str(path)])

    assert result.exit_code == 1
    line = 1 + altered().text.splitlines().index("[policy]")
    assert f"anytown.toml:{line}: this policy extends no shipped policy" in result.output


@pytest.mark.parametrize("named", [{"policy_id": "../../etc"}, {"version": "1/../2"}])
def test_policy_whose_name_could_lead_elsewhere_is_refused_with_its_line(named: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "anytown.toml"
    path.write_text(a_draft(**named), encoding="utf-8")

    result = RUN.invoke(policy, ["validate", str(path)])

    field = next(iter(named)).removeprefix("policy_")
    line = 1 + next(n for n, said in enumerate(a_draft(**named).splitlines()) if said.startswith(f"{field} ="))
    assert result.exit_code == 1
    assert f"anytown.toml:{line}: `{field}` must be" in result.output


def test_something_that_is_no_policy_at_all_is_refused_by_name() -> None:
    result = RUN.invoke(policy, ["validate", "atlantis"])

    assert result.exit_code == 1
    assert "'atlantis' is neither a file nor one of national-baseline" in result.output


def test_difference_of_a_draft_is_printed_in_situations_and_words(tmp_path: Path) -> None:
    result = RUN.invoke(policy, ["diff", "national-baseline", written(tmp_path, FEWER_TICKS)])

    assert result.exit_code == 0
    assert "Parameter dash24_ticks" in result.output
    assert "whether the criteria of MARAC are met: no -> yes in" in result.output
    assert "DASH ticks: 12 to 13" in result.output


@pytest.mark.parametrize("audience", ["practitioner", "chair", "auditor"])
def test_example_is_explained_to_each_of_three_readers(audience: str) -> None:
    result = RUN.invoke(policy, ["explain", "national-baseline", "--case", "the Jean row", "--for", audience])

    assert result.exit_code == 0
    assert "PERP-07" in result.output


def test_facts_of_a_file_are_explained_and_those_left_out_are_not_known(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text(
        json.dumps(
            {
                "ticks": 15,
                "assessment_tool": "DASH24",
                "held_by": "HUB",
                "victim_held_by": "REFERRING_AGENCY",
                "refusals": 0,
                "marac_stage": "NOT_REFERRED",
                "nation": "ENG",
                "school_notice_basis": "statute",
                "perpetrator_known": True,
            }
        )
    )

    result = RUN.invoke(policy, ["explain", "national-baseline", "--facts", str(file)])

    assert result.exit_code == 0
    assert "MARAC is asked to lead on the victim's safety" in result.output
    assert "State in MAPPA: not known yet. It depends on: MAPPA level" in result.output


def test_fact_that_is_misspelt_in_the_file_is_refused_and_not_taken_as_unknown(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps({"tikcs": 15}))

    result = RUN.invoke(policy, ["explain", "national-baseline", "--facts", str(file)])

    assert result.exit_code == 1
    assert "tikcs: no such fact in national-baseline 2.0.0" in result.output


def test_what_if_names_the_examples_that_come_out_differently_and_the_hearings(tmp_path: Path) -> None:
    result = RUN.invoke(policy, ["what-if", written(tmp_path, FEWER_TICKS)])

    assert result.exit_code == 0
    assert "thirteen ticks are not visible high risk" in result.output
    assert "MARAC hearings: 3 more, 0 fewer." in result.output


def test_handbook_is_written_where_it_is_asked_for(tmp_path: Path) -> None:
    result = RUN.invoke(policy, ["handbook", "--to", str(tmp_path)])

    assert result.exit_code == 0
    assert len(list((tmp_path / "handbook").iterdir())) == 32
    assert (tmp_path / "transparency.md").exists()

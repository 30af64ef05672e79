"""Callers read a policy as data, as text, as a handbook, and with its proof."""

import tomllib

from app.routing.loading.catalogue import SHIPPED, policy_file
from tests.given import Callers


def test_every_policy_in_service_is_listed_with_the_one_that_decides_now(callers: Callers) -> None:
    listed = callers.idva.get("/v1/policies").json()["items"]

    assert [line["id"] for line in listed] == list(SHIPPED)
    assert {line["decides_now"] for line in listed} == {True}
    assert {line["standing"] for line in listed} == {"shipped"}


def test_policy_is_given_whole_with_the_confidence_of_every_parameter(callers: Callers) -> None:
    body = callers.hub.get("/v1/policies/national-baseline").json()

    ticks = next(each for each in body["parameters"] if each["name"] == "dash27_ticks")
    assert (ticks["value"], ticks["confidence"]) == (14, "B")
    assert "not law" in ticks["confidence_means"]
    assert {rule["kind"] for rule in body["rules"]} == {
        "rule", "victim_lead", "perpetrator_lead", "support", "duty", "warning",
    }  # fmt: skip


def test_policy_is_given_as_the_very_text_that_was_approved(callers: Callers) -> None:
    answer = callers.hub.get("/v1/policies/northumbria", format="toml")

    assert answer.headers["content-type"].startswith("application/toml")
    assert answer.text == policy_file("northumbria").text
    assert tomllib.loads(answer.text)["policy"]["extends"] == "national-baseline 2.0.0"


def test_browser_that_asks_for_html_gets_the_handbook_and_runs_no_script(callers: Callers) -> None:
    answer = callers.hub.client.get(
        "/v1/policies/cleveland-2018",
        headers={"Authorization": f"Bearer {callers.hub.key}", "Accept": "text/html"},
    )

    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert "Where it departs from national-baseline 2.0.0" in answer.text
    assert "<script" not in answer.text


def test_policy_that_the_caller_has_already_is_not_sent_again(callers: Callers) -> None:
    first = callers.hub.get("/v1/policies/national-baseline")

    again = callers.hub.client.get(
        "/v1/policies/national-baseline",
        headers={"Authorization": f"Bearer {callers.hub.key}", "If-None-Match": first.headers["etag"]},
    )

    assert again.status_code == 304
    assert first.json()["sha256"] in first.headers["etag"]


def test_proof_is_run_again_and_says_how_many_situations_it_examined(callers: Callers) -> None:
    proof = callers.chair.get("/v1/policies/national-baseline/proof").json()

    counted = {each["what"]: each["situations"] for each in proof["proved"]}
    assert proof["holds"] is True
    assert counted["perpetrator_lead"] == 316_800
    assert proof["situations"] == sum(counted.values())
    assert "MARAC never leads or holds the perpetrator" in proof["claims"]


def test_examples_beside_the_policy_are_run_for_whoever_asks(callers: Callers) -> None:
    examples = callers.coordinator.get("/v1/policies/cleveland-2018/examples").json()

    assert examples["failed"] == 0
    assert examples["ran"] == len(examples["items"]) >= 9
    assert all(item["differs"] == [] for item in examples["items"])


def test_examples_can_be_taken_away_as_files_and_run_elsewhere(callers: Callers) -> None:
    answer = callers.coordinator.get("/v1/policies/cleveland-2018/examples", format="toml")

    assert len(tomllib.loads(answer.text)["example"]) >= 9


def test_difference_says_which_situations_are_gained_and_lost_in_words(callers: Callers) -> None:
    params = {"from": "national-baseline", "to": "cleveland-2018@2.0.0"}

    diff = callers.chair.get("/v1/policy-diffs", **params).json()

    lost = {each["now"]: each for each in diff["answer_changes"] if (each["subject"], each["was"]) == ("marac", "yes")}
    assert lost.keys() == {"no", "open"}
    for each in lost.values():
        assert 0 < each["situations"] < each["out_of"]
        assert all("incidents on record in the escalation window: 3 or more" in box for box in each["where"])
    assert all("repeat inside the window: no;" in box for box in lost["no"]["where"])
    assert any(line.startswith("Parameter escalation_counts") for line in diff["text"])


def test_difference_of_a_policy_with_itself_is_empty(callers: Callers) -> None:
    diff = callers.chair.get("/v1/policy-diffs", **{"from": "northumbria", "to": "northumbria"}).json()

    assert diff["same"] is True
    assert (diff["parameters"], diff["answer_changes"]) == ([], [])


def test_policy_nobody_has_is_not_found_rather_than_guessed(callers: Callers) -> None:
    assert callers.hub.get("/v1/policies/atlantis").status_code == 404
    assert callers.hub.get("/v1/policies/northumbria", version="9.9.9").status_code == 404
    assert callers.hub.get("/v1/policy-diffs", **{"from": "northumbria", "to": "atlantis"}).status_code == 404

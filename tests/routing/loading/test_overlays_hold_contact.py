"""No local policy reaches a victim whom contact could harm, and whoever reaches one reads first what to know."""

import pytest

from app.routing.examples.policy_examples import read_examples
from app.routing.loading.loader import PolicyFile
from app.routing.proof.contact_proof import waits
from tests.routing.given import baseline, local
from tests.routing.loading.overlays import WHY, laid_over, line_of, refused

WAITING = ["D06", "D06s", "D28t", "D30", "D32", "D32.court", "D35", "V01", "V03"]


def joint_visit(when: str, *, reaches_victim: bool = True, more: str = "") -> PolicyFile:
    """An area's own form of D30."""
    marked = "reaches_victim = true" if reaches_victim else ""
    return local(
        f"""[[duty]]
id = "D30"
kind = "later"
once_for = "victim"
do = "Make the joint visit of police and IDVA"
owner = "POLICE_SUPERVISOR"
about = "VICTIM_SAFETY"
with = ["IDVA"]
due = "2 working days from decision"
{marked}
when = {when}
{more}
done_when = "the visit is recorded"
says = "MARAC agreed a joint visit"
{WHY}
"""
    )


def test_what_waits_while_contact_is_held_is_as_listed() -> None:
    assert sorted(duty.id for duty in baseline().duties if waits(duty)) == WAITING


@pytest.mark.parametrize(
    ("when", "more"),
    [
        ('["joint_visit_agreed == true"]', ""),
        ('["joint_visit_agreed == true", "contact_held == true"]', ""),
        ('["joint_visit_agreed == true", "contact_held == false"]', 'or_when = [["grade == HIGH"]]'),
    ],
)
def test_what_waits_in_the_base_waits_in_every_way_of_a_local_policy(when: str, more: str) -> None:
    file = joint_visit(when, more=more)

    fault = refused(file, "D30 waits while contact could harm: no local policy may owe it where `contact_held == true`")

    assert line_of(fault, file) == 'id = "D30"'
    assert "contact_held = true" in fault.situation
    assert read_examples(fault.situation)


def test_a_duty_that_reaches_the_victim_stays_marked_so() -> None:
    file = joint_visit('["joint_visit_agreed == true", "contact_held == false"]', reaches_victim=False)

    fault = refused(file, "D30 reaches the victim: it stays marked `reaches_victim`")

    assert line_of(fault, file) == 'id = "D30"'
    assert read_examples(fault.situation)


def test_an_area_may_hold_more_and_visit_at_another_time() -> None:
    held = joint_visit('["joint_visit_agreed == true", "contact_held == false", "grade == HIGH"]')

    assert next(duty for duty in laid_over(held).duties if duty.id == "D30").due.amount == 2

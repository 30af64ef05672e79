"""The duties that meetings assign or fulfil are duties of the shipped policies."""

from app.meetings import duty_ids
from app.routing.loading.catalogue import shipped_policies

OWN = {duty_ids.MINUTES}  # in no policy file


def test_every_duty_id_of_meetings_is_a_duty_of_a_shipped_policy() -> None:
    named = {value for name, value in vars(duty_ids).items() if name.isupper() and isinstance(value, str)}
    known = {duty.id for policy in shipped_policies() for duty in policy.duties}

    assert named - OWN <= known

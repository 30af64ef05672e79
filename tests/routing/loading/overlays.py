"""Local policies laid over the baseline, and what a refusal of one says."""

import pytest

from app.routing.loading.catalogue import BASELINE, policy_file
from app.routing.loading.loader import PolicyFile, load_policy
from app.routing.policy.faults import PolicyErrors, PolicyFault
from app.routing.policy.types import Policy
from tests.routing.given import local

WHY = 'reason = "to try it"\nsource = "DESIGN"'


def listed(texts: tuple[str, ...]) -> str:
    return ", ".join(f'"{one}"' for one in texts)


def a_rule(then: str, *when: str) -> PolicyFile:
    return local(f'[[rule]]\nid = "LOCAL-01"\nthen = "{then}"\nwhen = [{listed(when)}]\nsays = "so here"\n{WHY}\n')


def without(*ids: str) -> PolicyFile:
    return local("".join(f'[[drop]]\nid = "{each}"\n{WHY}\n\n' for each in ids))


def laid_over(file: PolicyFile) -> Policy:
    return load_policy(file, policy_file(BASELINE))


def refused(file: PolicyFile, message: str) -> PolicyFault:
    with pytest.raises(PolicyErrors) as caught:
        load_policy(file, policy_file(BASELINE) if "extends =" in file.text else None)
    found = [fault for fault in caught.value.faults if message in fault.message]
    assert found, caught.value
    return found[0]


def line_of(fault: PolicyFault, file: PolicyFile) -> str:
    name, _, number = fault.place.partition(":")
    assert name == file.name
    return file.text.splitlines()[int(number) - 1]

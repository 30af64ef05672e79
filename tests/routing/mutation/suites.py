"""Every policy with its examples and promises, as the mutation run needs them."""

from functools import cache

from app.routing.examples.example_files import examples_of as shipped_examples
from app.routing.examples.policy_examples import PolicyExample, read_examples
from app.routing.loading.catalogue import BASELINE, SHIPPED, policy_file
from app.routing.loading.loader import PolicyFile, load_policy
from app.routing.policy.types import Policy
from tests.routing.examples.part_promises import promises_of
from tests.routing.given import SETTINGS, example_text, shipped
from tests.routing.mutation.mutation import Suite

MADE_UP = {
    "other-settings": ("other-settings.examples", "other-settings.more.examples"),
    "matac-leaves-owners": ("matac-leaves-owners.examples",),
}


@cache
def suites() -> tuple[Suite, ...]:
    """The baseline first, then every local policy and the made-up ones that set the other switches."""
    real = [Suite(shipped(name), shipped_examples(name), promises_of(name)) for name in SHIPPED]
    return (*real, *(Suite(made_up(name), made_up_examples(name)) for name in MADE_UP))


def made_up(name: str) -> Policy:
    text = (SETTINGS / f"{name}.toml").read_text(encoding="utf-8")
    return load_policy(PolicyFile(f"{name}.toml", text), policy_file(BASELINE))


def made_up_examples(name: str) -> tuple[PolicyExample, ...]:
    base = read_examples(example_text(BASELINE))
    own = [(SETTINGS / f"{file}.toml").read_text(encoding="utf-8") for file in MADE_UP[name]]
    return read_examples(example_text(BASELINE), *own)[len(base) :]

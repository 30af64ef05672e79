"""Reads the examples that ship beside each policy, from every file with the policy's name.

`<policy>.toml` holds the first examples; `<policy>.<topic>.toml` holds more of them, which may extend the
first. The examples of a local policy may extend those of the baseline.
"""

from functools import lru_cache
from importlib.resources import files

from app.routing.examples.policy_examples import PolicyExample, read_examples
from app.routing.loading.catalogue import BASELINE


def _texts(policy_id: str) -> list[str]:
    folder = files("app.routing").joinpath("policies", "examples")
    names = sorted(each.name for each in folder.iterdir() if each.name.endswith(".toml"))
    own = [name for name in names if name.removesuffix(".toml").partition(".")[0] == policy_id]
    # `<policy>.toml` before `<policy>.<topic>.toml`, because the topics extend it.
    return [folder.joinpath(name).read_text(encoding="utf-8") for name in sorted(own, key=lambda n: n.count("."))]


def examples_text(policy_id: str) -> str:
    """Returns the files of that policy, one after another, as they were written."""
    return "\n".join(_texts(policy_id))


@lru_cache(maxsize=32)
def examples_of(policy_id: str) -> tuple[PolicyExample, ...]:
    """Returns the examples of that policy; empty when it ships without."""
    base = _texts(BASELINE)
    if policy_id == BASELINE:
        return read_examples(*base)
    return read_examples(*base, *_texts(policy_id))[len(read_examples(*base)) :]

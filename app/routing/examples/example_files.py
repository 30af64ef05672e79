"""The cases and promises that ship beside each policy, read from every file that carries the policy's name.

`<policy>.toml` holds the cases of the field; `<policy>.<topic>.toml` holds more of them, each file
read after the one it may extend. A local policy's cases may extend those of the baseline.
"""

from functools import lru_cache
from importlib.resources import files

from app.routing.examples.part_promises import Promise, read_promises
from app.routing.examples.policy_examples import PolicyExample, read_examples
from app.routing.loading.catalogue import BASELINE


def _texts(policy_id: str) -> list[str]:
    folder = files("app.routing").joinpath("policies", "cases")
    names = sorted(each.name for each in folder.iterdir() if each.name.endswith(".toml"))
    own = [name for name in names if name.removesuffix(".toml").partition(".")[0] == policy_id]
    # `<policy>.toml` before `<policy>.<topic>.toml`, because the topics extend it.
    return [
        folder.joinpath(name).read_text(encoding="utf-8") for name in sorted(own, key=lambda n: n.count("."))
    ]


def examples_text(policy_id: str) -> str:
    """The files of that policy, one after another, as they were written."""
    return "\n".join(_texts(policy_id))


@lru_cache(maxsize=32)
def examples_of(policy_id: str) -> tuple[PolicyExample, ...]:
    """The cases of that policy; none for one that ships without."""
    base = _texts(BASELINE)
    if policy_id == BASELINE:
        return read_examples(*base)
    return read_examples(*base, *_texts(policy_id))[len(read_examples(*base)) :]


@lru_cache(maxsize=32)
def promises_of(policy_id: str) -> tuple[Promise, ...]:
    """What the field asks of each part of that policy; none for one that ships without."""
    return read_promises(*_texts(policy_id))

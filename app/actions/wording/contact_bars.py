"""Carries in the words of an action whom nobody may contact before that is agreed. Pure: it changes words."""

_MARK = " [Contact: "


def with_bar(what: str, bar: str) -> str:
    """Returns the words with the bar after them, instead of any bar that they carried; without one if it is empty."""
    own = without_bar(what)
    return f"{own}{_MARK}{bar}]" if bar else own


def without_bar(what: str) -> str:
    """Returns the words of the action itself."""
    return what.partition(_MARK)[0]


def bar_in(what: str) -> str:
    """Returns the bar that the words carry; empty where they carry none."""
    return what.partition(_MARK)[2].removesuffix("]")

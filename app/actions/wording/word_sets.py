"""Writes a set of words as one text. Pure."""


def word_set(words: str) -> frozenset[str]:
    """Returns the words of the text, which stand between spaces."""
    return frozenset(words.split())

"""Says whether the words of an action are too vague to be done. Pure.

"Update social worker" was agreed in the review and nobody could say what it meant (DHR "Jean" 14.2.10). The words
below are a product default [I]: they find vague wording, and a person can always add to it.
"""

import re

from app.actions.wording.word_sets import word_set

LEAST_WORDS = 4
_WORD = re.compile(r"[a-z0-9']+")

NOT_A_VERB = word_set(
    "a all an and any by for from her his if in it no of on police probation marac matac mappa idva housing "
    "safeguarding school should social somebody someone the their them there they this to victim we when will with "
    "perpetrator action"
)
VAGUE_VERBS = word_set(
    "address chase consider continue discuss ensure explore liaise link look monitor note progress pursue speak "
    "support talk update"
)
SAYS_MORE = word_set(
    "about against because before by for how if into that to what when where whether which who why on at until "
    "every daily weekly"
)


def what_is_vague(what: str) -> str | None:
    """Returns what the wording must still say, as one sentence; None when it can be done as it stands."""
    words = _WORD.findall(what.casefold().replace("\u2019", "'"))
    if len(words) < LEAST_WORDS:
        return "say what is to be done, to or with whom, and to what end: a verb and at least three more words"
    if words[0] in NOT_A_VERB:
        return "begin with the verb that somebody will do, for example: Arrange, Refer, Visit, Ask"
    if words[0] in VAGUE_VERBS and not _says_more(words):
        return f"“{words[0]}” alone does not say what will be done: add what about, why, or until when"
    return None


def _says_more(words: list[str]) -> bool:
    """Returns whether a content follows the verb: "about the children's address", "whether the locks were changed"."""
    return any(word in SAYS_MORE for word in words[2:-1])

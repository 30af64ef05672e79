"""Counts how referrals were answered: who is asked by grade, what stays open, how much each one gives to do."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from tests.journeys.portfolio.bodies import Row
from tests.journeys.portfolio.generated import GRADES

NOBODY = ("REFERRING_AGENCY", "HUB")
OUTCOMES = ("marac", "matac", "mappa")


@dataclass(frozen=True, slots=True)
class Answered:
    """One referral as it was sent, whether it was the victim's first, and what the service answered over HTTP."""

    sent: Row
    first: bool
    routed: Row

    @property
    def grade(self) -> str:
        return str(self.sent["assessment"]["officer_grade"])

    @property
    def decision(self) -> Row:
        decision: Row = self.routed["decision"]["decision"]
        return decision

    @property
    def pair(self) -> tuple[str, str]:
        """Who is asked to lead on the victim's safety and on the perpetrator."""
        return self.decision["victim"]["forum"], self.decision["perpetrator"]["forum"]

    @property
    def grounds(self) -> list[str]:
        """The rules that ask MARAC."""
        return [
            one["rule"] for one in self.decision["findings"] if one["outcome"] == "marac" and one["effect"] == "yes"
        ]

    @property
    def actions(self) -> int:
        return len(self.routed["actions"]) + self.routed.get("left_out", {}).get("actions", 0)

    @property
    def questions(self) -> int:
        return sum(len(enquiry["asks"]) for enquiry in self.routed["enquiries"])


def pairs(answers: Iterable[Answered]) -> Counter[tuple[str, str]]:
    return Counter(one.pair for one in answers)


def table(answers: Sequence[Answered]) -> str:
    """Everything counted, as lines to read."""
    return "\n".join([*_forums(answers), "", *_open(answers), "", *_work(answers), "", *_pairs(answers)])


def _by_grade(answers: Sequence[Answered]) -> list[tuple[str, list[Answered]]]:
    groups = [(grade, [one for one in answers if one.grade == grade]) for grade in GRADES]
    return [*groups, ("all", list(answers))]


def _line(name: str, cells: Iterable[str]) -> str:
    return f"{name:<28}" + "".join(f"{cell:>16}" for cell in cells)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / max(whole, 1):.1f} %"


def _forums(answers: Sequence[Answered]) -> Iterator[str]:
    groups = _by_grade(answers)
    yield _line("asked to lead", [f"{grade} ({len(group)})" for grade, group in groups])
    for forum in sorted({forum for one in answers for forum in one.pair} - set(NOBODY)):
        yield _line(forum, [_share(sum(forum in one.pair for one in group), len(group)) for _, group in groups])
    yield _line("nobody", [_share(sum(one.pair == NOBODY for one in group), len(group)) for _, group in groups])


def _open(answers: Sequence[Answered]) -> Iterator[str]:
    groups = _by_grade(answers)
    yield _line("open", [grade for grade, _ in groups])
    for outcome in OUTCOMES:
        shares = [sum(one.decision["outcomes"][outcome] == "open" for one in group) for _, group in groups]
        yield _line(outcome, [_share(part, len(group)) for part, (_, group) in zip(shares, groups, strict=True)])


def _work(answers: Sequence[Answered]) -> Iterator[str]:
    groups = [(grade, group) for grade, group in _by_grade(answers) if group]
    yield _line("min / median / max", [grade for grade, _ in groups])
    yield _line("actions", [_spread([one.actions for one in group]) for _, group in groups])
    yield _line("questions", [_spread([one.questions for one in group]) for _, group in groups])


def _spread(numbers: Sequence[int]) -> str:
    return f"{min(numbers)} / {median(numbers):g} / {max(numbers)}"


def _pairs(answers: Sequence[Answered]) -> Iterator[str]:
    yield "asked for the victim, for the perpetrator"
    for (victim, perpetrator), number in pairs(answers).most_common():
        yield f"{_share(number, len(answers)):>8}  {victim}, {perpetrator}"

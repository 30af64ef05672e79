"""The rules that held, each with its sentence and the comparisons that were made."""

from app.routing.codec import spelled, spelled_value
from app.routing.conditions import used
from app.routing.decision import Finding, Used
from app.routing.sentences import Sentence
from app.routing.spelling import HOLE, Mould, Written
from app.routing.types import Policy, Rule
from app.routing.verdicts import Known


class ReadyFinding:
    """What is said of one rule when it holds."""

    def __init__(self, policy: Policy, rule: Rule) -> None:
        self._rule, self._sentence, self._source = rule, Sentence(rule.says), policy.sources[rule.source]
        quoted = tuple(used(condition, HOLE) for condition in rule.when)
        self._mould = Mould(self._finding(HOLE, quoted))

    def on(self, known: Known) -> Written[Finding]:
        """The finding, with the figures of the case."""
        because = self._sentence.filled(known)
        compared = tuple(used(condition, known[condition.left]) for condition in self._rule.when)
        values = (spelled_value(each.value) for each in compared)
        text = self._mould.filled(spelled(because), *values)
        return Written(self._finding(because, compared), text, self._source.id)

    def _finding(self, because: str, compared: tuple[Used, ...]) -> Finding:
        rule = self._rule
        effect = "excluded" if rule.exclusion else rule.value
        return Finding(rule.id, rule.outcome, effect, because, compared, self._source)

"""Makes the findings of a decision: each rule that holds, with its sentence and comparisons."""

from collections.abc import Mapping

from app.routing.policy.conditions import Comparison, comparison_of
from app.routing.policy.sentences import Sentence
from app.routing.policy.types import Fact, Policy, Rule
from app.routing.record.codec import canonical_json, canonical_json_of_value
from app.routing.record.decision import Finding
from app.routing.record.serialisation import PLACEHOLDER, PartTemplate, SerialisedPart


class ReadyFinding:
    """One rule, prepared to become a finding when it holds."""

    def __init__(self, policy: Policy, rule: Rule) -> None:
        self._rule, self._sentence, self._source = rule, Sentence(rule.says), policy.sources[rule.source]
        quoted = tuple(comparison_of(condition, PLACEHOLDER) for condition in rule.when)
        self._template = PartTemplate(self._finding(PLACEHOLDER, quoted))

    def on(self, known: Mapping[str, Fact]) -> SerialisedPart[Finding]:
        """Returns the finding, with the values of the case."""
        because = self._sentence.filled(known)
        compared = tuple(comparison_of(condition, known[condition.left]) for condition in self._rule.when)
        values = (canonical_json_of_value(each.value) for each in compared)
        text = self._template.filled(canonical_json(because), *values)
        return SerialisedPart(self._finding(because, compared), text, self._source.id)

    def _finding(self, because: str, compared: tuple[Comparison, ...]) -> Finding:
        rule = self._rule
        effect = "excluded" if rule.exclusion else rule.value
        return Finding(rule.id, rule.outcome, effect, because, compared, self._source)

"""Reads the rules, rows, supports, duties and warnings of a policy file, and checks each.

The module is long because it reads one section of the file after another.
"""

import re
from collections.abc import Mapping

from app.routing.loading.definitions import PolicyDefinitions, checked_source
from app.routing.policy.columns import PERPETRATOR_COLUMNS, VICTIM_COLUMNS
from app.routing.policy.grammar import CHOICE, NameType, parse_condition, parse_due
from app.routing.policy.outcomes import QUESTIONS_BY_NAME, YES_NO
from app.routing.policy.toml_entries import Entry
from app.routing.policy.types import (
    Condition,
    DueRule,
    DueUnit,
    DutyKind,
    DutySubject,
    DutyTemplate,
    LeadRow,
    Rule,
    SupportTemplate,
    WarningTemplate,
)
from app.vocabulary import Forum, NeedKind, Role

_FIELD = re.compile(r"{(\w+)}")
_NOWHERE = DueRule(DueUnit.AT_ONCE, 0, "decision")


class SectionReader:
    """Reads the parts of one policy that use the same definitions."""

    def __init__(self, definitions: PolicyDefinitions) -> None:
        self._definitions = definitions
        self._decided = definitions.decided_names()
        self._victim = _columns(VICTIM_COLUMNS)
        self._perpetrator = _columns(PERPETRATOR_COLUMNS)

    def rule(self, entry: Entry) -> Rule:
        """Returns one rule."""
        outcome, value, exclusion = self._effect(entry)
        names = (
            self._definitions.rule_names(outcome) if outcome in QUESTIONS_BY_NAME else self._definitions.base_names()
        )
        rule = Rule(
            entry.name,
            outcome,
            value,
            self._conditions(entry, entry.texts("when"), names),
            self._sentence(entry),
            checked_source(entry, self._definitions.sources),
            entry.flag("locked"),
            entry.flag("cover"),
            exclusion,
        )
        _done(entry)
        return rule

    def _effect(self, entry: Entry) -> tuple[str, str, bool]:
        then = entry.text("then")
        match then.split():
            case ["not", outcome] if _is_yes_no(outcome):
                return outcome, "no", True
            case [outcome] if _is_yes_no(outcome):
                return outcome, "yes", False
            case [outcome, value] if outcome in QUESTIONS_BY_NAME and value in QUESTIONS_BY_NAME[outcome].values:
                return outcome, value, False
        entry.fault(f"`then` is '{then}', which is no answer to a question", f'then = "{then}"')
        return "", "", False

    def victim_row(self, entry: Entry) -> LeadRow:
        """Returns one row of the lead table for the victim's safety."""
        return self._row(entry, self._victim)

    def perpetrator_row(self, entry: Entry) -> LeadRow:
        """Returns one row of the lead table for the perpetrator."""
        return self._row(entry, self._perpetrator)

    def _row(self, entry: Entry, names: Mapping[str, NameType]) -> LeadRow:
        row = LeadRow(
            entry.name,
            self._conditions(entry, entry.texts("when"), names),
            entry.word("lead", Forum),
            entry.word("role", Role),
            entry.word("holder", Forum),
            self._due(entry, f"{entry.text('accept_within')} from decision"),
            self._sentence(entry),
            checked_source(entry, self._definitions.sources),
        )
        _done(entry)
        return row

    def support(self, entry: Entry) -> SupportTemplate:
        """Returns one support: a role that is asked to help."""
        forum = entry.word("forum", Forum) if entry.any_value("forum") is not None else None
        support = SupportTemplate(
            entry.name,
            forum,
            entry.word("role", Role),
            self._conditions(entry, entry.texts("when"), self._decided),
            self._sentence(entry),
            checked_source(entry, self._definitions.sources),
        )
        _done(entry)
        return support

    def duty(self, entry: Entry) -> DutyTemplate:
        """Returns one duty with its owner, its due rule and what counts as done."""
        groups = (entry.texts("when"), *entry.groups("or_when"))
        duty = DutyTemplate(
            entry.name,
            entry.word("kind", DutyKind),
            entry.word("once_for", DutySubject),
            entry.text("do"),
            entry.word("owner", Role),
            entry.words("with", Role),
            self._due(entry, entry.text("due")),
            entry.text("done_when"),
            entry.text("recipient", ""),
            entry.flag("life_safety"),
            entry.flag("screens"),
            tuple(self._conditions(entry, group, self._decided) for group in groups),
            self._sentence(entry),
            checked_source(entry, self._definitions.sources),
            entry.word("about", NeedKind) if entry.any_value("about") is not None else None,
            self._interval(entry, "repeats_every"),
            self._interval(entry, "again_within"),
            about_both=entry.flag("about_both"),
            reaches_victim=entry.flag("reaches_victim"),
            shown_by=self._conditions(entry, entry.texts("shown_by"), self._definitions.base_names()),
            opens=self._interval(entry, "opens"),
            life_safety_when=self._danger(entry),
        )
        if duty.screens and duty.kind is not DutyKind.ENQUIRY:
            entry.fault('`screens` is the hub\'s review, which is a question: `kind = "enquiry"`', "screens = true")
        if duty.opens is not None and duty.kind is not DutyKind.LATER:
            entry.fault('`opens` is of a duty that opens later: `kind = "later"`', "opens")
        _done(entry)
        return duty

    def _danger(self, entry: Entry) -> tuple[tuple[Condition, ...], ...]:
        """Returns the groups of conditions of which one makes the duty a danger; empty without the key."""
        groups = entry.groups("life_safety_when")
        if groups and not entry.flag("life_safety"):
            entry.fault("`life_safety_when` is of a duty marked `life_safety = true`", "life_safety_when")
        if entry.any_value("life_safety_when") is not None and not all(groups or ((),)):
            entry.fault("`life_safety_when` must hold groups of conditions, and none of them empty", "life_safety_when")
        return tuple(self._conditions(entry, group, self._decided) for group in groups)

    def _interval(self, entry: Entry, key: str) -> DueRule | None:
        """Returns a length of time, such as how long after a report the duty is owed again; None without the key."""
        text = entry.text(key, "")
        if not text:
            return None
        rule = self._due(entry, f"{text} from report")
        if rule.amount < 1:
            entry.fault(f"`{key}` must be a length of time of at least one, such as `7 days`", f'"{text}"')
        return rule

    def warning(self, entry: Entry) -> WarningTemplate:
        """Returns one warning."""
        warning = WarningTemplate(
            entry.name,
            self._conditions(entry, entry.texts("when"), self._decided),
            self._sentence(entry),
            checked_source(entry, self._definitions.sources),
        )
        _done(entry)
        return warning

    def _conditions(self, entry: Entry, lines: tuple[str, ...], names: Mapping[str, NameType]) -> tuple[Condition, ...]:
        found = []
        for line in lines:
            try:
                found.append(parse_condition(line, names, self._definitions.parameters))
            except ValueError as error:
                entry.fault(str(error), f'"{line}"')
        lefts = [condition.left for condition in found]
        for left in {one for one in lefts if lefts.count(one) > 1}:
            entry.fault(f"`when` reads {left} twice; one condition for each name")
        return tuple(found)

    def _due(self, entry: Entry, text: str) -> DueRule:
        try:
            return parse_due(text, self._definitions.parameters)
        except ValueError as error:
            entry.fault(str(error))
            return _NOWHERE

    def _sentence(self, entry: Entry) -> str:
        text = entry.text("says")
        for name in _FIELD.findall(text):
            if name not in self._decided:
                entry.fault(f"the sentence names '{name}', which is neither a fact nor a parameter", "{" + name + "}")
        return text


def _columns(columns: Mapping[str, tuple[str, ...]]) -> dict[str, NameType]:
    return {name: NameType(CHOICE, values=values) for name, values in columns.items()}


def _is_yes_no(outcome: str) -> bool:
    return outcome in QUESTIONS_BY_NAME and QUESTIONS_BY_NAME[outcome].values == YES_NO


def _done(entry: Entry) -> None:
    entry.any_value("id")
    entry.flag("locked")
    entry.done()

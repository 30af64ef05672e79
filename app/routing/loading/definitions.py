"""Reads what the rules of a policy refer to: sources, parameters, facts and questions."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.routing.loading.overlay import TomlTables
from app.routing.policy.columns import PERPETRATOR_COLUMNS, VICTIM_COLUMNS
from app.routing.policy.faults import Faults
from app.routing.policy.grammar import CHOICE, FLAG, LONGEST, NUMBER, NameType, describe_type, fits, parse_due
from app.routing.policy.outcomes import QUESTIONS, QUESTIONS_BY_NAME
from app.routing.policy.toml_entries import Entry, entries
from app.routing.policy.types import (
    ClockEnd,
    Concerns,
    FactType,
    FindOut,
    OutcomeType,
    Parameter,
    Silence,
    Source,
    Tag,
    Value,
)
from app.vocabulary import Forum, Role

_KINDS = (NUMBER, FLAG, CHOICE)


@dataclass(frozen=True, slots=True)
class PolicyDefinitions:
    """The sources, parameters, facts and questions of a policy, by name."""

    sources: Mapping[str, Source]
    parameters: Mapping[str, Parameter]
    facts: Mapping[str, FactType]
    outcomes: Mapping[str, OutcomeType]

    def base_names(self) -> dict[str, NameType]:
        """Returns the names of facts and parameters: every condition may read them."""
        facts = {
            f.name: NameType(f.kind, f.low, f.high, f.values, f.silence is Silence.ASK) for f in self.facts.values()
        }
        return facts | {p.name: parameter_name(p) for p in self.parameters.values()}

    def rule_names(self, outcome: str) -> dict[str, NameType]:
        """Returns what a rule for that question may read: facts, parameters and the answers of earlier questions."""
        earlier = {
            name: NameType(CHOICE, values=QUESTIONS_BY_NAME[name].answers)
            for name in QUESTIONS_BY_NAME[outcome].may_read
        }
        return self.base_names() | earlier

    def decided_names(self) -> dict[str, NameType]:
        """Returns what supports, duties and warnings may read: everything, the two leads included."""
        answers = {q.name: NameType(CHOICE, values=q.answers) for q in QUESTIONS}
        columns = {n: NameType(CHOICE, values=v) for n, v in {**VICTIM_COLUMNS, **PERPETRATOR_COLUMNS}.items()}
        leads = {n: NameType(CHOICE, values=tuple(Forum)) for n in ("victim_lead", "perpetrator_lead")}
        return self.base_names() | columns | answers | leads


def parameter_name(parameter: Parameter) -> NameType:
    """Returns the values that the parameter can have."""
    if isinstance(parameter.value, bool):
        return NameType(FLAG)
    if isinstance(parameter.value, int):
        return NameType(NUMBER, parameter.low, parameter.high)
    return NameType(CHOICE, values=parameter.values)


def read_definitions(raw: TomlTables, faults: Faults) -> PolicyDefinitions:
    """Returns the definitions of the file. Adds a fault for each that is wrong or missing."""
    sources = {e.name: _source(e) for e in entries(raw, "source", faults)}
    parameters = {e.name: _parameter(e, sources) for e in entries(raw, "param", faults)}
    facts = {e.name: _fact(e, parameters) for e in entries(raw, "fact", faults)}
    outcomes = {e.name: _outcome(e, parameters) for e in entries(raw, "outcome", faults)}
    for name in QUESTIONS_BY_NAME.keys() - outcomes.keys():
        faults.add("", f"[outcome.{name}] is missing: every question needs a label and a reading")
    return PolicyDefinitions(sources, parameters, facts, outcomes)


def _source(entry: Entry) -> Source:
    source = Source(
        entry.name,
        entry.text("title"),
        entry.word("tag", Tag),
        entry.text("paragraph", ""),
        entry.text("says", ""),
        entry.text("url", "") or None,
    )
    entry.done()
    return source


def checked_source(entry: Entry, sources: Mapping[str, Source]) -> str:
    """Returns the id of the source that the entry names. Adds a fault when there is no such source."""
    source = entry.text("source")
    if source and source not in sources:
        entry.fault(f"there is no source '{source}'", f'source = "{source}"')
    return source


def _parameter(entry: Entry, sources: Mapping[str, Source]) -> Parameter:
    value = entry.any_value("value")
    if not isinstance(value, (bool, int, str)):
        entry.fault("`value` must be true or false, a whole number or a word", f"[param.{entry.name}]")
        value = False
    parameter = Parameter(
        entry.name,
        value,
        entry.text("label"),
        entry.text("unit", ""),
        checked_source(entry, sources),
        entry.word("tag", Tag),
        entry.number("min"),
        entry.number("max"),
        entry.texts("values"),
        entry.flag("locked"),
    )
    if not fits(value, parameter_name(parameter)):
        limits = describe_type(parameter_name(parameter))
        entry.fault(f"{value!r} is outside its limits: {limits}", f"[param.{entry.name}]")
    _check_length(entry, parameter)
    entry.done()
    return parameter


def _check_length(entry: Entry, parameter: Parameter) -> None:
    """Checks that a length of time, a window as well as a deadline, is one that the calendar can count."""
    longest = LONGEST.get(parameter.unit)
    if longest is not None and not 0 <= parameter.low <= parameter.high <= longest:
        entry.fault(f"{parameter.unit} lie between 0 and {longest:,}, which is ten years", f"[param.{entry.name}]")


def _fact(entry: Entry, parameters: Mapping[str, Parameter]) -> FactType:
    kind = entry.text("type")
    if kind not in _KINDS:
        entry.fault(f"`type` must be one of {', '.join(_KINDS)}", f"[fact.{entry.name}]")
    fact = FactType(
        entry.name,
        kind,
        entry.text("label"),
        entry.number("min"),
        entry.number("max"),
        entry.texts("values"),
        entry.text("ask", ""),
        _looked_up(entry.inner("find_out"), parameters),
        entry.text("riskier", ""),
        entry.word("silence", Silence),
        entry.text("because"),
        _meanwhile(entry),
        entry.flag("needs_identity"),
        entry.flag("supervisor_knows"),
        entry.word("concerns", Concerns) if entry.any_value("concerns") is not None else None,
    )
    _check_silence(entry, fact)
    entry.done()
    return fact


def _meanwhile(entry: Entry) -> Value | None:
    value = entry.any_value("meanwhile")
    if value is None or isinstance(value, (bool, int, str)):
        return value
    entry.fault("`meanwhile` must be true or false, a whole number or a word", f"[fact.{entry.name}]")
    return None


def _check_silence(entry: Entry, fact: FactType) -> None:
    """Checks that an assertion is a flag or a count, and that what is asked for has a question and who answers."""
    place = f"[fact.{entry.name}]"
    if fact.silence is Silence.NO and fact.kind == CHOICE:
        entry.fault("is a choice, whose silence cannot be read as no", place)
    if fact.silence is Silence.ASK and (not fact.ask or fact.find_out is None):
        entry.fault("may be unknown and nobody is asked to find it out", place)
    if fact.find_out is not None and fact.concerns is None:
        entry.fault("is looked up and `concerns` does not say whom it is about", place)
    if fact.meanwhile is not None and fact.silence is not Silence.ASK:
        entry.fault("`meanwhile` is for a fact that is asked for", place)
    elif fact.meanwhile is not None and not fits(fact.meanwhile, NameType(fact.kind, fact.low, fact.high, fact.values)):
        entry.fault(f"`meanwhile` is {fact.meanwhile!r}, which the fact cannot be", place)


def _looked_up(entry: Entry | None, parameters: Mapping[str, Parameter]) -> FindOut | None:
    found = _find_out(entry, parameters)
    if entry is not None:
        entry.done()
    return found


def _find_out(entry: Entry | None, parameters: Mapping[str, Parameter]) -> FindOut | None:
    if entry is None:
        return None
    owner, within = entry.word("owner", Role), entry.text("within")
    try:
        return FindOut(owner, parse_due(f"{within} from decision", parameters))
    except ValueError as error:
        entry.fault(str(error), within)
        return None


def _outcome(entry: Entry, parameters: Mapping[str, Parameter]) -> OutcomeType:
    question, place = QUESTIONS_BY_NAME.get(entry.name), f"[outcome.{entry.name}]"
    label, held = entry.text("label"), entry.inner("open")
    entry.done()
    if question is None:
        entry.fault("is not a question the engine asks", place)
        return OutcomeType(entry.name, label, ())
    if not question.may_be_open:
        if held is not None:
            entry.fault("is never open", place)
        return OutcomeType(entry.name, label, question.values)
    if held is None:
        entry.fault("may be open and says not who is asked, until when, and what ends it", place)
        return OutcomeType(entry.name, label, question.values)
    asked = _find_out(held, parameters)
    end = held.word("end", ClockEnd)
    held.done()
    return OutcomeType(
        entry.name, label, question.values, asked.owner if asked else None, asked.due if asked else None, end
    )

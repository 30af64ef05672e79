"""Reads what the rules of a policy refer to: sources, parameters, facts and questions."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.routing.loading.overlay import TomlTables
from app.routing.loading.toml_entries import Entry, entries
from app.routing.policy.columns import PERPETRATOR_COLUMNS, VICTIM_COLUMNS
from app.routing.policy.faults import Faults
from app.routing.policy.grammar import CHOICE, FLAG, NUMBER, NameType, describe_type, fits, parse_due
from app.routing.policy.outcomes import QUESTIONS, QUESTIONS_BY_NAME
from app.routing.policy.types import FactType, FindOut, OutcomeType, Parameter, Silence, Source, Tag
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
        facts = {f.name: NameType(f.kind, f.low, f.high, f.values) for f in self.facts.values()}
        return facts | {p.name: parameter_name(p) for p in self.parameters.values()}

    def rule_names(self, outcome: str) -> dict[str, NameType]:
        """Returns what a rule for that question may read: facts, parameters and the answers of earlier questions."""
        earlier = {
            name: NameType(CHOICE, values=QUESTIONS_BY_NAME[name].values)
            for name in QUESTIONS_BY_NAME[outcome].may_read
        }
        return self.base_names() | earlier

    def decided_names(self) -> dict[str, NameType]:
        """Returns what supports, duties and warnings may read: everything, the two leads included."""
        answers = {q.name: NameType(CHOICE, values=q.values) for q in QUESTIONS}
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
    outcomes = {e.name: _outcome(e) for e in entries(raw, "outcome", faults)}
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
    entry.done()
    return parameter


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
        _find_out(entry.inner("find_out"), parameters),
        entry.text("riskier", ""),
        entry.flag("recorded"),
        entry.flag("needs_identity"),
        _silence(entry, kind),
        entry.text("because", ""),
    )
    entry.done()
    return fact


def _silence(entry: Entry, kind: str) -> Silence:
    """Returns what silence means.

    A fault when it means no without a reason, or for a choice, which has no word for no.
    """
    silence = entry.word("silence", Silence, Silence.ASK)
    if silence is Silence.NO and (kind == CHOICE or not entry.text("because", "")):
        entry.fault("silence means no only for a flag or a number, and with `because`", f"{entry.name} = ")
    return silence


def _find_out(entry: Entry | None, parameters: Mapping[str, Parameter]) -> FindOut | None:
    if entry is None:
        return None
    owner, within = entry.word("owner", Role), entry.text("within")
    entry.done()
    try:
        return FindOut(owner, parse_due(f"{within} from decision", parameters))
    except ValueError as error:
        entry.fault(str(error), within)
        return None


def _outcome(entry: Entry) -> OutcomeType:
    question = QUESTIONS_BY_NAME.get(entry.name)
    label, unknown_as = entry.text("label"), entry.text("unknown_as")
    entry.done()
    if question is None:
        entry.fault("is not a question the engine asks", f"[outcome.{entry.name}]")
        return OutcomeType(entry.name, label, (), unknown_as)
    if unknown_as not in question.values:
        entry.fault(f"`unknown_as` must be one of {', '.join(question.values)}", f"[outcome.{entry.name}]")
    return OutcomeType(entry.name, label, question.values, unknown_as)

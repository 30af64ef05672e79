"""Writes the record of the Algorithmic Transparency Recording Standard from the policy itself.

Where only the organisation that deploys the tool can answer, the record says so. The module is long because it
is one document, in the order of the standard.
"""

from collections.abc import Sequence

from app.routing.handbook.confidence import CONFIDENCE_MEANINGS
from app.routing.handbook.document import Book, Bullets, Chapter, Grid, Prose
from app.routing.handbook.tables import PROVED_CLAIMS
from app.routing.policy.labels import capitalised
from app.routing.policy.outcomes import QUESTIONS
from app.routing.policy.types import Policy, Tag
from app.routing.proof.prove import prove

_TO_FILL = "To be filled by the organisation that deploys it:"
_UNCONFIRMED = (Tag.BACKGROUND, Tag.DESIGN)


def transparency_record(baseline: Policy, policies: Sequence[Policy]) -> Book:
    """Returns the record of the baseline and of every policy that extends it."""
    return Book(
        "Algorithmic transparency record: referral routing",
        (
            _summary(baseline),
            _owner(),
            _purpose(),
            _method(baseline),
            _decision(),
            _data(baseline),
            _parameters(baseline),
            _policies(policies),
            _assurance(baseline),
            _risks(),
        ),
    )


def _summary(policy: Policy) -> Chapter:
    return Chapter(
        "1. Summary for the public",
        (
            Prose(
                "When somebody is referred because of domestic abuse, several meetings of agencies may each have "
                "to do with the case: MARAC for the victim's safety, MATAC and MAPPA for the person causing harm. "
                "This tool applies written rules to say which of them is asked to lead, who holds the case until "
                "they have accepted, and what must be done by whom and by when."
            ),
            Prose(
                f"It learns nothing and predicts nothing. The rules are a published text, {policy.id} "
                f"{policy.version}, that anybody can read in the handbook. Every decision names its rules."
            ),
        ),
    )


def _owner() -> Chapter:
    items = (
        "Organisation and senior responsible owner",
        "Contact",
        "Supplier and contract",
        "Date of this record",
    )
    return Chapter("2. Owner and responsibility", (Prose(_TO_FILL), Bullets(tuple(f"{i}." for i in items))))


def _purpose() -> Chapter:
    return Chapter(
        "3. Purpose and rationale",
        (
            Prose(
                "A domestic homicide review found that each forum thought another had the perpetrator, that a "
                "refusal reached nobody, and that nothing was done about the perpetrator "
                "(review 'Jean', 14.2.4 to 14.2.6). The tool exists so that no case is without an owner "
                "and no refusal leaves a gap."
            ),
            Bullets(
                (
                    "It is for professionals who refer, screen, chair and co-ordinate.",
                    "It is not a risk assessment, gives no score, and does not replace any meeting's judgement.",
                    "Alternatives considered: rules in code, decision tables in XML, third-party rule engines.",
                )
            ),
        ),
    )


def _method(policy: Policy) -> Chapter:
    questions = tuple(f"{capitalised(policy.outcomes[q.name].label)}: {', '.join(q.answers)}." for q in QUESTIONS)
    return Chapter(
        "4. How it works",
        (
            Prose(
                f"{len(policy.rules)} rules answer {len(questions)} questions from {len(policy.facts)} facts. A rule "
                f"is a list of conditions that must all hold. {len(policy.victim_rows)} rows say who is asked to "
                f"lead on the victim's safety and {len(policy.perpetrator_rows)} on the perpetrator; one and only one "
                f"row of each applies. {len(policy.duties)} duties follow."
            ),
            Bullets(questions),
            Prose(
                "Each fact says what silence means, with the reason: that it is not so, that it is a record of the "
                "tool itself, or that a named post looks it up. A forum is asked when its criteria are met on what is "
                "known. While a question is open nobody is asked on it, and one enquiry with a clock asks each post. "
                "When MARAC's clock ends unanswered, MARAC is asked; what protects a victim does not wait."
            ),
        ),
    )


def _decision() -> Chapter:
    return Chapter(
        "5. People in the decision",
        (
            Bullets(
                (
                    "The tool proposes who leads. Only a person's recorded acceptance makes anybody an owner.",
                    "A professional who judges the risk to be high is always enough for MARAC; that rule is locked.",
                    "A forum may decline with a reason; the next is then asked, and the police hub holds the case.",
                    "A policy is changed by two named people, who see first what would have come out differently.",
                    "Open cases are never routed anew by a change of policy; a person confirms each.",
                    "Every decision can be previewed, explained and made again to the byte.",
                )
            ),
        ),
    )


def _data(policy: Policy) -> Chapter:
    asked = sum(1 for fact in policy.facts.values() if not fact.recorded)
    own = len(policy.facts) - asked
    rows = tuple((capitalised(f.label), f.ask or "a record of the tool itself") for f in policy.facts.values())
    return Chapter(
        "6. Data",
        (
            Prose(
                f"{asked} facts come from the referral or are found out; {own} are records of the tool itself. "
                "People are pseudonyms. Neither sex, ethnicity, religion, sexual orientation nor disability is a "
                "fact that any rule reads; age is read for the limits of 10, 16 and 18 and for the ages of school only."
            ),
            Grid(("Fact", "Asked as"), rows),
            Prose(f"{_TO_FILL} lawful basis, data protection impact assessment, retention."),
        ),
    )


def _parameters(policy: Policy) -> Chapter:
    unconfirmed = [each for each in policy.parameters.values() if each.tag in _UNCONFIRMED]
    rows = tuple(
        (each.name, capitalised(each.label), f"{each.value} {each.unit}".strip(), each.tag.value)
        for each in unconfirmed
    )
    return Chapter(
        "7. Parameters that an area must confirm",
        (
            Prose(f"{len(unconfirmed)} of {len(policy.parameters)} parameters are defaults and not law:"),
            Bullets(tuple(f"{tag.value}: {CONFIDENCE_MEANINGS[tag]}." for tag in _UNCONFIRMED)),
            Grid(("Name", "What", "Default", "Mark"), rows),
        ),
    )


def _policies(policies: Sequence[Policy]) -> Chapter:
    rows = tuple(
        (f"{p.id} {p.version}", p.title, p.in_force.date().isoformat(), str(len(p.departures)), p.sha256[:16])
        for p in policies
    )
    head = ("Policy", "Title", "In force from", "Departures", "Fingerprint")
    return Chapter("8. Policies that ship with it", (Grid(head, rows),))


def _assurance(policy: Policy) -> Chapter:
    situations = sum(each.situations for each in prove(policy).proved)
    return Chapter(
        "9. Assurance",
        (
            Prose(f"At every start {situations:,} situations of the baseline are examined. It holds that:"),
            Bullets(tuple(capitalised(law) + "." for law in PROVED_CLAIMS)),
            Prose(
                "The tests decide random situations by a second implementation that shares no code, prove the main "
                "claims again with a theorem prover, and make thousands of deliberate mistakes that a case must notice."
            ),
        ),
    )


def _risks() -> Chapter:
    return Chapter(
        "10. Risks and mitigations",
        (
            Grid(
                ("Risk", "What is done about it"),
                (
                    (
                        "A wrong or missing fact",
                        "Unknown is kept apart from no; a named post looks up what decides, and its silence has an end",
                    ),
                    (
                        "A default taken for law",
                        "Every parameter carries its mark in the handbook and in each explanation",
                    ),
                    (
                        "The safer reading floods a meeting",
                        "A what-if shows the extra hearings of each area before approval",
                    ),
                    (
                        "Reliance on the tool",
                        "Duties about safety arise at once and wait for no meeting and no decision",
                    ),
                    (
                        "A gap after a refusal",
                        "Proved: no forum that may have declined leads, holds or supports",
                    ),
                ),
            ),
            Prose(f"{_TO_FILL} equality impact assessment, and how people can ask for a review."),
        ),
    )

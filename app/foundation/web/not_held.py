"""Names what forms ask and this service never holds: why, and where it belongs instead. One table for every request.

Source: design note on forms, (b) 1. The module is long because it is one table, which a reviewer reads whole.
"""

from typing import NamedTuple


class KindNotHeld(NamedTuple):
    """A kind of detail that is never held: the names under which forms send it, the reason, and its place."""

    what: str
    names: tuple[str, ...]
    because: str
    belongs: str


_AGENCY = "the records of the agency that sends it"
KINDS_NOT_HELD = (
    KindNotHeld(
        "the name of a person",
        (
            "name", "names", "full_name", "first_name", "forename", "given_name", "middle_name", "last_name", "surname",
            "family_name", "maiden_name", "former_name", "alias", "aliases", "aka", "nickname", "nicknames",
            "victim_name", "perpetrator_name", "child_name", "next_of_kin", "emergency_contact",
        ),
        "a name tells whoever reads it who the person is",
        "a pseudonym in `ref`; keyed hashes of `identifiers` recognise the person",
    ),
    KindNotHeld(
        "an exact date of birth",
        ("date_of_birth", "dob", "birth_date", "birthdate", "born_on", "birthday"),
        "with an area it names one person",
        "`birth_year`, or `age` with `age_as_of`",
    ),
    KindNotHeld(
        "an address",
        (
            "address", "home_address", "current_address", "previous_address", "former_address", "address_line_1",
            "address_line_2", "street", "house_number", "town", "city", "postcode", "post_code", "uprn", "location",
            "whereabouts", "refuge_address", "work_address", "release_address",
        ),
        "where the victim is must never reach the perpetrator",
        "the records of the agency that visits; the area in `home_area`, what must be known in `not_for_disclosure`",
    ),
    KindNotHeld(
        "a telephone number",
        (
            "telephone", "telephone_number", "phone", "phone_number", "mobile", "mobile_number", "landline",
            "contact_number", "safe_number", "fax",
        ),
        "a wrong call tells the perpetrator",
        "the agency that holds it, named in `safe_contact.ask_agency`",
    ),
    KindNotHeld(
        "an email address or account",
        ("email", "email_address", "e_mail", "social_media", "username", "facebook", "instagram", "whatsapp"),
        "accounts are shared and read by others",
        "the agency that holds it, named in `safe_contact.ask_agency`",
    ),
    KindNotHeld(
        "a National Insurance number",
        ("national_insurance_number", "national_insurance", "ni_number", "nino"),
        "no duty needs it",
        _AGENCY,
    ),
    KindNotHeld(
        "immigration papers",
        (
            "visa", "visa_number", "visa_type", "passport", "passport_number", "immigration_status", "leave_to_remain",
            "home_office_reference", "brp_number", "nationality",
        ),
        "a victim must be able to ask for help without it",
        "`recourse_to_public_funds`, which is all that a plan needs",
    ),
    KindNotHeld(
        "photographs and recordings",
        ("photograph", "photographs", "photo", "photos", "image", "images", "picture", "video", "body_worn_video"),
        "evidence stays where its custody is recorded",
        "the police file of the incident, found by its `source_reference`",
    ),
    KindNotHeld(
        "medical detail",
        (
            "diagnosis", "diagnoses", "medical_history", "medical_conditions", "medical_notes", "medication",
            "treatment", "prescriptions", "gp", "gp_name", "gp_practice", "doctor", "hospital", "health_visitor",
            "disability_detail", "mental_health_detail",
        ),
        "health is told by whoever treats the person",
        "the health service's own research return; `support_needs` says whom to invite, `access_needs` how to meet",
    ),
    KindNotHeld(
        "comments on the risk assessment",
        ("comments", "comment", "dash_comments", "free_text", "narrative", "notes"),
        "the victim's own words about the abuse are read where they were given",
        "the completed form, with the agency that made it",
    ),
    KindNotHeld(
        "the content of a disclosure",
        ("disclosure_content", "disclosure_text", "disclosed_content", "content_of_disclosure", "what_was_disclosed"),
        "it is told in person, and never in writing",
        "the disclosure team's own record",
    ),
    KindNotHeld(
        "a pupil or patient number of a child",
        ("upn", "unique_pupil_number", "pupil_number", "school_name"),
        "it places the child",
        "children's social care, which holds it",
    ),
    KindNotHeld(
        "the name of an officer or practitioner",
        (
            "officer", "officer_name", "officer_in_the_case", "officer_in_case", "oic", "collar_number",
            "practitioner_name", "social_worker_name", "referrer_name", "manager_name", "worker_name",
        ),
        "a post answers, and people change",
        "the agency and post; who acts is named in the header X-On-Behalf-Of",
    ),
    KindNotHeld(
        "work and employer",
        ("employer", "employer_name", "occupation", "workplace", "place_of_work", "job", "job_title"),
        "it places the person",
        "nowhere; that an employer must not be told is said in `must_not_be_told`",
    ),
    KindNotHeld(
        "the identity of other victims",
        ("other_victims", "other_victim", "previous_victims", "previous_partners", "ex_partners"),
        "one victim's case must not name another",
        "an incident with its own `victim_ref`, counted and not shown",
    ),
    KindNotHeld(
        "religion",
        ("religion", "faith", "religion_or_belief"),
        "no duty reads it",
        "the agency's own records; what makes a visit safe is said in `victim_wishes`",
    ),
    KindNotHeld(
        "proof of identity",
        ("proof_of_identity", "identity_proof", "identity_documents", "id_document", "driving_licence"),
        "the disclosure team checks it in person",
        "the disclosure team's own record",
    ),
)  # fmt: skip


def _plain(name: str) -> str:
    """Returns the name without case and separators: `dateOfBirth`, `date-of-birth` and `Date_of_birth` are one name."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


NOT_HELD: dict[str, str] = {
    _plain(name): f"{kind.what} is never held: {kind.because}. It belongs in {kind.belongs}"
    for kind in KINDS_NOT_HELD
    for name in kind.names
}


# No name of a detail is longer: what a sender makes up is not taken apart without end.
_LONGEST = 60
# Whose detail it is, and in what form: what is left between is the detail itself.
_WHOSE = (
    "victims", "victim", "perpetrators", "perpetrator", "childs", "child", "suspects", "suspect", "offenders",
    "offender", "abusers", "abuser", "clients", "client", "partners", "partner", "patients", "patient",
    "preferred", "home", "current", "previous", "work", "known", "legal", "safe", "main",
)  # fmt: skip
_FORM_OF = ("numbers", "number", "num", "nos", "no", "details", "detail", "address", "names", "name", "text", "1", "2")
# These say where somebody is or how to reach them, and stand in no field alone.
_SHORT = {"tel": "telephone", "mob": "mobile", "mail": "email", "addr": "address", "refuge": "refuge_address"}


def _of_parts(plain: str) -> str | None:
    """Returns the reason of the detail that the name is made of: `victimAddress` is an address, `mobileNo` a number."""
    left, seen = [plain], {""}
    while left:
        name = left.pop(0)
        if name in seen:
            continue
        seen.add(name)
        why = NOT_HELD.get(name) or NOT_HELD.get(_plain(_SHORT.get(name, "")))
        if why is not None:
            return why
        left += [name.removeprefix(one) for one in _WHOSE if name.startswith(one)]
        left += [name.removesuffix(one) for one in _FORM_OF if name.endswith(one)]
    return None


def why_not_held(name: object) -> str | None:
    """Returns why a field of that name is refused and where it belongs; None when the name is merely not known here."""
    return _of_parts(_plain(str(name))[:_LONGEST])

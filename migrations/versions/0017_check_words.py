"""PostgreSQL refuses a word that a column's enum does not hold. Frozen: a later word is a later migration."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NATIONS = (
    "ENG",
    "WLS",
)
END_REASONS = (
    "RISK_RESOLVED",
    "MOVED",
    "DECEASED",
    "CUSTODY_NO_RELEASE",
    "DUPLICATE_OF",
)
ROLES = (
    "PVP_HUB",
    "REFERRER",
    "ATTENDING_SUPERVISOR",
    "RESPONSE_SUPERVISOR",
    "POLICE_SUPERVISOR",
    "POLICE_INSPECTOR",
    "INVESTIGATION_TEAM",
    "DVDS_TEAM",
    "IDVA",
    "MARAC_COORDINATOR",
    "MARAC_CHAIR",
    "MATAC_COORDINATOR",
    "MAPPA_COORDINATOR",
    "IOM_COORDINATOR",
    "DAPP_COORDINATOR",
    "PDP_COORDINATOR",
    "SUPERVISING_PRACTITIONER",
    "SENIOR_PROBATION",
    "PRISON_OMU",
    "YOUTH_JUSTICE",
    "CHILDRENS_SOCIAL_CARE",
    "ADULT_SOCIAL_CARE",
    "HOUSING",
    "VICTIM_LIAISON",
    "LINE_MANAGER",
    "STRATEGIC_LEAD",
)
FORUMS = (
    "MARAC",
    "MATAC",
    "MAPPA_L3",
    "MAPPA_L2",
    "MAPPA_L1_LEAD_AGENCY",
    "IOM",
    "DAPP",
    "PDP",
    "HUB",
    "REFERRING_AGENCY",
    "YOUTH_JUSTICE",
    "CHILDRENS_SOCIAL_CARE",
    "PRISON_OMU",
)
IDENTIFIERS = (
    "PNC",
    "CRO",
    "NHS",
    "CRN",
)
PROPOSAL_STATES = (
    "PROPOSED",
    "ACCEPTED",
    "DECLINED",
    "EXPIRED",
    "WITHDRAWN",
)
ACTION_STATES = (
    "OPEN",
    "REPORTED",
    "REVIEWED",
    "RETURNED",
)
ACTION_OUTCOMES = (
    "COMPLETED",
    "DECLINED_BY_RECIPIENT",
    "NOT_POSSIBLE_CIRCUMSTANCES_CHANGED",
    "NOT_DONE",
    "SUPERSEDED",
    "WITHDRAWN",
)
CALL_OUTCOMES = (
    "received",
    "redirected",
    "gone",
    "throttled",
    "refused",
    "server_error",
    "timed_out",
    "name_not_found",
    "not_connected",
    "certificate_wrong",
    "broken_off",
    "challenge_not_echoed",
    "will_not_send",
    "not_signed",
    "withdrawn",
    "superseded",
)
DECLINE_CODES = (
    "BELOW_THRESHOLD",
    "MANAGED_ELSEWHERE",
    "NOT_SERIAL",
    "NOT_CONVICTED",
    "INSUFFICIENT_INFO",
    "OUT_OF_AREA",
    "DUPLICATE",
    "CAPACITY",
)
WORK_KINDS = (
    "no_live_endpoint",
    "undelivered",
    "exhausted",
    "poison",
    "endpoint_paused",
    "receiver_refuses",
    "cannot_sign",
)
REVIEW_VERDICTS = (
    "ACCEPTED",
    "RETURNED",
    "CONTINUES",
)
WORDS = (
    ("area", "nation", NATIONS),
    ("need", "end_reason", END_REASONS),
    ("cover", "owner_role", ROLES),
    ("cover", "cover_role", ROLES),
    ("ownership", "role", ROLES),
    ("reminder_timer", "owner_role", ROLES),
    ("action", "owner_role", ROLES),
    ("invitation", "role", ROLES),
    ("proposal", "role", ROLES),
    ("work_item", "owner_role", ROLES),
    ("discharge", "forum", FORUMS),
    ("meeting_cycle", "forum", FORUMS),
    ("ownership", "forum", FORUMS),
    ("meeting", "forum", FORUMS),
    ("listing", "forum", FORUMS),
    ("proposal", "forum", FORUMS),
    ("proposal_answer", "claimed_forum", FORUMS),
    ("person_link", "identifier_kind", IDENTIFIERS),
    ("transfer_answer", "state", PROPOSAL_STATES),
    ("proposal_answer", "state", PROPOSAL_STATES),
    ("action", "state", ACTION_STATES),
    ("action", "outcome", ACTION_OUTCOMES),
    ("action_report", "outcome", ACTION_OUTCOMES),
    ("attempt", "outcome", CALL_OUTCOMES),
    ("proposal_answer", "code", DECLINE_CODES),
    ("work_item", "kind", WORK_KINDS),
    ("action_review", "verdict", REVIEW_VERDICTS),
)


def upgrade() -> None:
    for table, column, words in WORDS:
        listed = ", ".join(f"'{word}'" for word in words)
        op.create_check_constraint(op.f(f"ck_{table}_{column}"), table, f"{column} IN ({listed})")


def downgrade() -> None:
    for table, column, _ in reversed(WORDS):
        op.drop_constraint(op.f(f"ck_{table}_{column}"), table, type_="check")

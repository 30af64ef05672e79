"""The markers of high risk that an assessment can tell of, each with the setting that makes it a red flag.

The policy says of each whether it is one, from which guidance and how sure.
"""

from collections.abc import Mapping

MARKERS: Mapping[str, str] = {
    "threats_to_kill": "marker_threats_to_kill",
    "strangulation": "marker_strangulation",
    "weapon": "marker_weapon",
    "stalking": "marker_stalking",
    "coercive_control": "marker_coercive_control",
    "separation": "marker_separation",
    "pregnancy": "marker_pregnancy",
    "isolation": "marker_isolation",
    "honour_based": "marker_honour_based",
    "forced_marriage": "marker_forced_marriage",
    "sexual_abuse": "marker_sexual_abuse",
    "escalating": "marker_escalating",
    "very_frightened": "marker_very_frightened",
    "suicidal_threats_by_perpetrator": "marker_suicidal_threats",
    "immigration_control": "marker_immigration_control",
    "child_contact_conflict": "marker_child_contact_conflict",
    "phone_taken": "marker_phone_taken",
    "perpetrator_answered_phone": "marker_phone_answered",
}

"""Synthetic identifiers: their check letters fit, and they are nobody's. NHS numbers are of the 999 test range."""

from typing import Any

PNC, OTHER_PNC, THIRD_PNC = "2011/0000101B", "2011/0000202L", "1984/0000303G"
CRO, CRO_FILE = "000123/11E", "SF11/123P"
NHS, OTHER_NHS = "9990000018", "9990000026"
CRN = "X999001"

COORDINATOR = {"X-On-Behalf-Of": "ana.lima"}
SECOND = {"X-On-Behalf-Of": "jo.smith"}
REASON = {"reason": "Both forces read the custody record aloud and it is one person"}


def known_by(kind: str, value: str) -> list[dict[str, str]]:
    return [{"kind": kind, "value": value}]


def a_perpetrator(ref: str, *identifiers: dict[str, str], **changes: Any) -> dict[str, Any]:
    perpetrator = {"ref": ref, "age": 41, "in_custody": False, "mappa": {"not_managed": True}, **changes}
    return perpetrator | ({"identifiers": list(identifiers)} if identifiers else {})

"""Settings without limits on calls, for whoever calls more in a test than in a day."""

from typing import Any

NO_LIMITS: dict[str, Any] = {
    "calls_a_minute": 10**9,
    "calls_of_a_person_a_minute": 10**9,
    "person_searches_a_minute": 10**9,
    "sign_ins_a_minute": 10**9,
    "failures_before_lock_out": 10**9,
}

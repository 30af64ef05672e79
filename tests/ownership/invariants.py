"""I0 to I7 as questions to PostgreSQL. Each selects what must not exist; every answer must be empty."""

from sqlalchemy import Connection, text

NEVER = {
    "I1: an open need without exactly one owner": """
        SELECT n.id FROM need n WHERE n.ended_at IS NULL
        AND (SELECT count(*) FROM ownership o WHERE o.need_number = n.number AND upper_inf(o.during)) <> 1""",
    "I1: an instant of a need with no owner, or two": """
        SELECT n.id FROM need n
        WHERE (SELECT range_agg(o.during) FROM ownership o WHERE o.need_number = n.number)
              IS DISTINCT FROM tstzmultirange(tstzrange(n.opened_at, n.ended_at))
           OR EXISTS (SELECT FROM ownership a JOIN ownership b USING (need_number)
                      WHERE need_number = n.number AND a.id < b.id AND a.during && b.during)""",
    "I1: a case without an open or properly ended need of each kind": """
        SELECT c.id FROM case_file c
        WHERE (SELECT count(DISTINCT n.kind) FROM case_need s JOIN need n ON n.id = s.need_id
               WHERE s.case_id = c.id) <> 2""",
    "I2: a span that no acceptance began": """
        SELECT o.id FROM ownership o JOIN need n ON n.number = o.need_number
        WHERE lower(o.during) <> n.opened_at
        AND NOT EXISTS (SELECT FROM proposal_answer a WHERE a.proposal_id = o.proposal_id
                        AND a.state = 'ACCEPTED' AND a.answered_at = lower(o.during))""",
    "I2: a decline, an expiry or a withdrawal that moved an owner": """
        SELECT o.id FROM ownership o JOIN proposal_answer a USING (proposal_id) WHERE a.state <> 'ACCEPTED'""",
    "I2: an acceptance of a lead that moved nothing": """
        SELECT p.id FROM proposal p WHERE p.state = 'ACCEPTED' AND p.kind = 'LEAD'
        AND NOT EXISTS (SELECT FROM ownership o WHERE o.proposal_id = p.id)""",
    "I3: a claim said to hold that no accepted owner bears out": """
        SELECT a.id FROM proposal_answer a JOIN proposal p ON p.id = a.proposal_id JOIN need n ON n.id = p.need_id
        WHERE a.code = 'MANAGED_ELSEWHERE' AND a.claim_holds AND NOT EXISTS (
            SELECT FROM ownership o WHERE o.need_number = n.number AND o.forum = a.claimed_forum
            AND (o.during @> a.answered_at OR upper(o.during) = a.answered_at))""",
    "I3: MARAC as owner of a perpetrator": """
        SELECT o.id FROM ownership o JOIN need n ON n.number = o.need_number
        WHERE n.kind = 'PERPETRATOR' AND o.forum = 'MARAC'""",
    "I4: a need that ended without its reason on record": """
        SELECT n.id FROM need n LEFT JOIN need_ending e ON e.need_id = n.id
        WHERE (n.ended_at IS NULL) <> (e.id IS NULL) OR n.end_reason IS DISTINCT FROM e.reason""",
    "I4: a need that ended as moved and is open nowhere": """
        SELECT e.id FROM need_ending e JOIN need n ON n.id = e.need_id
        WHERE e.reason = 'MOVED' AND NOT EXISTS (
            SELECT FROM transfer_answer t JOIN need m ON m.id = t.need_opened
            WHERE t.transfer_id = e.transfer_id AND m.opened_at = e.ended_at AND m.subject_ref = n.subject_ref)""",
    "I4: somebody still asked about a need that has ended": """
        SELECT p.id FROM proposal p JOIN need n ON n.id = p.need_id
        WHERE p.state = 'PROPOSED' AND n.ended_at IS NOT NULL""",
    "I5: a forum that said no, asked again on the same facts without a chair's decision": """
        SELECT later.id FROM proposal earlier JOIN proposal_answer a ON a.proposal_id = earlier.id
        JOIN proposal later ON later.need_id = earlier.need_id AND later.forum = earlier.forum
             AND later.facts_sha256 = earlier.facts_sha256 AND later.id <> earlier.id
        WHERE a.state IN ('DECLINED', 'EXPIRED') AND later.proposed_at > a.answered_at
        AND NOT EXISTS (SELECT FROM ownership_override o WHERE o.proposal_id = later.id)""",
    "I5: a decline without an action to ask again": """
        SELECT p.id FROM proposal p WHERE p.state IN ('DECLINED', 'EXPIRED') AND NOT EXISTS (
            SELECT FROM action t WHERE t.case_id = p.case_id AND t.duty = 'D15.propose:' || p.kind || ':' || p.forum)\
""",
    "I5: a second decline on the same facts that no strategic lead was told of": """
        SELECT p.need_id FROM proposal p JOIN need n ON n.id = p.need_id WHERE p.state IN ('DECLINED', 'EXPIRED')
        GROUP BY p.need_id, n.area, p.facts_sha256 HAVING count(*) >= 2 AND NOT EXISTS (
            SELECT FROM event e JOIN proposal q ON q.id = e.subject_id
            WHERE e.type = 'lead.escalated' AND q.need_id = p.need_id AND n.area || '-BOARD' = ANY (e.agencies))""",
    "I6: a discharge while the perpetrator had no accepted owner outside MARAC": """
        SELECT d.id FROM discharge d JOIN case_need s ON s.case_id = d.case_id JOIN need n ON n.id = s.need_id
        JOIN ownership o ON o.need_number = n.number AND o.during @> d.discharged_at
             AND lower(o.during) < d.discharged_at
        WHERE n.kind = 'PERPETRATOR' AND (o.forum = 'MARAC' OR o.proposal_id IS NULL)""",
    "I7: a decline or silence of which chair, sender and referrer were not told at once": """
        SELECT p.id FROM proposal p JOIN proposal_answer a ON a.proposal_id = p.id
        JOIN case_file c ON c.id = p.case_id JOIN need n ON n.id = p.need_id
        WHERE a.state IN ('DECLINED', 'EXPIRED') AND NOT EXISTS (
            SELECT FROM event e WHERE e.subject_id = p.id AND e.occurred_at = a.answered_at
            AND e.type = CASE a.state WHEN 'DECLINED' THEN 'lead.declined' ELSE 'lead.expired' END
            AND e.agencies @> ARRAY[n.area || '-MARAC', p.sender_agency]::text[]
            AND e.agencies && (SELECT array_agg(r.referring_agency::text) FROM referral r WHERE r.case_id = c.id))""",
    "A case that waits on a list of an area that no longer owns the victim's safety": """
        SELECT l.id FROM listing l JOIN case_file c ON c.id = l.case_id
        WHERE l.heard_on IS NULL AND l.left_on IS NULL AND l.area <> c.area""",
    "An unfinished action that nothing reminds of": """
        SELECT t.id FROM action t WHERE t.state IN ('OPEN', 'REPORTED', 'RETURNED') AND NOT EXISTS (
            SELECT FROM reminder_timer r WHERE r.subject_id = t.id AND r.due_version = t.due_version)""",
    "A waiting proposal that nothing reminds of, or an answered one that something does": """
        SELECT p.id FROM proposal p WHERE (p.state = 'PROPOSED') <> EXISTS (
            SELECT FROM reminder_timer r WHERE r.subject_id = p.id AND r.state = 'scheduled')
        AND (p.state <> 'PROPOSED' OR NOT EXISTS (SELECT FROM reminder_timer r WHERE r.subject_id = p.id))""",
}


def broken(connection: Connection) -> dict[str, list[str]]:
    """Which invariants do not hold, and where."""
    found = {why: list(connection.scalars(text(never))) for why, never in NEVER.items()}
    return {why: ids for why, ids in found.items() if ids}

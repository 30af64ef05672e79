-- The triggers that tie events to deliveries inside the commit of the change.
--
-- They run as the owner of the tables, so that fan-out sees every subscriber whoever made the change, and so that no
-- producer of events needs a right on another room's tables. A test compares this file with the migrated database.

-- Whether an endpoint asked for an event: one rule for the fan-out, for recoveries and for the reconciling job.
-- An event of no particular forum reaches everybody: a filter narrows what is heard, it must not make silence.
CREATE FUNCTION endpoint_wants(e webhook_endpoint, n event) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT e.agency = ANY (n.agencies)
        AND n.type NOT IN ('endpoint.verify', 'endpoint.test')
        AND (cardinality(e.event_types) = 0 OR n.type = ANY (e.event_types))
        AND (cardinality(e.forums) = 0 OR cardinality(n.forums) = 0 OR e.forums && n.forums)
        AND (cardinality(e.areas) = 0 OR n.area = ANY (e.areas))
        AND (NOT e.own_actions_only OR n.subject_type <> 'action' OR n.owner_agency IS NOT DISTINCT FROM e.agency)
$$;

-- Writes one pending delivery for each endpoint that wants the event, in the same commit, and wakes the workers.
-- The search_path is fixed: what runs as the owner must not meet a caller's table of the same name first.
-- NOTIFY only wakes; polling is the truth.
-- A reminder that no active endpoint of an informed agency will hear goes to the co-ordinator's list at once. What asks
-- posts for something (`asked_roles`) is mailed to each post that reads by e-mail; any other reads it in its inbox, and the
-- reminders of it reach the co-ordinator: a list of every new task of every agency would be read by nobody.
CREATE FUNCTION fan_out_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    is_direct boolean := NEW.type IN ('endpoint.verify', 'endpoint.test');
    is_reminder boolean := NEW.type IN ('reminder.digest', 'reminder.danger');
    asks boolean := cardinality(NEW.asked_roles) > 0;
    asked_agency text := coalesce(NEW.owner_agency, NEW.agencies[1]);
BEGIN
    INSERT INTO delivery (id, event_id, endpoint_id, agency, subject_id, direct, must_arrive, priority, state,
                          created_at, due_at, wait_seconds, tries, claims)
    SELECT 'dlv_' || replace(gen_random_uuid()::text, '-', ''), NEW.id, e.id, e.agency, NEW.subject_id, is_direct,
           is_reminder OR (asks AND e.agency = asked_agency), NEW.priority, 'pending', NEW.occurred_at, NEW.occurred_at,
           0, 0, 0
    FROM webhook_endpoint e
    WHERE endpoint_wants(e, NEW) OR (is_direct AND e.id = NEW.subject_id);
    IF FOUND THEN
        PERFORM pg_notify('delivery_due', '');
    END IF;
    IF NOT is_direct THEN
        INSERT INTO feed_entry (event_id, event_number) VALUES (NEW.id, NEW.number);
    END IF;
    IF is_reminder OR asks THEN
        INSERT INTO work_item (id, kind, dedupe_key, owner_role, event_id, subject_type, subject_id, case_id,
                               opened_at, area, agencies, asked_role)
        SELECT 'wrk_' || replace(gen_random_uuid()::text, '-', ''), 'no_live_endpoint',
               concat_ws(':', 'no_live_endpoint', NEW.id, informed_agency, asked_role), 'MARAC_COORDINATOR', NEW.id,
               NEW.subject_type, NEW.subject_id, NEW.case_id, NEW.occurred_at, NEW.area,
               array_remove(ARRAY[informed_agency], ''), asked_role
        FROM unnest(CASE WHEN asks THEN ARRAY[coalesce(asked_agency, '')]
                         WHEN cardinality(NEW.agencies) = 0 THEN ARRAY['']
                         ELSE NEW.agencies END) AS informed_agency
        CROSS JOIN unnest(CASE WHEN asks THEN NEW.asked_roles ELSE ARRAY[NULL::text] END) AS asked_role
        WHERE NOT EXISTS (
            SELECT FROM webhook_endpoint e
            WHERE e.agency = informed_agency AND e.status = 'active' AND endpoint_wants(e, NEW))
        AND (is_reminder OR EXISTS (
            SELECT FROM post_mailbox b
            WHERE b.area = NEW.area AND b.role::text = asked_role AND b.agency = informed_agency));
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER event_fans_out AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION fan_out_event();

-- A review withdraws the lines it makes needless. A digest or call is not sent any more once all its lines are: what still
-- stands in it must arrive. The reminders room cannot name deliveries (it stands below) and the webhooks room cannot name
-- lines; this trigger is the one seam, and it commits with the review.
-- A call on the wire is not waited for: its row only remembers that it must not be tried again.
CREATE FUNCTION cancel_withdrawn_reminder() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    its_event text := (SELECT event_id FROM reminder_message WHERE id = NEW.message_id);
BEGIN
    -- The event of a digest may carry those of several posts.
    IF EXISTS (SELECT FROM reminder_line l JOIN reminder_message m ON m.id = l.message_id
               WHERE m.event_id = its_event AND l.withdrawn_at IS NULL) THEN
        RETURN NULL;
    END IF;
    -- In the order of their ids, as the workers lock them to record outcomes: neither waits for the other in a circle.
    WITH unsent AS (
        SELECT id FROM delivery
        WHERE event_id = its_event AND state IN ('pending', 'leased', 'exhausted', 'poison')
        ORDER BY id FOR UPDATE
    )
    UPDATE delivery SET withdrawn = NEW.reason,
        state = CASE WHEN state = 'leased' THEN state ELSE 'cancelled' END,
        reason = CASE WHEN state = 'leased' THEN reason ELSE 'withdrawn: ' || NEW.reason END
    WHERE id IN (SELECT id FROM unsent);
    UPDATE work_item SET closed_at = NEW.withdrawn_at, closed_by = 'withdrawn: ' || NEW.reason
    WHERE event_id = its_event AND closed_at IS NULL;
    RETURN NULL;
END
$$;
CREATE TRIGGER reminder_withdrawn AFTER UPDATE OF withdrawn_at ON reminder_line FOR EACH ROW
    WHEN (NEW.message_id IS NOT NULL AND NEW.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS NULL)
    EXECUTE FUNCTION cancel_withdrawn_reminder();

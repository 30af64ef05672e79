-- Exactly one owner at every instant: the exclusion constraint of `ownership` forbids two, this deferred check forbids none.
-- It runs as the owner of the tables, because row security would hide spans of another area from it.
-- It waits for the commit, because a need is opened before its first span, and one span ends before the next begins.
CREATE FUNCTION need_is_always_owned() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    asked need%ROWTYPE;
    owned tstzmultirange;
BEGIN
    IF TG_TABLE_NAME = 'need' THEN
        SELECT * INTO asked FROM need WHERE number = NEW.number;
    ELSE
        SELECT * INTO asked FROM need WHERE number = NEW.need_number;
    END IF;
    SELECT range_agg(during) INTO owned FROM ownership WHERE need_number = asked.number;
    IF owned IS DISTINCT FROM tstzmultirange(tstzrange(asked.opened_at, asked.ended_at)) THEN
        RAISE EXCEPTION 'need % would have an instant without exactly one accepted owner', asked.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    -- Owner is who accepted: the first at intake (I0), each later one by the answer that began the span (I2).
    IF EXISTS (
        SELECT FROM ownership o WHERE o.need_number = asked.number AND lower(o.during) <> asked.opened_at
            AND NOT EXISTS (
                SELECT FROM proposal_answer a WHERE a.proposal_id = o.proposal_id
                    AND a.state = 'ACCEPTED' AND a.answered_at = lower(o.during))
    ) THEN
        RAISE EXCEPTION 'need % would have an owner who has not accepted', asked.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER need_always_owned AFTER INSERT OR UPDATE ON need
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION need_is_always_owned();
CREATE CONSTRAINT TRIGGER ownership_leaves_no_gap AFTER INSERT OR UPDATE ON ownership
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION need_is_always_owned();

-- A span is closed once, after it began, and nothing else of it is ever rewritten. The trigger binds the owner of the
-- tables as well, whom no grant holds back.
CREATE FUNCTION ownership_only_closes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NOT upper_inf(OLD.during) OR isempty(NEW.during)
        OR lower(NEW.during) IS DISTINCT FROM lower(OLD.during)
        OR to_jsonb(NEW) - 'during' IS DISTINCT FROM to_jsonb(OLD) - 'during' THEN
        RAISE EXCEPTION 'a span of ownership is history: it can be closed once, never emptied and never rewritten'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER ownership_only_closes BEFORE UPDATE OR DELETE ON ownership
    FOR EACH ROW EXECUTE FUNCTION ownership_only_closes();
CREATE TRIGGER ownership_no_truncate BEFORE TRUNCATE ON ownership
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

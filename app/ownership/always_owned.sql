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
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER need_always_owned AFTER INSERT OR UPDATE ON need
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION need_is_always_owned();
CREATE CONSTRAINT TRIGGER ownership_leaves_no_gap AFTER INSERT OR UPDATE ON ownership
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION need_is_always_owned();

-- A span is closed once and never rewritten.
CREATE FUNCTION ownership_only_closes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A span that ends as it begins is empty, and an empty range has no lower bound to compare.
    IF TG_OP = 'DELETE' OR NOT upper_inf(OLD.during) OR lower(NEW.during) IS DISTINCT FROM lower(OLD.during)
        AND NOT isempty(NEW.during) THEN
        RAISE EXCEPTION 'a span of ownership is history: it can be closed once, never rewritten'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER ownership_only_closes BEFORE UPDATE OR DELETE ON ownership
    FOR EACH ROW EXECUTE FUNCTION ownership_only_closes();
CREATE TRIGGER ownership_no_truncate BEFORE TRUNCATE ON ownership
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- No bare close: an ended need has its ending on record, and one that moved was taken by the receiving area.
-- It runs as the owner of the tables: row security must not hide the record or the transfer from it.
CREATE FUNCTION need_ends_on_record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM need_ending e
        WHERE e.need_id = NEW.id AND e.reason = NEW.end_reason AND e.ended_at = NEW.ended_at
            AND (e.reason <> 'MOVED' OR EXISTS (
                SELECT FROM transfer t
                WHERE t.id = e.transfer_id AND t.need_id = NEW.id AND t.state = 'ACCEPTED'))
    ) THEN
        RAISE EXCEPTION 'need % would end without a record of why and by whom', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER need_ends_on_record AFTER INSERT OR UPDATE ON need
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION need_ends_on_record();

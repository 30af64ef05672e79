-- A key ends when it was made to end, or before: no fault of the service lengthens one that somebody has lost.
CREATE FUNCTION key_lasts_no_longer() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a key never lasts longer than it was made to last' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER key_lasts_no_longer BEFORE UPDATE ON client_key
    FOR EACH ROW WHEN (NEW.expires_at > OLD.expires_at) EXECUTE FUNCTION key_lasts_no_longer();

-- A question ends once: how it ended, what was answered and by whom stays as it was recorded. Its clock may end later:
-- what nobody can find out stays open until then.
CREATE FUNCTION question_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.ended, NEW.ended_at, NEW.value, NEW.looked_in, NEW.reason, NEW.passed_to, NEW.answered_by)
        IS DISTINCT FROM (OLD.ended, OLD.ended_at, OLD.value, OLD.looked_in, OLD.reason, OLD.passed_to, OLD.answered_by)
    THEN
        RAISE EXCEPTION 'question % has ended, and an ended question is never changed', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER question_ends_once BEFORE UPDATE ON enquiry_item
    FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION question_ends_once();

-- The end of a clock is decided on once.
CREATE FUNCTION clock_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the end of the clock of question % was decided on already', OLD.id
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER clock_ends_once BEFORE UPDATE ON enquiry_item
    FOR EACH ROW WHEN (OLD.lapsed_at IS NOT NULL AND NEW.lapsed_at IS DISTINCT FROM OLD.lapsed_at)
    EXECUTE FUNCTION clock_ends_once();

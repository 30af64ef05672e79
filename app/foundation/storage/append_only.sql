-- Refuses a change or a removal. The triggers of each append-only table call it.
-- A trigger beside the missing grants: it also binds the owner of the tables, whom no grant holds back.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: add a new row instead', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

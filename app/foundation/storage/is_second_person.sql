-- Whether the account that acts now is another one than the account that acted before, as `is_second_person` of
-- app/foundation/caller.py answers it. Constraints and queries ask it here. Both are `AGENCY/name`, or the agency alone.
CREATE FUNCTION is_second_person(person text, before text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT person <> before
$$;

-- Whether who acts now is known to be another person than who acted before, as `is_second_person` of
-- app/foundation/caller.py answers it. Constraints and queries ask it here. Both are `AGENCY/name`, or the agency alone.
CREATE FUNCTION is_second_person(person text, before text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT split_part(person, '/', 1) <> split_part(before, '/', 1)
        OR (strpos(person, '/') > 0 AND strpos(before, '/') > 0 AND person <> before)
$$;

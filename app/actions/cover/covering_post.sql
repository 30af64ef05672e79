-- Who covers a post of an agency on a London date, or no row. The reminders room asks it by name, because it stands below
-- this one: whatever is said to a post that is away is said to its cover, whichever room it is about.
CREATE FUNCTION covering_post(of_area text, of_agency text, of_role text, on_day date)
RETURNS TABLE (agency text, role text) LANGUAGE sql STABLE AS $$
    SELECT cover_agency, cover_role::text FROM cover
    WHERE area = of_area AND owner_agency = of_agency AND owner_role::text = of_role
        AND away_from <= on_day AND away_until >= on_day AND ended_at IS NULL
$$;

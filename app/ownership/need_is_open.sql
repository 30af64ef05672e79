-- Whether a case still has an open need, of the kind `wanted` or of any kind when that is NULL. Actions ask it by name,
-- because their room stands below this one and cannot read the tables of needs.
CREATE FUNCTION need_is_open(of_case text, wanted text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM case_need JOIN need ON need.id = case_need.need_id
        WHERE case_need.case_id = of_case AND need.ended_at IS NULL AND need.kind = coalesce(wanted, need.kind)
    )
$$;

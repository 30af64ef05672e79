-- Whether MARAC was asked to lead on a need of a case, or owns one. Reminders ask it by name, because their room stands
-- below this one: until then MARAC's posts are told nothing of a victim with whom they have no business.
CREATE FUNCTION case_is_with_marac(of_case text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM case_need JOIN proposal ON proposal.need_id = case_need.need_id
        WHERE case_need.case_id = of_case AND proposal.forum = 'MARAC'
    ) OR EXISTS (
        SELECT 1 FROM case_need JOIN need ON need.id = case_need.need_id JOIN ownership ON need_number = need.number
        WHERE case_need.case_id = of_case AND ownership.forum = 'MARAC'
    )
$$;

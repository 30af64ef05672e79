-- Whether a case is now an area's own. The area that has taken a case over reads what was recorded before.
-- It runs as the caller, so the row security of case_file holds inside it too. `pg_dump` plans it without a search path.
CREATE FUNCTION case_is_of_my_area(wanted text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE current_setting('app.row_scope')
        WHEN 'area' THEN EXISTS (
            SELECT 1 FROM public.case_file
            WHERE id = wanted AND area = ANY (string_to_array(current_setting('app.areas'), ','))
        )
        ELSE false
    END
$$;

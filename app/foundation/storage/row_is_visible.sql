-- Whether the caller of this transaction sees a row. The service sets the settings at the beginning of each transaction.
-- Plain SQL without SECURITY DEFINER or a SET clause: the planner then writes the condition in the place of the call.
-- Without them current_setting raises, or is empty on a connection that had them before. Either way nothing shows.
CREATE FUNCTION row_is_visible(area text, agencies text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE current_setting('app.row_scope')
        WHEN 'system' THEN true
        WHEN 'area' THEN area = ANY (string_to_array(current_setting('app.areas'), ','))
            OR current_setting('app.agency') = ANY (agencies)
        WHEN 'agency' THEN current_setting('app.agency') = ANY (agencies)
        ELSE false
    END
$$;

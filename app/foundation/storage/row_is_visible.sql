-- Whether the caller of this transaction sees a row. `open_row_scope` sets the settings, and row security asks
-- `row_scope_is_open` beside this, which raises when they were not set by it.
-- Plain SQL without SECURITY DEFINER or a SET clause: the planner then writes the condition in the place of the call.
CREATE FUNCTION row_is_visible(area text, agencies text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE current_setting('app.row_scope')
        WHEN 'system' THEN true
        WHEN 'area' THEN area = ANY (string_to_array(current_setting('app.areas'), ','))
            OR current_setting('app.agency') = ANY (agencies)
        WHEN 'agency' THEN current_setting('app.agency') = ANY (agencies)
        ELSE false
    END
$$;

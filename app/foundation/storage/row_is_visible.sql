-- Whether the caller of this transaction sees a row. The service sets the settings at the beginning of each transaction.
-- Without them current_setting raises, so that a forgotten scope leaks nothing.
CREATE FUNCTION row_is_visible(area text, agencies text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE current_setting('app.row_scope')
        WHEN 'system' THEN true
        WHEN 'area' THEN area = ANY (string_to_array(current_setting('app.areas'), ','))
            OR current_setting('app.agency') = ANY (agencies)
        WHEN 'agency' THEN current_setting('app.agency') = ANY (agencies)
        ELSE false
    END
$$;

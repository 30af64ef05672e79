-- Finds the account of somebody whose agency is not known yet: by a visit to the pages, or by the provider's name of them.
-- Both return ids. The account itself is read in the scope of its agency, so no stranger's request opens a wider one.
CREATE FUNCTION account_of_visit(visit text) RETURNS TABLE (agency text, account_id text) LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.agency, a.id FROM page_visit v JOIN account a ON a.id = v.account_id
    WHERE v.id = visit AND v.signed_out_at IS NULL AND v.subject IS NOT DISTINCT FROM a.subject
        AND a.suspended_at IS NULL
$$;

CREATE FUNCTION account_of_subject(called text) RETURNS TABLE (agency text, account_id text) LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.agency, a.id FROM account a WHERE a.subject = called
$$;

-- Finds the account of somebody whom the provider has proved and whose agency is not known yet, by the hash of a linking
-- code that still holds. Returns ids: the account itself is read in the scope of its agency.
CREATE FUNCTION account_of_linking_code(hashed text, at timestamptz) RETURNS TABLE (agency text, account_id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.agency, c.account_id FROM linking_code c
    WHERE c.code_hash = hashed AND c.ended_at IS NULL AND c.expires_at > at
$$;

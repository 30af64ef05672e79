-- A row scope is opened with a proof that only a process with the secret key of the deployment can make: a login alone,
-- or text that reaches a statement, opens none. The key table holds what is derived from that secret, as the two blocks
-- that HMAC-SHA-256 (RFC 2104) begins with, and nobody but these functions reads it.
CREATE FUNCTION row_scope_code(said text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT encode(sha256(outer_block || sha256(inner_block || convert_to(said, 'UTF8'))), 'hex') FROM row_scope_key
$$;
REVOKE EXECUTE ON FUNCTION row_scope_code FROM PUBLIC;

-- Opens the scope until the transaction ends. The proof is one for this connection and these words. What row security
-- reads are settings that anybody may set by hand; the seal beside them is one for this transaction and these words.
CREATE FUNCTION open_row_scope(kind text, agency text, areas text, proof text) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- IS NOT TRUE: where the database holds no key, the code is NULL, and NULL must open nothing.
    IF (proof = row_scope_code(concat_ws(E'\x1f', 'open', pg_backend_pid(), kind, agency, areas))) IS NOT TRUE THEN
        RAISE EXCEPTION 'the proof for this row scope is not the one of this deployment'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM set_config('app.row_scope', kind, true), set_config('app.agency', agency, true),
        set_config('app.areas', areas, true),
        set_config('app.row_scope_seal', row_scope_code(concat_ws(E'\x1f', 'sealed', extract(epoch FROM now()), kind,
            agency, areas)), true);
END
$$;

-- Whether the scope was opened in this transaction: true or an error, never an empty answer. Row security asks it once
-- for each statement.
CREATE FUNCTION row_scope_is_open() RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF (current_setting('app.row_scope_seal', true) = row_scope_code(concat_ws(E'\x1f', 'sealed',
        extract(epoch FROM now()), current_setting('app.row_scope', true), current_setting('app.agency', true),
        current_setting('app.areas', true)))) IS NOT TRUE THEN
        RAISE EXCEPTION 'no row scope is open in this transaction' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN true;
END
$$;

"""The guards that migrations put on tables: grants, row security, append-only. Frozen: later migrations add, never edit."""

from alembic import op

APP_ROLE = "referral_routing_app"


def grant(table: str, *privileges: str) -> None:
    """The application's role may do this to `table`, and nothing else."""
    op.execute(f"GRANT {', '.join(privileges)} ON {table} TO {APP_ROLE}")


def secure_rows(table: str) -> None:
    """Rows of `table` show only to callers whose area or agency is on them; a forgotten filter leaks nothing.

    Not forced on the owner: the service never works as the owner, and a dump by the owner must be whole.
    """
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY {table}_rows ON {table} TO {APP_ROLE} USING (row_is_visible(area, agencies))")


def append_only(table: str) -> None:
    """PostgreSQL refuses to change or remove a row of `table`, whoever asks."""
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


FUNCTIONS = """
CREATE FUNCTION row_is_visible(area text, agencies text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE current_setting('app.row_scope')
        WHEN 'system' THEN true
        WHEN 'area' THEN area = ANY (string_to_array(current_setting('app.areas'), ','))
            OR current_setting('app.agency') = ANY (agencies)
        WHEN 'agency' THEN current_setting('app.agency') = ANY (agencies)
        ELSE false
    END
$$;
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: add a new row instead', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
"""

APP_ROLE_EXISTS = f"""
DO $$
BEGIN
    CREATE ROLE {APP_ROLE} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END
$$;
"""

"""Says what is wrong with the login that the service connects with: whatever would lead it past the guards."""

from sqlalchemy import Connection, text

from app.foundation.storage.guards import APP_ROLE, DUMP_ROLE, KEEPER_ROLE

# Each row is one thing that the login must not be or have. A superuser is a member of every role.
_FAULTS = text("""
SELECT 'is a superuser' FROM pg_roles WHERE rolname = session_user AND rolsuper
UNION ALL
SELECT 'bypasses row security' FROM pg_roles WHERE rolname = session_user AND rolbypassrls
UNION ALL
SELECT 'may make roles' FROM pg_roles WHERE rolname = session_user AND rolcreaterole
UNION ALL
SELECT 'owns the database, or is a member of its owner' FROM pg_database
WHERE datname = current_database() AND pg_has_role(session_user, datdba, 'MEMBER')
UNION ALL
SELECT 'may make tables' WHERE has_schema_privilege(session_user, 'public', 'CREATE')
UNION ALL
SELECT 'owns tables or functions, or is a member of their owner' WHERE EXISTS (
    SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND pg_has_role(session_user, relowner, 'MEMBER')
    UNION ALL
    SELECT FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND pg_has_role(session_user, proowner, 'MEMBER'))
UNION ALL
SELECT 'is a member of ' || rolname FROM pg_roles
WHERE rolname NOT IN (:app_role, session_user) AND pg_has_role(session_user, oid, 'MEMBER')
    AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = session_user)
UNION ALL
SELECT 'is no member of ' || :app_role WHERE NOT EXISTS (
    SELECT FROM pg_roles WHERE rolname = :app_role AND pg_has_role(session_user, oid, 'USAGE'))
""")


def login_faults(connection: Connection) -> list[str]:
    """Returns what is wrong with the login of this connection, each in a few words; nothing for the service's own."""
    return list(connection.scalars(_FAULTS, {"app_role": APP_ROLE}))


def missing_roles(connection: Connection) -> list[str]:
    """Returns the roles without which the schema cannot be made: an administrator makes them, never a migration."""
    wanted = (APP_ROLE, KEEPER_ROLE, DUMP_ROLE)
    found = connection.scalars(
        text("SELECT rolname::text FROM pg_roles WHERE rolname = ANY (:wanted)"), {"wanted": list(wanted)}
    ).all()
    return [role for role in wanted if role not in found]

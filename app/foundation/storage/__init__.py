"""PostgreSQL: connections, migrations, the embedded server, dumps, and what is sealed at rest."""

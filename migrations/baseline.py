"""Writes the baseline's SQL anew from what the code declares. Only until the first release; then the file is frozen."""

from pathlib import Path

from app.declared_schema import removal_sql, schema_sql

VERSIONS = Path(__file__).parent / "versions"

if __name__ == "__main__":
    (VERSIONS / "0001_baseline.sql").write_text(schema_sql(), encoding="utf-8")
    (VERSIONS / "0001_baseline_down.sql").write_text(removal_sql(), encoding="utf-8")

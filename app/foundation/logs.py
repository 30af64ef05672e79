"""Logs: one JSON object on each line, from an allow-list of fields. No body, query value or name reaches a log."""

import json
import logging
import sys
from datetime import UTC, datetime

ALLOWED = (
    "trace_id",
    "client_id",
    "route",
    "status",
    "duration_ms",
    "error",
    "event",
    "count",
    "delivery_id",
)


class JsonLines(logging.Formatter):
    """Formats a record's event and its allowed fields; an exception is named by its class, never by its message."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "ts": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in ALLOWED if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            # SQLAlchemy writes the parameters of the statement into its message, and those are about people.
            line["error"] = record.exc_info[0].__name__
            line["where"] = _where(record)
        return json.dumps(line, default=str)


def _where(record: logging.LogRecord) -> list[str]:
    """Returns file and line of each frame of `app`: enough to find the fault, without any value."""
    frames, trace = [], record.exc_info[2] if record.exc_info else None
    while trace is not None:
        code = trace.tb_frame.f_code
        if "/app/" in code.co_filename:
            frames.append(f"app/{code.co_filename.rpartition('/app/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return frames


def log_as_json_lines(level: int = logging.INFO) -> None:
    """Sends every log of this process to standard output, one object on each line."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # At INFO some of these write whole addresses, with their queries.
    for chatty in ("httpx", "httpcore", "uvicorn.access", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)

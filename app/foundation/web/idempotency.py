"""Idempotency: the result of a request is stored under the sender's key, in the transaction that made it."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Header, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import LargeBinary, Text, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.foundation.errors import Invalid, Malformed
from app.foundation.storage.database import Base
from app.foundation.storage.guards import Guards

IdempotencyKey = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=255)]


class StoredResult(Base):
    """The answer to the first request with this key. Kept seven days."""

    __tablename__ = "idempotent_result"
    __guards__ = Guards(may="SELECT, INSERT, UPDATE, DELETE")

    sender: Mapped[str] = mapped_column(Text, primary_key=True)
    operation: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    stored_at: Mapped[datetime]
    status: Mapped[int | None]
    headers: Mapped[dict[str, str] | None] = mapped_column(JSONB)
    body: Mapped[str | None]
    acts: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB)


class OperationResult(BaseModel):
    """The answer of an operation: a status, a body, and its headers."""

    status: int
    body: object
    headers: dict[str, str] = {}

    def to_response(self) -> Response:
        return JSONResponse(self.body, self.status, headers=self.headers)


@dataclass(frozen=True, slots=True)
class OneAct:
    """What is done once. `recorded` says what is on record of it, and `again` records that its answer is read again."""

    act: Callable[[], OperationResult]
    recorded: Callable[[], list[dict[str, Any]]]
    again: Callable[[list[dict[str, Any]]], None]


def answer_once(
    session: Session,
    request: Request,
    sender: str,
    key: str | None,
    sent: BaseModel | None,
    now: datetime,
    once: OneAct,
) -> Response:
    """Acts once for each key of a sender: stores the answer of the act, and gives it when the key comes again.

    Raises `Malformed` without a key, and `Invalid` when the key was used with another body.
    """
    if key is None:
        raise Malformed("an `Idempotency-Key` header is required here; send a fresh random value per request")
    row = {"sender": sender, "operation": _operation(request), "key": key}
    # The primary key makes a concurrent request with the same key wait here until the first has committed; then it
    # finds the stored row and replays it.
    taken = session.execute(
        insert(StoredResult)
        .values(row | {"fingerprint": _fingerprint(sent), "stored_at": now})
        .on_conflict_do_nothing()
        .returning(StoredResult.key)
    ).first()
    if taken is None:
        return _replay(session, row, _fingerprint(sent), once)
    # A refusal raises, and the rollback frees the key: the corrected request may use it again.
    answer = once.act()
    session.flush()
    # The bytes that are sent now are the bytes that are sent again.
    body = json.dumps(answer.body, ensure_ascii=False, separators=(",", ":"))
    kept = {"status": answer.status, "headers": answer.headers, "body": body, "acts": once.recorded()}
    session.execute(update(StoredResult).filter_by(**row).values(kept))
    return answer.to_response()


def _operation(request: Request) -> str:
    return f"{request.method} {request.url.path}"


def _fingerprint(sent: BaseModel | None) -> bytes:
    # Of the request as it was understood: other spaces or another order of keys make it no other request.
    return hashlib.sha256(sent.model_dump_json().encode() if sent else b"").digest()


def _replay(session: Session, row: dict[str, str], fingerprint: bytes, once: OneAct) -> Response:
    first = session.execute(select(StoredResult).filter_by(**row)).scalar_one()
    if first.fingerprint != fingerprint:
        raise Invalid("this Idempotency-Key was used with another body; use a fresh key", code="idempotency-key-reused")
    once.again(first.acts or [])
    headers = {**(first.headers or {}), "Idempotency-Replayed": "true"}
    return Response(first.body, first.status or 200, headers=headers, media_type="application/json")


def with_secret(answer: Response, shown: list[str], name: str = "secret") -> Response:
    """Adds the secret to the first answer only: what is stored for repeated requests never holds it."""
    if not shown:
        return answer
    # `shown` is filled only where the act ran: a repeated request is answered from the stored row.
    body = json.loads(bytes(answer.body)) | {name: shown[0]}
    headers = {name: value for name, value in answer.headers.items() if name not in {"content-length", "content-type"}}
    return OperationResult(status=answer.status_code, body=body, headers=headers).to_response()

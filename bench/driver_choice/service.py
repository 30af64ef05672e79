"""The small services that `bench.driver_choice` compares, their tables, and the same statements for the bare driver."""

import socket
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from typing import Annotated, ClassVar, Final
from uuid import UUID, uuid4

import sqlalchemy as sa
import uvicorn
from fastapi import APIRouter, Depends, FastAPI, Request
from pydantic import BaseModel
from sqlalchemy import orm
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

CONCURRENT: Final = 16
FACTS: Final = {f"fact_{n:02}": "synthetic words about one risk".ljust(60, "x") for n in range(40)}
REASONS: Final = {f"rule_{n:02}": "why this duty follows from it".ljust(60, "x") for n in range(33)}
SEED: Final = """
    WITH one AS (INSERT INTO referral (id, body) VALUES (gen_random_uuid(), '{}') RETURNING id)
    INSERT INTO action (id, referral_id, owner, status, due_on)
    SELECT gen_random_uuid(), one.id, 'HUB', 'open', date '2026-01-05' + n % 365
    FROM one, generate_series(1, 50000) AS n
"""
OPEN: Final = "status = 'open'"
DUE: Final = [date(2026, 1, 5) + timedelta(days=n) for n in range(8)]


Key = tuple[date, UUID]


class Row(orm.MappedAsDataclass, orm.DeclarativeBase, kw_only=True):
    """Every id is made by the application, so no insert waits for RETURNING."""

    type_annotation_map: ClassVar[dict[object, object]] = {dict[str, str]: JSONB}
    id: orm.Mapped[UUID] = orm.mapped_column(primary_key=True, default_factory=uuid4)


class Referral(Row):
    __tablename__ = "referral"
    body: orm.Mapped[dict[str, str]]


class Decision(Row):
    __tablename__ = "decision"
    referral_id: orm.Mapped[UUID] = orm.mapped_column(sa.ForeignKey("referral.id"))
    body: orm.Mapped[dict[str, str]]


class Action(Row):
    __tablename__ = "action"
    referral_id: orm.Mapped[UUID] = orm.mapped_column(sa.ForeignKey("referral.id"))
    owner: orm.Mapped[str]
    status: orm.Mapped[str]
    due_on: orm.Mapped[date]
    __table_args__ = (sa.Index("action_open", "due_on", "id", postgresql_where=sa.text(OPEN)),)


class Timer(Row):
    __tablename__ = "timer"
    subject_id: orm.Mapped[UUID]
    rings_on: orm.Mapped[date]


class Outbox(Row):
    __tablename__ = "outbox"
    event: orm.Mapped[dict[str, str]]


class Audit(Row):
    __tablename__ = "audit"
    subject_id: orm.Mapped[UUID]
    deed: orm.Mapped[str]


KEY: Final = (Action.due_on, Action.id)
AFTER: Final = sa.tuple_(sa.bindparam("due_on", type_=sa.Date), sa.bindparam("after", type_=sa.Uuid))
PAGE: Final = sa.select(Action).where(sa.text(OPEN), sa.tuple_(*KEY) > AFTER).order_by(*KEY).limit(50)
DIALECT: Final = sa.create_engine("postgresql+psycopg://").dialect
BARE_PAGE: Final = PAGE.compile(dialect=DIALECT)
TABLES: Final = Row.metadata.sorted_tables
INSERTS: Final = {table.name: str(sa.insert(table).compile(dialect=DIALECT)) for table in TABLES}


class ReferralIn(BaseModel):
    body: dict[str, str]


class ReferralOut(BaseModel):
    referral_id: UUID
    decision_id: UUID
    action_ids: list[UUID]


class ActionOut(BaseModel, from_attributes=True):
    id: UUID
    referral_id: UUID
    owner: str
    status: str
    due_on: date


class ActionPage(BaseModel, from_attributes=True):
    items: list[ActionOut]


def consequences(referral: UUID) -> tuple[ReferralOut, list[Row]]:
    """The answer to one referral and the nineteen further rows that it brings about."""
    decision = Decision(referral_id=referral, body=REASONS)
    actions = [Action(referral_id=referral, owner="HUB", status="open", due_on=on) for on in DUE]
    timers = [Timer(subject_id=action.id, rings_on=action.due_on) for action in actions]
    outbox = Outbox(event={"type": "referral.decided", "referral_id": str(referral)})
    audit = Audit(subject_id=referral, deed="referral recorded")
    action_ids = [action.id for action in actions]
    answer = ReferralOut(referral_id=referral, decision_id=decision.id, action_ids=action_ids)
    return answer, [decision, *actions, *timers, outbox, audit]


def get_session(request: Request) -> Iterator[orm.Session]:
    """One transaction, committed before the answer leaves (`scope="function"`)."""
    with request.app.state.sessions.begin() as session:
        yield session


async def get_async_session(request: Request) -> AsyncIterator[AsyncSession]:
    """The same on the event loop."""
    async with request.app.state.sessions.begin() as session:
        yield session


InThread = Annotated[orm.Session, Depends(get_session, scope="function")]
OnLoop = Annotated[AsyncSession, Depends(get_async_session, scope="function")]
in_thread, on_loop = APIRouter(), APIRouter()


@in_thread.post("/referrals", status_code=201)
def record_referral(referral_in: ReferralIn, session: InThread) -> ReferralOut:
    session.add(referral := Referral(body=referral_in.body))
    session.flush()
    answer, rows = consequences(referral.id)
    session.add_all(rows)
    return answer


@in_thread.get("/actions")
def list_actions(due_on: date, after: UUID, session: InThread) -> ActionPage:
    rows = session.scalars(PAGE, {"due_on": due_on, "after": after})
    return ActionPage.model_validate({"items": rows.all()})


@on_loop.post("/referrals", status_code=201)
async def record_referral_async(referral_in: ReferralIn, session: OnLoop) -> ReferralOut:
    session.add(referral := Referral(body=referral_in.body))
    await session.flush()
    answer, rows = consequences(referral.id)
    session.add_all(rows)
    return answer


@on_loop.get("/actions")
async def list_actions_async(due_on: date, after: UUID, session: OnLoop) -> ActionPage:
    rows = await session.scalars(PAGE, {"due_on": due_on, "after": after})
    return ActionPage.model_validate({"items": rows.all()})


def serve(way: str, uri: str, listener: socket.socket) -> None:
    """Serves one way on the listener until the process is told to end."""
    app = FastAPI()
    if way.startswith("sync"):
        engine = sa.create_engine(uri, pool_size=CONCURRENT, max_overflow=0)
        app.state.sessions = orm.sessionmaker(engine, expire_on_commit=False)
        app.include_router(in_thread)
    else:
        async_engine = create_async_engine(uri, pool_size=CONCURRENT, max_overflow=0)
        app.state.sessions = async_sessionmaker(async_engine, expire_on_commit=False)
        app.include_router(on_loop)
    config = uvicorn.Config(app, log_level="warning", access_log=False)
    uvicorn.Server(config).run(sockets=[listener])


def prepare(uri: str) -> list[Key]:
    """The tables with their 50,000 open actions; two hundred places in the list to read from."""
    engine = sa.create_engine(uri.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        Row.metadata.create_all(connection)
        connection.execute(sa.text(SEED))
        connection.execute(sa.text("ANALYZE"))
        keys = connection.execute(sa.select(Action.due_on, Action.id).limit(200))
        return [(on, after) for on, after in keys]

"""Health: whether the process answers and the service is ready. Shows nothing of a case and calls no partner."""

from fastapi import APIRouter, Request
from sqlalchemy import text

from app import __version__
from app.foundation.errors import Unavailable
from app.foundation.storage.migrate import current_revision, head_revision
from app.foundation.web.schema import Shown
from app.policies.registry import load_shipped_policies

router = APIRouter(tags=["health"])


class HealthOut(Shown):
    """The state of health, in one word."""

    status: str


class InfoOut(Shown):
    """The version that runs, its schema, and its policies."""

    name: str
    version: str
    schema_revision: str | None
    policies: dict[str, str]


@router.get("/health/live", operation_id="checkLive", summary="The process answers")
def check_live() -> HealthOut:
    return HealthOut(status="live")


@router.get(
    "/health/ready",
    operation_id="checkReady",
    summary="Database, schema and policies are as this code needs them",
)
def check_ready(request: Request) -> HealthOut:
    engine = request.app.state.engine
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    if current_revision(engine) != head_revision():
        raise Unavailable("the database's schema is not the one this code expects; run `python -m app.cli migrate`")
    load_shipped_policies()
    return HealthOut(status="ready")


@router.get("/info", operation_id="showInfo", summary="Version, schema and the policies in service")
def show_info() -> InfoOut:
    policies = {one.policy.id: f"{one.policy.version} {one.policy.sha256[:12]}" for one in load_shipped_policies()}
    return InfoOut(name="referral-routing", version=__version__, schema_revision=head_revision(), policies=policies)

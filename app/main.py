"""The web application: middleware, problem handlers, every room's endpoints, and the pages."""

from fastapi import APIRouter, Depends, FastAPI
from sqlalchemy import Engine

from app import __version__
from app.accounts.endpoints import router as accounts
from app.actions.api.endpoints import router as actions
from app.clients.endpoints import router as clients
from app.clients.oauth.endpoints import FORM_PATHS as TOKEN_FORM_PATHS
from app.clients.oauth.endpoints import router as tokens
from app.enquiries.endpoints import router as enquiries
from app.flows.endpoints import router as flows
from app.foundation.clock import Clock, SystemClock
from app.foundation.settings import Settings
from app.foundation.storage.database import make_sessions
from app.foundation.storage.keys import carry_secret_key
from app.foundation.web.address_check import refuse_unknown_query, refuse_unstorable_path
from app.foundation.web.body_guard import BodyGuard
from app.foundation.web.compression import ApiCompression
from app.foundation.web.problems import install_problem_handlers
from app.foundation.web.response_headers import ResponseHeaders
from app.health import router as health
from app.inbox.endpoints import router as inbox
from app.intake.api.acceptance_endpoints import router as acceptances
from app.intake.api.area_transfer_endpoints import router as area_transfers
from app.intake.api.assessment_endpoints import router as assessment_reviews
from app.intake.api.endpoints import router as intake
from app.intake.api.enquiry_endpoints import router as answers
from app.intake.api.help_endpoints import router as help_requests
from app.intake.api.link_endpoints import router as links
from app.intake.api.partner_endpoints import router as partners
from app.intake.api.rerouting_endpoints import router as rerouting
from app.intake.api.review_prompt_endpoints import router as review_prompts
from app.intake.previews.endpoints import router as previews
from app.intake.timeline.endpoints import router as timeline
from app.meetings.api.endpoints import router as meetings
from app.ownership.api.endpoints import router as ownership
from app.pages.installation import FORM_PATHS, install_pages
from app.pages.sign_in.provider import provider_of
from app.people.endpoints import router as people
from app.people.search_endpoints import router as person_searches
from app.policies.draft_endpoints import router as policy_drafts
from app.policies.endpoints import router as policies
from app.referrals.assessments.endpoints import router as assessments
from app.referrals.before_contact.endpoints import router as withheld
from app.referrals.endpoints import router as referrals
from app.refusal_trail import install_refusal_trail
from app.statistics.endpoints import router as statistics
from app.trials.endpoints import router as trials
from app.webhooks.api.endpoints import router as webhooks

ROUTERS: tuple[APIRouter, ...] = (
    health,
    inbox,
    flows,
    intake,
    help_requests,
    partners,
    timeline,
    referrals,
    assessments,
    assessment_reviews,
    withheld,
    ownership,
    actions,
    enquiries,
    answers,
    meetings,
    statistics,
    people,
    accounts,
    clients,
    tokens,
    links,
    person_searches,
    policies,
    policy_drafts,
    previews,
    rerouting,
    acceptances,
    area_transfers,
    review_prompts,
    trials,
    webhooks,
)


def create_app(settings: Settings, engine: Engine, clock: Clock | None = None) -> FastAPI:
    """Makes the application over one database. `clock` is the machine's unless a replay or a test gives its own."""
    app = assemble()
    connect(app, settings, engine, clock)
    return app


def assemble() -> FastAPI:
    """Puts middleware, problem handlers and endpoints together; `connect` gives them the database and the clock."""
    app = FastAPI(
        title="Referral routing",
        version=__version__,
        summary="Routes domestic-abuse referrals across MARAC, MATAC and MAPPA; every need keeps an accepted owner.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
        dependencies=[Depends(refuse_unstorable_path), Depends(refuse_unknown_query)],
        separate_input_output_schemas=False,
    )
    install_problem_handlers(app)
    install_refusal_trail(app)
    app.add_middleware(BodyGuard, form_paths=(*FORM_PATHS, *TOKEN_FORM_PATHS))
    app.add_middleware(ResponseHeaders)
    app.add_middleware(ApiCompression)
    for router in ROUTERS:
        app.include_router(router)
    install_pages(app)
    return app


def connect(app: FastAPI, settings: Settings, engine: Engine, clock: Clock | None = None) -> None:
    """Gives the application its database, its settings and its clock."""
    app.state.settings = settings
    app.state.engine = engine
    app.state.sessions = make_sessions(engine)
    carry_secret_key(app.state.sessions, settings.secret_key)
    app.state.clock = clock or SystemClock()
    app.state.identity_provider = provider_of(settings)

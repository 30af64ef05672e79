"""Imports every room's tables into one metadata, so that migrations and tests see the whole schema."""

import app.access.key_models
import app.access.models
import app.accounts.models
import app.actions.further_cases.models
import app.actions.models
import app.actions.notices.models
import app.audit.models
import app.clients.models
import app.clients.oauth.models
import app.enquiries.models
import app.flows.models
import app.foundation.storage.row_scope
import app.foundation.web.idempotency
import app.meetings.models
import app.outbox.models
import app.ownership.models
import app.people.linking.models
import app.people.models
import app.policies.models
import app.referrals.diversity.models
import app.referrals.models
import app.reminders.models
import app.throttle.models
import app.trials.models
import app.webhooks.models  # noqa: F401 - importing is the point
from app.foundation.storage.database import Base

metadata = Base.metadata

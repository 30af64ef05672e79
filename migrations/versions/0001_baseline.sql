-- The roles that hold the grants. `app.cli logins` makes them before the first migration.
GRANT USAGE ON SCHEMA public TO referral_routing_app, referral_routing_keeper, referral_routing_dump;
GRANT SELECT ON alembic_version TO referral_routing_app, referral_routing_dump;

-- app/foundation/storage/append_only.sql
-- Refuses a change or a removal. The triggers of each append-only table call it.
-- A trigger beside the missing grants: it also binds the owner of the tables, whom no grant holds back.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: add a new row instead', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

-- app/foundation/storage/is_second_person.sql
-- Whether who acts now is known to be another person than who acted before, as `is_second_person` of
-- app/foundation/caller.py answers it. Constraints and queries ask it here. Both are `AGENCY/name`, or the agency alone.
CREATE FUNCTION is_second_person(person text, before text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT split_part(person, '/', 1) <> split_part(before, '/', 1)
        OR (strpos(person, '/') > 0 AND strpos(before, '/') > 0 AND person <> before)
$$;

-- app/foundation/storage/row_is_visible.sql
-- Whether the caller of this transaction sees a row. `open_row_scope` sets the settings, and row security asks
-- `row_scope_is_open` beside this, which raises when they were not set by it.
-- Plain SQL without SECURITY DEFINER or a SET clause: the planner then writes the condition in the place of the call.
CREATE FUNCTION row_is_visible(area text, agencies text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE current_setting('app.row_scope')
        WHEN 'system' THEN true
        WHEN 'area' THEN area = ANY (string_to_array(current_setting('app.areas'), ','))
            OR current_setting('app.agency') = ANY (agencies)
        WHEN 'agency' THEN current_setting('app.agency') = ANY (agencies)
        ELSE false
    END
$$;

CREATE TABLE agency (
    code TEXT NOT NULL,
    name VARCHAR NOT NULL,
    kind VARCHAR,
    CONSTRAINT pk_agency PRIMARY KEY (code),
    CONSTRAINT ck_agency_code_is_one_word CHECK (code ~ '^[A-Z][A-Z0-9_-]{0,63}$'),
    CONSTRAINT ck_agency_kind CHECK (kind IN ('POLICE', 'IDVA', 'COUNCIL', 'CHILDRENS_SOCIAL_CARE', 'ADULT_SAFEGUARDING', 'HEALTH', 'PRIMARY_CARE', 'SECONDARY_CARE', 'MENTAL_HEALTH', 'SUBSTANCE_MISUSE', 'EDUCATION', 'HOUSING', 'PROBATION', 'VOLUNTARY_SECTOR', 'MASH', 'OTHER'))
);

CREATE TABLE area (
    code TEXT NOT NULL,
    name VARCHAR NOT NULL,
    nation VARCHAR NOT NULL,
    policy_profile VARCHAR NOT NULL,
    CONSTRAINT pk_area PRIMARY KEY (code),
    CONSTRAINT ck_area_code_is_one_word CHECK (code ~ '^[A-Z][A-Z0-9_-]{0,63}$'),
    CONSTRAINT ck_area_policy_profile_is_an_id CHECK (policy_profile ~ '^[a-z][a-z0-9-]{0,59}$'),
    CONSTRAINT ck_area_nation CHECK (nation IN ('ENG', 'WLS'))
);

CREATE TABLE audit_entry (
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    category VARCHAR NOT NULL,
    route VARCHAR NOT NULL,
    subject_type VARCHAR NOT NULL,
    subject_id VARCHAR NOT NULL,
    client_id VARCHAR NOT NULL,
    agency VARCHAR NOT NULL,
    on_behalf_of VARCHAR,
    recipient VARCHAR,
    trace_id VARCHAR NOT NULL,
    address VARCHAR,
    CONSTRAINT pk_audit_entry PRIMARY KEY (number),
    CONSTRAINT ck_audit_entry_category CHECK (category IN ('collection', 'alteration', 'consultation', 'disclosure', 'combination', 'sign-in', 'refusal'))
);

CREATE INDEX ix_audit_entry_subject ON audit_entry (subject_type, subject_id);

CREATE UNLOGGED TABLE call_count (
    subject TEXT NOT NULL,
    began TIMESTAMP WITH TIME ZONE NOT NULL,
    calls INTEGER NOT NULL,
    CONSTRAINT pk_call_count PRIMARY KEY (subject)
);

CREATE INDEX ix_call_count_began ON call_count (began);

CREATE TABLE case_file (
    id TEXT NOT NULL,
    reference TEXT NOT NULL,
    victim_ref VARCHAR NOT NULL,
    perpetrator_ref VARCHAR,
    identified_at TIMESTAMP WITH TIME ZONE,
    received_at TIMESTAMP WITH TIME ZONE,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_case_file PRIMARY KEY (id),
    CONSTRAINT uq_case_file_reference UNIQUE (reference)
);

CREATE INDEX ix_case_perpetrator_ref ON case_file (perpetrator_ref);

CREATE INDEX ix_case_victim_ref ON case_file (victim_ref);

CREATE UNIQUE INDEX uq_case_dyad ON case_file (victim_ref, perpetrator_ref, area) WHERE perpetrator_ref IS NOT NULL AND identified_at IS NULL AND received_at IS NULL;

CREATE TABLE event (
    id TEXT NOT NULL,
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    type VARCHAR NOT NULL,
    subject_type VARCHAR NOT NULL,
    subject_id VARCHAR NOT NULL,
    case_id VARCHAR,
    forums TEXT[] NOT NULL,
    owner_agency VARCHAR,
    asked_roles TEXT[] NOT NULL,
    body BYTEA NOT NULL,
    dedupe_key VARCHAR,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    priority INTEGER NOT NULL,
    trace_id VARCHAR NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_event PRIMARY KEY (id),
    CONSTRAINT uq_event_dedupe_key UNIQUE (dedupe_key),
    CONSTRAINT uq_event_number UNIQUE (number),
    CONSTRAINT ck_event_subject_type CHECK (subject_type IN ('action', 'case', 'delivery', 'digest', 'ending', 'endpoint', 'enquiry', 'link_proposal', 'meeting', 'need', 'proposal', 'referral', 'release', 'transfer'))
);

CREATE INDEX ix_event_subject ON event (subject_type, subject_id);

CREATE TABLE flow_position (
    one_row SERIAL NOT NULL,
    position BIGINT NOT NULL,
    round_at VARCHAR NOT NULL,
    CONSTRAINT pk_flow_position PRIMARY KEY (one_row),
    CONSTRAINT ck_flow_position_one_row CHECK (one_row = 1)
);

CREATE TABLE idempotent_result (
    sender TEXT NOT NULL,
    operation TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint BYTEA NOT NULL,
    stored_at TIMESTAMP WITH TIME ZONE NOT NULL,
    status INTEGER,
    headers JSONB,
    body VARCHAR,
    acts JSONB,
    CONSTRAINT pk_idempotent_result PRIMARY KEY (sender, operation, key)
);

CREATE TABLE link_proposal (
    id TEXT NOT NULL,
    one_ref TEXT NOT NULL,
    other_ref TEXT NOT NULL,
    ground VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    proposed_by VARCHAR NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    answer_by TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_link_proposal PRIMARY KEY (id),
    CONSTRAINT ck_link_proposal_one_order CHECK (one_ref < other_ref),
    CONSTRAINT uq_link_proposal_id_proposed_by UNIQUE (id, proposed_by),
    CONSTRAINT ck_link_proposal_ground CHECK (ground IN ('SEEN_BY_A_PERSON', 'WITHDRAWN_BEFORE', 'REFUSED_BEFORE', 'SEVERAL_PERSONS', 'CONTRADICTED', 'APART'))
);

CREATE INDEX ix_link_proposal_pair ON link_proposal (one_ref, other_ref);

CREATE INDEX ix_link_proposal_proposed_at ON link_proposal (proposed_at, id);

CREATE TABLE need (
    id TEXT NOT NULL,
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    kind VARCHAR NOT NULL,
    subject_ref VARCHAR NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    end_reason VARCHAR,
    ended_by VARCHAR,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_need PRIMARY KEY (id),
    CONSTRAINT ck_need_never_ends_without_a_reason CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
    CONSTRAINT uq_need_id_kind UNIQUE (id, kind),
    CONSTRAINT uq_need_number UNIQUE (number),
    CONSTRAINT ck_need_kind CHECK (kind IN ('VICTIM_SAFETY', 'PERPETRATOR')),
    CONSTRAINT ck_need_end_reason CHECK (end_reason IN ('RISK_RESOLVED', 'MOVED', 'DECEASED', 'CUSTODY_NO_RELEASE', 'DUPLICATE_OF'))
);

CREATE UNIQUE INDEX uq_need_open_perpetrator ON need (subject_ref) WHERE ended_at IS NULL AND kind = 'PERPETRATOR';

CREATE UNIQUE INDEX uq_need_open_victim ON need (subject_ref, area) WHERE ended_at IS NULL AND kind = 'VICTIM_SAFETY';

CREATE TABLE person (
    id TEXT NOT NULL,
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    ref TEXT NOT NULL,
    first_named_at TIMESTAMP WITH TIME ZONE NOT NULL,
    areas TEXT[] NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_person PRIMARY KEY (id),
    CONSTRAINT uq_person_number UNIQUE (number),
    CONSTRAINT uq_person_ref UNIQUE (ref)
);

CREATE TABLE person_search (
    id TEXT NOT NULL,
    purpose VARCHAR NOT NULL,
    kinds TEXT[] NOT NULL,
    digests BYTEA[] NOT NULL,
    ref VARCHAR,
    found INTEGER NOT NULL,
    agency VARCHAR NOT NULL,
    areas TEXT[] NOT NULL,
    searched_by VARCHAR NOT NULL,
    searched_at TIMESTAMP WITH TIME ZONE NOT NULL,
    informed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_person_search PRIMARY KEY (id),
    CONSTRAINT ck_person_search_purpose CHECK (purpose IN ('REFERRAL', 'SAFETY_PLANNING', 'MEETING_RESEARCH', 'LINK_REVIEW', 'SUBJECT_ACCESS'))
);

CREATE INDEX ix_person_search_to_tell ON person_search (searched_at) WHERE informed_at IS NULL;

CREATE TABLE policy_draft (
    id TEXT NOT NULL,
    areas TEXT[] NOT NULL,
    policy_id VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    in_force TIMESTAMP WITH TIME ZONE NOT NULL,
    text VARCHAR NOT NULL,
    base_text VARCHAR,
    sha256 VARCHAR NOT NULL,
    drafted_by VARCHAR NOT NULL,
    drafted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_policy_draft PRIMARY KEY (id),
    CONSTRAINT uq_policy_draft_id_areas UNIQUE (id, areas),
    CONSTRAINT uq_policy_draft_whole UNIQUE (id, drafted_by, areas, policy_id, version, in_force),
    CONSTRAINT ck_policy_draft_policy_id CHECK (policy_id ~ '^[a-z][a-z0-9-]{0,59}$'),
    CONSTRAINT ck_policy_draft_version CHECK (version ~ '^[0-9]{1,4}(\.[0-9]{1,4}){0,2}$'),
    CONSTRAINT ck_policy_draft_is_for_an_area CHECK (cardinality(areas) > 0)
);

CREATE INDEX ix_policy_draft_policy_id ON policy_draft (policy_id, version);

CREATE INDEX ix_policy_draft_sha256 ON policy_draft (sha256);

CREATE TABLE policy_what_if (
    id TEXT NOT NULL,
    text VARCHAR NOT NULL,
    base_text VARCHAR,
    asked_by VARCHAR NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    areas JSONB NOT NULL,
    total INTEGER NOT NULL,
    done INTEGER NOT NULL,
    last_number BIGINT NOT NULL,
    until_number BIGINT NOT NULL,
    found JSONB NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_policy_what_if PRIMARY KEY (id),
    CONSTRAINT ck_policy_what_if_progress CHECK (done <= total),
    CONSTRAINT ck_policy_what_if_finished_when_all_is_done CHECK ((finished_at IS NULL) = (done < total))
);

CREATE TABLE reminder_timer (
    id TEXT NOT NULL,
    subject_type VARCHAR NOT NULL,
    subject_id VARCHAR NOT NULL,
    case_id VARCHAR,
    area VARCHAR NOT NULL,
    nation VARCHAR NOT NULL,
    owner_agency VARCHAR,
    owner_role VARCHAR NOT NULL,
    duty VARCHAR,
    came_back BOOLEAN NOT NULL,
    spares_owner BOOLEAN NOT NULL,
    due_version INTEGER NOT NULL,
    due_on DATE,
    due_at TIMESTAMP WITH TIME ZONE,
    life_safety BOOLEAN NOT NULL,
    rung INTEGER NOT NULL,
    tells TEXT[] NOT NULL,
    danger BOOLEAN NOT NULL,
    fire_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ladder_version VARCHAR NOT NULL,
    calendar_version VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    fired_at TIMESTAMP WITH TIME ZONE,
    late_by_seconds INTEGER,
    reason VARCHAR,
    cancelled_at TIMESTAMP WITH TIME ZONE,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_reminder_timer PRIMARY KEY (id),
    CONSTRAINT uq_reminder_timer_subject_id_due_version_rung UNIQUE (subject_id, due_version, rung),
    CONSTRAINT ck_reminder_timer_fired_at_an_instant CHECK ((state = 'fired') = (fired_at IS NOT NULL)),
    CONSTRAINT ck_reminder_timer_cancelled_for_a_reason CHECK (state <> 'cancelled' OR reason IS NOT NULL),
    CONSTRAINT ck_reminder_timer_one_deadline CHECK ((due_on IS NULL) <> (due_at IS NULL)),
    CONSTRAINT ck_reminder_timer_tells_a_post CHECK (cardinality(tells) > 0),
    CONSTRAINT ck_reminder_timer_subject_type CHECK (subject_type IN ('action', 'case', 'delivery', 'digest', 'ending', 'endpoint', 'enquiry', 'link_proposal', 'meeting', 'need', 'proposal', 'referral', 'release', 'transfer')),
    CONSTRAINT ck_reminder_timer_nation CHECK (nation IN ('ENG', 'WLS')),
    CONSTRAINT ck_reminder_timer_owner_role CHECK (owner_role IN ('PVP_HUB', 'REFERRER', 'ATTENDING_SUPERVISOR', 'RESPONSE_SUPERVISOR', 'POLICE_SUPERVISOR', 'POLICE_INSPECTOR', 'INVESTIGATION_TEAM', 'DVDS_TEAM', 'IDVA', 'MARAC_COORDINATOR', 'MARAC_CHAIR', 'MATAC_COORDINATOR', 'MAPPA_COORDINATOR', 'IOM_COORDINATOR', 'DAPP_COORDINATOR', 'PDP_COORDINATOR', 'SUPERVISING_PRACTITIONER', 'SENIOR_PROBATION', 'PRISON_OMU', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'ADULT_SOCIAL_CARE', 'DESIGNATED_OFFICER', 'HOUSING', 'EDUCATION', 'MENTAL_HEALTH', 'SUBSTANCE_MISUSE', 'PRIMARY_CARE', 'SECONDARY_CARE', 'VICTIM_LIAISON', 'LINE_MANAGER', 'STRATEGIC_LEAD', 'OTHER')),
    CONSTRAINT ck_reminder_timer_state CHECK (state IN ('scheduled', 'fired', 'cancelled'))
);

CREATE INDEX ix_reminder_timer_case_id ON reminder_timer (case_id) WHERE state = 'fired';

CREATE INDEX ix_reminder_timer_said ON reminder_timer (subject_id) WHERE state = 'fired' AND withdrawn_at IS NULL;

CREATE INDEX ix_reminder_timer_waiting ON reminder_timer (fire_at) WHERE state = 'scheduled';

CREATE TABLE row_scope_key (
    inner_block BYTEA NOT NULL,
    outer_block BYTEA NOT NULL,
    CONSTRAINT pk_row_scope_key PRIMARY KEY (inner_block)
);

CREATE TABLE separate_persons (
    one_ref TEXT NOT NULL,
    other_ref TEXT NOT NULL,
    noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_separate_persons PRIMARY KEY (one_ref, other_ref),
    CONSTRAINT ck_separate_persons_one_order CHECK (one_ref < other_ref)
);

CREATE TABLE shipped_policy_text (
    sha256 TEXT NOT NULL,
    policy_id VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    base_text VARCHAR,
    kept_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_shipped_policy_text PRIMARY KEY (sha256),
    CONSTRAINT ck_shipped_policy_text_policy_id CHECK (policy_id ~ '^[a-z][a-z0-9-]{0,59}$'),
    CONSTRAINT ck_shipped_policy_text_version CHECK (version ~ '^[0-9]{1,4}(\.[0-9]{1,4}){0,2}$')
);

CREATE TABLE token_signing_key (
    kid TEXT NOT NULL,
    public_jwk JSONB NOT NULL,
    sealed_private_jwk BYTEA NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    signs_from TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_token_signing_key PRIMARY KEY (kid)
);

CREATE TABLE account (
    id TEXT NOT NULL,
    agency TEXT NOT NULL,
    name VARCHAR NOT NULL,
    full_name VARCHAR NOT NULL,
    team VARCHAR NOT NULL,
    post VARCHAR NOT NULL,
    areas TEXT[] NOT NULL,
    subject VARCHAR,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    suspended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_account PRIMARY KEY (id),
    CONSTRAINT uq_account_agency_name UNIQUE (agency, name),
    CONSTRAINT uq_account_subject UNIQUE (subject),
    CONSTRAINT ck_account_name_is_one_word_of_acts CHECK (name ~ '^[a-z0-9 .''_@ß-öø-İĲ-ȶḀ-ỿ-]{1,200}$'),
    CONSTRAINT ck_account_each_area_is_one_word CHECK (areas = '{}' OR array_to_string(areas, chr(31), chr(31)) ~ ('^[A-Z][A-Z0-9_-]{0,63}(' || chr(31) || '[A-Z][A-Z0-9_-]{0,63})*$')),
    CONSTRAINT fk_account_agency FOREIGN KEY(agency) REFERENCES agency (code),
    CONSTRAINT ck_account_post CHECK (post IN ('PVP_HUB', 'REFERRER', 'ATTENDING_SUPERVISOR', 'RESPONSE_SUPERVISOR', 'POLICE_SUPERVISOR', 'POLICE_INSPECTOR', 'INVESTIGATION_TEAM', 'DVDS_TEAM', 'IDVA', 'MARAC_COORDINATOR', 'MARAC_CHAIR', 'MATAC_COORDINATOR', 'MAPPA_COORDINATOR', 'IOM_COORDINATOR', 'DAPP_COORDINATOR', 'PDP_COORDINATOR', 'SUPERVISING_PRACTITIONER', 'SENIOR_PROBATION', 'PRISON_OMU', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'ADULT_SOCIAL_CARE', 'DESIGNATED_OFFICER', 'HOUSING', 'EDUCATION', 'MENTAL_HEALTH', 'SUBSTANCE_MISUSE', 'PRIMARY_CARE', 'SECONDARY_CARE', 'VICTIM_LIAISON', 'LINE_MANAGER', 'STRATEGIC_LEAD', 'OTHER'))
);

CREATE TABLE case_need (
    case_id TEXT NOT NULL,
    need_id TEXT NOT NULL,
    CONSTRAINT pk_case_need PRIMARY KEY (case_id, need_id),
    CONSTRAINT fk_case_need_case_id FOREIGN KEY(case_id) REFERENCES case_file (id),
    CONSTRAINT fk_case_need_need_id FOREIGN KEY(need_id) REFERENCES need (id)
);

CREATE TABLE client (
    id TEXT NOT NULL,
    name VARCHAR NOT NULL,
    agency TEXT NOT NULL,
    role VARCHAR NOT NULL,
    areas TEXT[] NOT NULL,
    speaks_for_people BOOLEAN NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    suspended_at TIMESTAMP WITH TIME ZONE,
    tokens_ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_client PRIMARY KEY (id),
    CONSTRAINT ck_client_each_area_is_one_word CHECK (areas = '{}' OR array_to_string(areas, chr(31), chr(31)) ~ ('^[A-Z][A-Z0-9_-]{0,63}(' || chr(31) || '[A-Z][A-Z0-9_-]{0,63})*$')),
    CONSTRAINT fk_client_agency FOREIGN KEY(agency) REFERENCES agency (code),
    CONSTRAINT ck_client_role CHECK (role IN ('hub.referrer', 'marac.coordinator', 'marac.chair', 'partner.perpetrator_side', 'partner.agency', 'agency.administrator'))
);

CREATE INDEX ix_client_agency ON client (agency, id);

CREATE TABLE cover (
    id TEXT NOT NULL,
    owner_agency TEXT NOT NULL,
    owner_role VARCHAR NOT NULL,
    owner_account VARCHAR NOT NULL,
    away_from DATE NOT NULL,
    away_until DATE NOT NULL,
    cover_agency TEXT NOT NULL,
    cover_role VARCHAR NOT NULL,
    cover_account VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    arranged_by VARCHAR NOT NULL,
    arranged_at TIMESTAMP WITH TIME ZONE NOT NULL,
    begun_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_cover PRIMARY KEY (id),
    CONSTRAINT ck_cover_ends_after_it_begins CHECK (away_from <= away_until),
    CONSTRAINT ck_cover_by_another_post CHECK ((owner_agency, owner_role) <> (cover_agency, cover_role)),
    CONSTRAINT ck_cover_second_person CHECK (is_second_person(cover_account, owner_account)),
    CONSTRAINT fk_cover_owner_agency FOREIGN KEY(owner_agency) REFERENCES agency (code),
    CONSTRAINT fk_cover_cover_agency FOREIGN KEY(cover_agency) REFERENCES agency (code),
    CONSTRAINT ck_cover_owner_role CHECK (owner_role IN ('PVP_HUB', 'REFERRER', 'ATTENDING_SUPERVISOR', 'RESPONSE_SUPERVISOR', 'POLICE_SUPERVISOR', 'POLICE_INSPECTOR', 'INVESTIGATION_TEAM', 'DVDS_TEAM', 'IDVA', 'MARAC_COORDINATOR', 'MARAC_CHAIR', 'MATAC_COORDINATOR', 'MAPPA_COORDINATOR', 'IOM_COORDINATOR', 'DAPP_COORDINATOR', 'PDP_COORDINATOR', 'SUPERVISING_PRACTITIONER', 'SENIOR_PROBATION', 'PRISON_OMU', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'ADULT_SOCIAL_CARE', 'DESIGNATED_OFFICER', 'HOUSING', 'EDUCATION', 'MENTAL_HEALTH', 'SUBSTANCE_MISUSE', 'PRIMARY_CARE', 'SECONDARY_CARE', 'VICTIM_LIAISON', 'LINE_MANAGER', 'STRATEGIC_LEAD', 'OTHER')),
    CONSTRAINT ck_cover_cover_role CHECK (cover_role IN ('PVP_HUB', 'REFERRER', 'ATTENDING_SUPERVISOR', 'RESPONSE_SUPERVISOR', 'POLICE_SUPERVISOR', 'POLICE_INSPECTOR', 'INVESTIGATION_TEAM', 'DVDS_TEAM', 'IDVA', 'MARAC_COORDINATOR', 'MARAC_CHAIR', 'MATAC_COORDINATOR', 'MAPPA_COORDINATOR', 'IOM_COORDINATOR', 'DAPP_COORDINATOR', 'PDP_COORDINATOR', 'SUPERVISING_PRACTITIONER', 'SENIOR_PROBATION', 'PRISON_OMU', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'ADULT_SOCIAL_CARE', 'DESIGNATED_OFFICER', 'HOUSING', 'EDUCATION', 'MENTAL_HEALTH', 'SUBSTANCE_MISUSE', 'PRIMARY_CARE', 'SECONDARY_CARE', 'VICTIM_LIAISON', 'LINE_MANAGER', 'STRATEGIC_LEAD', 'OTHER'))
);

CREATE INDEX ix_cover_not_ended ON cover (area, owner_agency, owner_role) WHERE ended_at IS NULL;

CREATE TABLE discharge (
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    forum VARCHAR NOT NULL,
    plan VARCHAR NOT NULL,
    discharged_by VARCHAR NOT NULL,
    discharged_at TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_discharge PRIMARY KEY (id),
    CONSTRAINT fk_discharge_case_id FOREIGN KEY(case_id) REFERENCES case_file (id),
    CONSTRAINT ck_discharge_forum CHECK (forum IN ('MARAC', 'MATAC', 'MAPPA_L3', 'MAPPA_L2', 'MAPPA_L1_LEAD_AGENCY', 'SUPERVISING_SERVICE', 'IOM', 'DAPP', 'PDP', 'HUB', 'REFERRING_AGENCY', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'PRISON_OMU'))
);

CREATE INDEX ix_discharge_case_id ON discharge (case_id);

CREATE TABLE enquiry (
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    role VARCHAR NOT NULL,
    agency TEXT,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    version INTEGER NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_enquiry PRIMARY KEY (id),
    CONSTRAINT uq_enquiry_case_id_area_role UNIQUE (case_id, area, role),
    CONSTRAINT fk_enquiry_case_id FOREIGN KEY(case_id) REFERENCES case_file (id),
    CONSTRAINT fk_enquiry_agency FOREIGN KEY(agency) REFERENCES agency (code),
    CONSTRAINT ck_enquiry_role CHECK (role IN ('PVP_HUB', 'REFERRER', 'ATTENDING_SUPERVISOR', 'RESPONSE_SUPERVISOR', 'POLICE_SUPERVISOR', 'POLICE_INSPECTOR', 'INVESTIGATION_TEAM', 'DVDS_TEAM', 'IDVA', 'MARAC_COORDINATOR', 'MARAC_CHAIR', 'MATAC_COORDINATOR', 'MAPPA_COORDINATOR', 'IOM_COORDINATOR', 'DAPP_COORDINATOR', 'PDP_COORDINATOR', 'SUPERVISING_PRACTITIONER', 'SENIOR_PROBATION', 'PRISON_OMU', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'ADULT_SOCIAL_CARE', 'DESIGNATED_OFFICER', 'HOUSING', 'EDUCATION', 'MENTAL_HEALTH', 'SUBSTANCE_MISUSE', 'PRIMARY_CARE', 'SECONDARY_CARE', 'VICTIM_LIAISON', 'LINE_MANAGER', 'STRATEGIC_LEAD', 'OTHER'))
);

CREATE INDEX ix_enquiry_agency ON enquiry (agency);

CREATE INDEX ix_enquiry_asked ON enquiry (asked_at, id);

CREATE TABLE feed_entry (
    event_id TEXT NOT NULL,
    event_number BIGINT NOT NULL,
    position BIGINT,
    CONSTRAINT pk_feed_entry PRIMARY KEY (event_id),
    CONSTRAINT uq_feed_entry_position UNIQUE (position),
    CONSTRAINT fk_feed_entry_event_id FOREIGN KEY(event_id) REFERENCES event (id)
);

CREATE INDEX ix_feed_entry_unplaced ON feed_entry (event_number) WHERE position IS NULL;

CREATE TABLE flow_release (
    id TEXT NOT NULL,
    flow VARCHAR NOT NULL,
    fact VARCHAR NOT NULL,
    case_id TEXT NOT NULL,
    holder_agency VARCHAR,
    agency TEXT NOT NULL,
    role VARCHAR NOT NULL,
    area TEXT NOT NULL,
    to_case_id TEXT,
    side VARCHAR NOT NULL,
    form VARCHAR NOT NULL,
    content JSONB NOT NULL,
    danger BOOLEAN NOT NULL,
    owed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_on DATE,
    due_at TIMESTAMP WITH TIME ZONE,
    released_at TIMESTAMP WITH TIME ZONE NOT NULL,
    released_by VARCHAR,
    received_at TIMESTAMP WITH TIME ZONE,
    received_by VARCHAR,
    misdirected_at TIMESTAMP WITH TIME ZONE,
    misdirected_by VARCHAR,
    misdirected_because VARCHAR,
    CONSTRAINT pk_flow_release PRIMARY KEY (id),
    CONSTRAINT uq_flow_release_flow_fact_agency_role_form UNIQUE (flow, fact, agency, role, form),
    CONSTRAINT ck_flow_release_one_deadline CHECK ((due_on IS NULL) <> (due_at IS NULL)),
    CONSTRAINT ck_flow_release_received_by_somebody CHECK ((received_at IS NULL) = (received_by IS NULL)),
    CONSTRAINT ck_flow_release_by_a_named_person CHECK (strpos(received_by, '/') > 0),
    CONSTRAINT ck_flow_release_misdirected_for_a_reason CHECK ((misdirected_at IS NULL) = (misdirected_by IS NULL) AND (misdirected_at IS NULL) = (misdirected_because IS NULL)),
    CONSTRAINT ck_flow_release_received_or_misdirected CHECK (received_at IS NULL OR misdirected_at IS NULL),
    CONSTRAINT fk_flow_release_case_id FOREIGN KEY(case_id) REFERENCES case_file (id),
    CONSTRAINT fk_flow_release_agency FOREIGN KEY(agency) REFERENCES agency (code),
    CONSTRAINT fk_flow_release_area FOREIGN KEY(area) REFERENCES area (code),
    CONSTRAINT fk_flow_release_to_case_id FOREIGN KEY(to_case_id) REFERENCES case_file (id),
    CONSTRAINT ck_flow_release_role CHECK (role IN ('PVP_HUB', 'REFERRER', 'ATTENDING_SUPERVISOR', 'RESPONSE_SUPERVISOR', 'POLICE_SUPERVISOR', 'POLICE_INSPECTOR', 'INVESTIGATION_TEAM', 'DVDS_TEAM', 'IDVA', 'MARAC_COORDINATOR', 'MARAC_CHAIR', 'MATAC_COORDINATOR', 'MAPPA_COORDINATOR', 'IOM_COORDINATOR', 'DAPP_COORDINATOR', 'PDP_COORDINATOR', 'SUPERVISING_PRACTITIONER', 'SENIOR_PROBATION', 'PRISON_OMU', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'ADULT_SOCIAL_CARE', 'DESIGNATED_OFFICER', 'HOUSING', 'EDUCATION', 'MENTAL_HEALTH', 'SUBSTANCE_MISUSE', 'PRIMARY_CARE', 'SECONDARY_CARE', 'VICTIM_LIAISON', 'LINE_MANAGER', 'STRATEGIC_LEAD', 'OTHER')),
    CONSTRAINT ck_flow_release_side CHECK (side IN ('VICTIM', 'PERPETRATOR', 'BOTH')),
    CONSTRAINT ck_flow_release_form CHECK (form IN ('FULL', 'ENQUIRY')),
    CONSTRAINT ck_flow_release_misdirected_because CHECK (misdirected_because IN ('NOT_SUPERVISED_HERE', 'SUPERVISION_ENDED', 'MOVED_TO_ANOTHER_SERVICE', 'NOT_THIS_PERSON'))
);

CREATE INDEX ix_flow_release_agency ON flow_release (agency, released_at, id);

CREATE INDEX ix_flow_release_case_id ON flow_release (case_id);

CREATE INDEX ix_flow_release_waiting ON flow_release (agency) WHERE received_at IS NULL AND misdirected_at IS NULL;

CREATE TABLE link_answer (
    id TEXT NOT NULL,
    proposal_id TEXT NOT NULL,
    answer VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    answered_by VARCHAR NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_link_answer PRIMARY KEY (id),
    CONSTRAINT uq_link_answer_proposal_id_area UNIQUE (proposal_id, area),
    CONSTRAINT ck_link_answer_answer CHECK (answer IN ('CONFIRMED', 'REFUSED')),
    CONSTRAINT fk_link_answer_proposal_id FOREIGN KEY(proposal_id) REFERENCES link_proposal (id)
);

CREATE TABLE link_ask (
    id TEXT NOT NULL,
    proposal_id TEXT NOT NULL,
    role VARCHAR NOT NULL,
    agency VARCHAR,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    answer_by TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_link_ask PRIMARY KEY (id),
    CONSTRAINT uq_link_ask_proposal_id_area UNIQUE (proposal_id, area),
    CONSTRAINT fk_link_ask_proposal_id FOREIGN KEY(proposal_id) REFERENCES link_proposal (id),
    CONSTRAINT ck_link_ask_role CHECK (role IN ('PVP_HUB', 'REFERRER', 'ATTENDING_SUPERVISOR', 'RESPONSE_SUPERVISOR', 'POLICE_SUPERVISOR', 'POLICE_INSPECTOR', 'INVESTIGATION_TEAM', 'DVDS_TEAM', 'IDVA', 'MARAC_COORDINATOR', 'MARAC_CHAIR', 'MATAC_COORDINATOR', 'MAPPA_COORDINATOR', 'IOM_COORDINATOR', 'DAPP_COORDINATOR', 'PDP_COORDINATOR', 'SUPERVISING_PRACTITIONER', 'SENIOR_PROBATION', 'PRISON_OMU', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'ADULT_SOCIAL_CARE', 'DESIGNATED_OFFICER', 'HOUSING', 'EDUCATION', 'MENTAL_HEALTH', 'SUBSTANCE_MISUSE', 'PRIMARY_CARE', 'SECONDARY_CARE', 'VICTIM_LIAISON', 'LINE_MANAGER', 'STRATEGIC_LEAD', 'OTHER'))
);

CREATE INDEX ix_link_ask_agency ON link_ask (agency, answer_by);

CREATE TABLE meeting_cycle (
    id TEXT NOT NULL,
    area TEXT NOT NULL,
    forum VARCHAR NOT NULL,
    first_on DATE NOT NULL,
    every_days INTEGER NOT NULL,
    cut_off_days INTEGER NOT NULL,
    cut_off_unit VARCHAR NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_meeting_cycle PRIMARY KEY (id),
    CONSTRAINT uq_meeting_cycle_area_forum_first_on UNIQUE (area, forum, first_on),
    CONSTRAINT ck_meeting_cycle_every_days CHECK (every_days BETWEEN 1 AND 42),
    CONSTRAINT ck_meeting_cycle_cut_off_days CHECK (cut_off_days BETWEEN 0 AND 30),
    CONSTRAINT fk_meeting_cycle_area FOREIGN KEY(area) REFERENCES area (code),
    CONSTRAINT ck_meeting_cycle_forum CHECK (forum IN ('MARAC', 'MATAC', 'MAPPA_L3', 'MAPPA_L2', 'MAPPA_L1_LEAD_AGENCY', 'SUPERVISING_SERVICE', 'IOM', 'DAPP', 'PDP', 'HUB', 'REFERRING_AGENCY', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'PRISON_OMU')),
    CONSTRAINT ck_meeting_cycle_cut_off_unit CHECK (cut_off_unit IN ('WORKING_DAYS', 'CALENDAR_DAYS'))
);

CREATE TABLE ownership (
    id TEXT NOT NULL,
    need_number BIGINT NOT NULL,
    during TSTZRANGE NOT NULL,
    forum VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    agency VARCHAR NOT NULL,
    proposal_id VARCHAR,
    accepted_by VARCHAR NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_ownership PRIMARY KEY (id),
    CONSTRAINT ex_ownership_one_owner EXCLUDE USING gist (int8range(need_number, need_number, '[]') WITH &&, during WITH &&),
    CONSTRAINT ck_ownership_never_empty CHECK (NOT isempty(during)),
    CONSTRAINT fk_ownership_need_number FOREIGN KEY(need_number) REFERENCES need (number),
    CONSTRAINT ck_ownership_forum CHECK (forum IN ('MARAC', 'MATAC', 'MAPPA_L3', 'MAPPA_L2', 'MAPPA_L1_LEAD_AGENCY', 'SUPERVISING_SERVICE', 'IOM', 'DAPP', 'PDP', 'HUB', 'REFERRING_AGENCY', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'PRISON_OMU')),
    CONSTRAINT ck_ownership_role CHECK (role IN ('PVP_HUB', 'REFERRER', 'ATTENDING_SUPERVISOR', 'RESPONSE_SUPERVISOR', 'POLICE_SUPERVISOR', 'POLICE_INSPECTOR', 'INVESTIGATION_TEAM', 'DVDS_TEAM', 'IDVA', 'MARAC_COORDINATOR', 'MARAC_CHAIR', 'MATAC_COORDINATOR', 'MAPPA_COORDINATOR', 'IOM_COORDINATOR', 'DAPP_COORDINATOR', 'PDP_COORDINATOR', 'SUPERVISING_PRACTITIONER', 'SENIOR_PROBATION', 'PRISON_OMU', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'ADULT_SOCIAL_CARE', 'DESIGNATED_OFFICER', 'HOUSING', 'EDUCATION', 'MENTAL_HEALTH', 'SUBSTANCE_MISUSE', 'PRIMARY_CARE', 'SECONDARY_CARE', 'VICTIM_LIAISON', 'LINE_MANAGER', 'STRATEGIC_LEAD', 'OTHER'))
);

CREATE TABLE person_identifier (
    id TEXT NOT NULL,
    ref TEXT NOT NULL,
    kind VARCHAR NOT NULL,
    digest BYTEA NOT NULL,
    recorded_by VARCHAR NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    areas TEXT[] NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_person_identifier PRIMARY KEY (id),
    CONSTRAINT uq_person_identifier_ref_kind_digest UNIQUE (ref, kind, digest),
    CONSTRAINT ck_person_identifier_is_a_hash CHECK (length(digest) = 32),
    CONSTRAINT fk_person_identifier_ref FOREIGN KEY(ref) REFERENCES person (ref),
    CONSTRAINT ck_person_identifier_kind CHECK (kind IN ('PNC', 'CRO', 'NHS', 'CRN', 'NOMIS', 'VISOR'))
);

CREATE INDEX ix_person_identifier_digest ON person_identifier (digest);

CREATE TABLE person_link (
    id TEXT NOT NULL,
    one_ref TEXT NOT NULL,
    other_ref TEXT NOT NULL,
    basis VARCHAR NOT NULL,
    identifier_kind VARCHAR,
    proposal_id TEXT,
    proposed_by VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    asserted_by VARCHAR NOT NULL,
    asserted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_person_link PRIMARY KEY (id),
    CONSTRAINT ck_person_link_one_order CHECK (one_ref < other_ref),
    CONSTRAINT ck_person_link_basis_has_its_ground CHECK ((basis = 'IDENTIFIER' AND identifier_kind IS NOT NULL AND proposal_id IS NULL) OR (basis = 'PERSON' AND identifier_kind IS NULL AND proposal_id IS NOT NULL)),
    CONSTRAINT ck_person_link_second_person CHECK (basis = 'IDENTIFIER' OR is_second_person(asserted_by, proposed_by)),
    CONSTRAINT fk_person_link_the_proposal FOREIGN KEY(proposal_id, proposed_by) REFERENCES link_proposal (id, proposed_by),
    CONSTRAINT uq_person_link_id_proposed_by UNIQUE (id, proposed_by),
    CONSTRAINT uq_person_link_proposal_id UNIQUE (proposal_id),
    CONSTRAINT fk_person_link_one_ref FOREIGN KEY(one_ref) REFERENCES person (ref),
    CONSTRAINT fk_person_link_other_ref FOREIGN KEY(other_ref) REFERENCES person (ref),
    CONSTRAINT ck_person_link_basis CHECK (basis IN ('IDENTIFIER', 'PERSON')),
    CONSTRAINT ck_person_link_identifier_kind CHECK (identifier_kind IN ('PNC', 'CRO', 'NHS', 'CRN', 'NOMIS', 'VISOR'))
);

CREATE INDEX ix_person_link_one_ref ON person_link (one_ref);

CREATE INDEX ix_person_link_other_ref ON person_link (other_ref);

CREATE TABLE policy_proposal (
    id TEXT NOT NULL,
    draft_id TEXT NOT NULL,
    areas TEXT[] NOT NULL,
    reason VARCHAR NOT NULL,
    proposed_by VARCHAR NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_policy_proposal PRIMARY KEY (id),
    CONSTRAINT uq_policy_proposal_draft_id UNIQUE (draft_id),
    CONSTRAINT uq_policy_proposal_id_draft_id_proposed_by UNIQUE (id, draft_id, proposed_by),
    CONSTRAINT fk_policy_proposal_the_draft FOREIGN KEY(draft_id, areas) REFERENCES policy_draft (id, areas)
);

CREATE TABLE post (
    area TEXT NOT NULL,
    role VARCHAR NOT NULL,
    agency TEXT NOT NULL,
    CONSTRAINT pk_post PRIMARY KEY (area, role),
    CONSTRAINT fk_post_area FOREIGN KEY(area) REFERENCES area (code),
    CONSTRAINT fk_post_agency FOREIGN KEY(agency) REFERENCES agency (code),
    CONSTRAINT ck_post_role CHECK (role IN ('PVP_HUB', 'REFERRER', 'ATTENDING_SUPERVISOR', 'RESPONSE_SUPERVISOR', 'POLICE_SUPERVISOR', 'POLICE_INSPECTOR', 'INVESTIGATION_TEAM', 'DVDS_TEAM', 'IDVA', 'MARAC_COORDINATOR', 'MARAC_CHAIR', 'MATAC_COORDINATOR', 'MAPPA_COORDINATOR', 'IOM_COORDINATOR', 'DAPP_COORDINATOR', 'PDP_COORDINATOR', 'SUPERVISING_PRACTITIONER', 'SENIOR_PROBATION', 'PRISON_OMU', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'ADULT_SOCIAL_CARE', 'DESIGNATED_OFFICER', 'HOUSING', 'EDUCATION', 'MENTAL_HEALTH', 'SUBSTANCE_MISUSE', 'PRIMARY_CARE', 'SECONDARY_CARE', 'VICTIM_LIAISON', 'LINE_MANAGER', 'STRATEGIC_LEAD', 'OTHER'))
);

CREATE TABLE post_mailbox (
    area TEXT NOT NULL,
    role VARCHAR NOT NULL,
    agency TEXT NOT NULL,
    address VARCHAR NOT NULL,
    CONSTRAINT pk_post_mailbox PRIMARY KEY (area, role, agency),
    CONSTRAINT fk_post_mailbox_area FOREIGN KEY(area) REFERENCES area (code),
    CONSTRAINT fk_post_mailbox_agency FOREIGN KEY(agency) REFERENCES agency (code),
    CONSTRAINT ck_post_mailbox_role CHECK (role IN ('PVP_HUB', 'REFERRER', 'ATTENDING_SUPERVISOR', 'RESPONSE_SUPERVISOR', 'POLICE_SUPERVISOR', 'POLICE_INSPECTOR', 'INVESTIGATION_TEAM', 'DVDS_TEAM', 'IDVA', 'MARAC_COORDINATOR', 'MARAC_CHAIR', 'MATAC_COORDINATOR', 'MAPPA_COORDINATOR', 'IOM_COORDINATOR', 'DAPP_COORDINATOR', 'PDP_COORDINATOR', 'SUPERVISING_PRACTITIONER', 'SENIOR_PROBATION', 'PRISON_OMU', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'ADULT_SOCIAL_CARE', 'DESIGNATED_OFFICER', 'HOUSING', 'EDUCATION', 'MENTAL_HEALTH', 'SUBSTANCE_MISUSE', 'PRIMARY_CARE', 'SECONDARY_CARE', 'VICTIM_LIAISON', 'LINE_MANAGER', 'STRATEGIC_LEAD', 'OTHER'))
);

CREATE TABLE referral (
    id TEXT NOT NULL,
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    case_id TEXT NOT NULL,
    client_id VARCHAR NOT NULL,
    source_system VARCHAR NOT NULL,
    source_reference VARCHAR NOT NULL,
    referring_agency VARCHAR NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    document JSONB NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_referral PRIMARY KEY (id),
    CONSTRAINT uq_referral_referring_agency_source_system_source_reference UNIQUE (referring_agency, source_system, source_reference),
    CONSTRAINT uq_referral_number UNIQUE (number),
    CONSTRAINT fk_referral_case_id FOREIGN KEY(case_id) REFERENCES case_file (id)
);

CREATE INDEX ix_referral_case_id ON referral (case_id);

CREATE INDEX ix_referral_submitted ON referral (referring_agency, received_at, id);

CREATE TABLE reminder_message (
    id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    kind VARCHAR NOT NULL,
    area VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    agency VARCHAR,
    day DATE,
    about VARCHAR,
    said_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_reminder_message PRIMARY KEY (id),
    CONSTRAINT ck_reminder_message_a_digest_has_its_day CHECK ((kind = 'digest') = (day IS NOT NULL)),
    CONSTRAINT ck_reminder_message_a_call_has_its_case CHECK ((kind = 'danger') = (about IS NOT NULL)),
    CONSTRAINT uq_reminder_message_area_role_agency_day UNIQUE (area, role, agency, day),
    CONSTRAINT fk_reminder_message_event_id FOREIGN KEY(event_id) REFERENCES event (id),
    CONSTRAINT ck_reminder_message_kind CHECK (kind IN ('digest', 'danger')),
    CONSTRAINT ck_reminder_message_role CHECK (role IN ('PVP_HUB', 'REFERRER', 'ATTENDING_SUPERVISOR', 'RESPONSE_SUPERVISOR', 'POLICE_SUPERVISOR', 'POLICE_INSPECTOR', 'INVESTIGATION_TEAM', 'DVDS_TEAM', 'IDVA', 'MARAC_COORDINATOR', 'MARAC_CHAIR', 'MATAC_COORDINATOR', 'MAPPA_COORDINATOR', 'IOM_COORDINATOR', 'DAPP_COORDINATOR', 'PDP_COORDINATOR', 'SUPERVISING_PRACTITIONER', 'SENIOR_PROBATION', 'PRISON_OMU', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'ADULT_SOCIAL_CARE', 'DESIGNATED_OFFICER', 'HOUSING', 'EDUCATION', 'MENTAL_HEALTH', 'SUBSTANCE_MISUSE', 'PRIMARY_CARE', 'SECONDARY_CARE', 'VICTIM_LIAISON', 'LINE_MANAGER', 'STRATEGIC_LEAD', 'OTHER'))
);

CREATE INDEX ix_reminder_message_event_id ON reminder_message (event_id);

CREATE UNIQUE INDEX uq_reminder_message_day_of_nobody ON reminder_message (area, role, day) WHERE agency IS NULL;

CREATE TABLE transfer (
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    need_id TEXT NOT NULL,
    to_area TEXT NOT NULL,
    sender_agency VARCHAR NOT NULL,
    receiver_agency VARCHAR NOT NULL,
    plan VARCHAR NOT NULL,
    minutes VARCHAR NOT NULL,
    idva_handover VARCHAR NOT NULL,
    heard_before BOOLEAN,
    heard_on DATE,
    plan_sent BOOLEAN,
    idva_handover_on DATE,
    agenda_out BOOLEAN,
    actions_handed_over TEXT[] NOT NULL,
    requested_by VARCHAR NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
    answer_by TIMESTAMP WITH TIME ZONE NOT NULL,
    state VARCHAR NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_transfer PRIMARY KEY (id),
    CONSTRAINT ck_transfer_state CHECK (state IN ('PROPOSED', 'ACCEPTED', 'DECLINED', 'WITHDRAWN')),
    CONSTRAINT ck_transfer_to_another_area CHECK (area <> to_area),
    CONSTRAINT fk_transfer_case_id FOREIGN KEY(case_id) REFERENCES case_file (id),
    CONSTRAINT fk_transfer_need_id FOREIGN KEY(need_id) REFERENCES need (id),
    CONSTRAINT fk_transfer_to_area FOREIGN KEY(to_area) REFERENCES area (code)
);

CREATE INDEX ix_transfer_asked ON transfer (receiver_agency) WHERE state = 'PROPOSED';

CREATE INDEX ix_transfer_case_id ON transfer (case_id);

CREATE UNIQUE INDEX uq_transfer_waiting ON transfer (need_id) WHERE state = 'PROPOSED';

CREATE TABLE webhook_endpoint (
    id TEXT NOT NULL,
    agency TEXT NOT NULL,
    url VARCHAR NOT NULL,
    revision INTEGER NOT NULL,
    status VARCHAR NOT NULL,
    status_reason VARCHAR NOT NULL,
    status_since TIMESTAMP WITH TIME ZONE NOT NULL,
    verified_at TIMESTAMP WITH TIME ZONE,
    event_types TEXT[] NOT NULL,
    forums TEXT[] NOT NULL,
    areas TEXT[] NOT NULL,
    alarm_areas TEXT[] NOT NULL,
    own_actions_only BOOLEAN NOT NULL,
    ordered BOOLEAN NOT NULL,
    max_in_flight INTEGER NOT NULL,
    rate_per_second INTEGER NOT NULL,
    allow_networks TEXT[] NOT NULL,
    hmcts_headers BOOLEAN NOT NULL,
    contact VARCHAR,
    consecutive_failures INTEGER NOT NULL,
    first_failure_at TIMESTAMP WITH TIME ZONE,
    breaker_step INTEGER NOT NULL,
    probe_at TIMESTAMP WITH TIME ZONE,
    paced_until TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by VARCHAR NOT NULL,
    CONSTRAINT pk_webhook_endpoint PRIMARY KEY (id),
    CONSTRAINT ck_webhook_endpoint_max_in_flight CHECK (max_in_flight BETWEEN 1 AND 8),
    CONSTRAINT ck_webhook_endpoint_rate_per_second CHECK (rate_per_second BETWEEN 1 AND 10000),
    CONSTRAINT fk_webhook_endpoint_agency FOREIGN KEY(agency) REFERENCES agency (code),
    CONSTRAINT ck_webhook_endpoint_status CHECK (status IN ('unverified', 'active', 'paused'))
);

CREATE INDEX ix_webhook_endpoint_agency ON webhook_endpoint (agency);

CREATE TABLE webhook_host (
    agency TEXT NOT NULL,
    host TEXT NOT NULL,
    added_by VARCHAR NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_webhook_host PRIMARY KEY (agency, host),
    CONSTRAINT fk_webhook_host_agency FOREIGN KEY(agency) REFERENCES agency (code)
);

CREATE TABLE account_change (
    id TEXT NOT NULL,
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    account_id TEXT NOT NULL,
    agency TEXT NOT NULL,
    kind VARCHAR NOT NULL,
    team VARCHAR NOT NULL,
    post VARCHAR NOT NULL,
    areas TEXT[] NOT NULL,
    reason VARCHAR NOT NULL,
    changed_by VARCHAR NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_account_change PRIMARY KEY (id),
    CONSTRAINT uq_account_change_number UNIQUE (number),
    CONSTRAINT fk_account_change_account_id FOREIGN KEY(account_id) REFERENCES account (id),
    CONSTRAINT fk_account_change_agency FOREIGN KEY(agency) REFERENCES agency (code),
    CONSTRAINT ck_account_change_kind CHECK (kind IN ('ADDED', 'MOVED', 'SUSPENDED', 'RESUMED', 'LINKING_CODE_MADE', 'LINKED')),
    CONSTRAINT ck_account_change_post CHECK (post IN ('PVP_HUB', 'REFERRER', 'ATTENDING_SUPERVISOR', 'RESPONSE_SUPERVISOR', 'POLICE_SUPERVISOR', 'POLICE_INSPECTOR', 'INVESTIGATION_TEAM', 'DVDS_TEAM', 'IDVA', 'MARAC_COORDINATOR', 'MARAC_CHAIR', 'MATAC_COORDINATOR', 'MAPPA_COORDINATOR', 'IOM_COORDINATOR', 'DAPP_COORDINATOR', 'PDP_COORDINATOR', 'SUPERVISING_PRACTITIONER', 'SENIOR_PROBATION', 'PRISON_OMU', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'ADULT_SOCIAL_CARE', 'DESIGNATED_OFFICER', 'HOUSING', 'EDUCATION', 'MENTAL_HEALTH', 'SUBSTANCE_MISUSE', 'PRIMARY_CARE', 'SECONDARY_CARE', 'VICTIM_LIAISON', 'LINE_MANAGER', 'STRATEGIC_LEAD', 'OTHER'))
);

CREATE INDEX ix_account_change_account_id ON account_change (account_id, number);

CREATE TABLE asked_ending (
    id TEXT NOT NULL,
    need_id VARCHAR NOT NULL,
    case_id TEXT NOT NULL,
    kind VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    as_role VARCHAR NOT NULL,
    occurred_on DATE,
    death_source VARCHAR,
    death_reference VARCHAR,
    death_dated DATE,
    duplicate_of TEXT,
    actions_continue TEXT[] NOT NULL,
    stands_on TEXT NOT NULL,
    role VARCHAR NOT NULL,
    agency TEXT NOT NULL,
    version INTEGER NOT NULL,
    asked_by VARCHAR NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    answer_by TIMESTAMP WITH TIME ZONE NOT NULL,
    state VARCHAR NOT NULL,
    answer VARCHAR,
    answered_by VARCHAR,
    answered_at TIMESTAMP WITH TIME ZONE,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_asked_ending PRIMARY KEY (id),
    CONSTRAINT ck_asked_ending_state CHECK (state IN ('PROPOSED', 'ACCEPTED', 'DECLINED', 'WITHDRAWN')),
    CONSTRAINT ck_asked_ending_reason CHECK (reason IN ('RISK_RESOLVED', 'DECEASED', 'CUSTODY_NO_RELEASE', 'DUPLICATE_OF')),
    CONSTRAINT ck_asked_ending_answered_once CHECK ((state = 'PROPOSED') = (answered_by IS NULL) AND (answered_by IS NULL) = (answer IS NULL) AND (answered_by IS NULL) = (answered_at IS NULL)),
    CONSTRAINT ck_asked_ending_by_a_named_person CHECK (strpos(asked_by, '/') > 0),
    CONSTRAINT ck_asked_ending_death_is_proved CHECK ((reason = 'DECEASED') = (death_source IS NOT NULL) AND (death_source IS NULL) = (death_reference IS NULL) AND (death_source IS NULL) = (death_dated IS NULL)),
    CONSTRAINT ck_asked_ending_second_person CHECK (state <> 'ACCEPTED' OR (strpos(answered_by, '/') > 0 AND is_second_person(answered_by, asked_by))),
    CONSTRAINT ck_asked_ending_victims_safety_by_two_agencies CHECK (state <> 'ACCEPTED' OR (kind <> 'VICTIM_SAFETY' AND reason <> 'DECEASED') OR split_part(answered_by, '/', 1) <> split_part(asked_by, '/', 1)),
    CONSTRAINT fk_asked_ending_the_need FOREIGN KEY(need_id, kind) REFERENCES need (id, kind),
    CONSTRAINT uq_asked_ending_id_need_id_asked_by_answered_by UNIQUE (id, need_id, asked_by, answered_by),
    CONSTRAINT fk_asked_ending_case_id FOREIGN KEY(case_id) REFERENCES case_file (id),
    CONSTRAINT fk_asked_ending_duplicate_of FOREIGN KEY(duplicate_of) REFERENCES need (id),
    CONSTRAINT fk_asked_ending_stands_on FOREIGN KEY(stands_on) REFERENCES ownership (id),
    CONSTRAINT fk_asked_ending_agency FOREIGN KEY(agency) REFERENCES agency (code),
    CONSTRAINT ck_asked_ending_kind CHECK (kind IN ('VICTIM_SAFETY', 'PERPETRATOR')),
    CONSTRAINT ck_asked_ending_as_role CHECK (as_role IN ('PVP_HUB', 'REFERRER', 'ATTENDING_SUPERVISOR', 'RESPONSE_SUPERVISOR', 'POLICE_SUPERVISOR', 'POLICE_INSPECTOR', 'INVESTIGATION_TEAM', 'DVDS_TEAM', 'IDVA', 'MARAC_COORDINATOR', 'MARAC_CHAIR', 'MATAC_COORDINATOR', 'MAPPA_COORDINATOR', 'IOM_COORDINATOR', 'DAPP_COORDINATOR', 'PDP_COORDINATOR', 'SUPERVISING_PRACTITIONER', 'SENIOR_PROBATION', 'PRISON_OMU', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'ADULT_SOCIAL_CARE', 'DESIGNATED_OFFICER', 'HOUSING', 'EDUCATION', 'MENTAL_HEALTH', 'SUBSTANCE_MISUSE', 'PRIMARY_CARE', 'SECONDARY_CARE', 'VICTIM_LIAISON', 'LINE_MANAGER', 'STRATEGIC_LEAD', 'OTHER')),
    CONSTRAINT ck_asked_ending_death_source CHECK (death_source IN ('REGISTRAR', 'CORONER', 'DOCTOR', 'POLICE', 'PRISON')),
    CONSTRAINT ck_asked_ending_death_reference CHECK (death_reference IN ('REGISTER_ENTRY', 'CORONERS_FILE', 'MEDICAL_CERTIFICATE', 'SUDDEN_DEATH_REPORT', 'DEATH_IN_CUSTODY_REPORT')),
    CONSTRAINT ck_asked_ending_role CHECK (role IN ('PVP_HUB', 'REFERRER', 'ATTENDING_SUPERVISOR', 'RESPONSE_SUPERVISOR', 'POLICE_SUPERVISOR', 'POLICE_INSPECTOR', 'INVESTIGATION_TEAM', 'DVDS_TEAM', 'IDVA', 'MARAC_COORDINATOR', 'MARAC_CHAIR', 'MATAC_COORDINATOR', 'MAPPA_COORDINATOR', 'IOM_COORDINATOR', 'DAPP_COORDINATOR', 'PDP_COORDINATOR', 'SUPERVISING_PRACTITIONER', 'SENIOR_PROBATION', 'PRISON_OMU', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'ADULT_SOCIAL_CARE', 'DESIGNATED_OFFICER', 'HOUSING', 'EDUCATION', 'MENTAL_HEALTH', 'SUBSTANCE_MISUSE', 'PRIMARY_CARE', 'SECONDARY_CARE', 'VICTIM_LIAISON', 'LINE_MANAGER', 'STRATEGIC_LEAD', 'OTHER'))
);

CREATE INDEX ix_asked_ending_asked ON asked_ending (agency, answer_by) WHERE state = 'PROPOSED';

CREATE UNIQUE INDEX uq_asked_ending_waiting ON asked_ending (need_id) WHERE state = 'PROPOSED';

CREATE TABLE client_key (
    id TEXT NOT NULL,
    client_id TEXT NOT NULL,
    kind VARCHAR NOT NULL,
    shown VARCHAR NOT NULL,
    key_hash VARCHAR,
    public_jwk JSONB,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    suspended_at TIMESTAMP WITH TIME ZONE,
    tokens_ended_at TIMESTAMP WITH TIME ZONE,
    replaced_by TEXT,
    CONSTRAINT pk_client_key PRIMARY KEY (id),
    CONSTRAINT ck_client_key_is_a_hash_or_a_public_key CHECK ((key_hash IS NULL) = (kind = 'PUBLIC_KEY') AND (public_jwk IS NULL) <> (kind = 'PUBLIC_KEY')),
    CONSTRAINT ck_client_key_ends_after_it_was_made CHECK (expires_at >= made_at),
    CONSTRAINT fk_client_key_client_id FOREIGN KEY(client_id) REFERENCES client (id),
    CONSTRAINT fk_client_key_replaced_by FOREIGN KEY(replaced_by) REFERENCES client_key (id),
    CONSTRAINT ck_client_key_kind CHECK (kind IN ('API_KEY', 'CLIENT_SECRET', 'PUBLIC_KEY'))
);

CREATE INDEX ix_client_key_client_id ON client_key (client_id, made_at);

CREATE UNIQUE INDEX uq_client_key_key_hash ON client_key (key_hash);

CREATE UNIQUE INDEX uq_client_key_kid ON client_key (client_id, shown) WHERE kind = 'PUBLIC_KEY';

CREATE TABLE decision (
    id TEXT NOT NULL,
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    referral_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
    because VARCHAR NOT NULL,
    policy_id VARCHAR NOT NULL,
    policy_version VARCHAR NOT NULL,
    policy_sha256 VARCHAR NOT NULL,
    facts_sha256 VARCHAR NOT NULL,
    told_sha256 VARCHAR,
    marac_referred_at TIMESTAMP WITH TIME ZONE,
    sha256 VARCHAR NOT NULL,
    stated TEXT[] NOT NULL,
    record JSONB NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_decision PRIMARY KEY (id),
    CONSTRAINT uq_decision_number UNIQUE (number),
    CONSTRAINT fk_decision_referral_id FOREIGN KEY(referral_id) REFERENCES referral (id),
    CONSTRAINT fk_decision_case_id FOREIGN KEY(case_id) REFERENCES case_file (id)
);

CREATE INDEX ix_decision_case_id ON decision (case_id);

CREATE INDEX ix_decision_referral_id ON decision (referral_id);

CREATE TABLE diversity (
    id TEXT NOT NULL,
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    referral_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    recorded_by VARCHAR NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    taken_back BOOLEAN NOT NULL,
    ethnic_group VARCHAR,
    disabled BOOLEAN,
    lgbt BOOLEAN,
    sex VARCHAR,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_diversity PRIMARY KEY (id),
    CONSTRAINT uq_diversity_number UNIQUE (number),
    CONSTRAINT fk_diversity_referral_id FOREIGN KEY(referral_id) REFERENCES referral (id),
    CONSTRAINT fk_diversity_case_id FOREIGN KEY(case_id) REFERENCES case_file (id),
    CONSTRAINT ck_diversity_ethnic_group CHECK (ethnic_group IN ('ASIAN', 'BLACK', 'MIXED', 'WHITE_BRITISH', 'WHITE_OTHER', 'OTHER', 'NOT_STATED')),
    CONSTRAINT ck_diversity_sex CHECK (sex IN ('FEMALE', 'MALE', 'OTHER', 'NOT_STATED'))
);

CREATE INDEX ix_diversity_case_id ON diversity (case_id);

CREATE TABLE incident (
    id TEXT NOT NULL,
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    referral_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    victim_ref VARCHAR NOT NULL,
    perpetrator_ref VARCHAR,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reported_by VARCHAR NOT NULL,
    sent_later BOOLEAN NOT NULL,
    document JSONB NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_incident PRIMARY KEY (id),
    CONSTRAINT uq_incident_number UNIQUE (number),
    CONSTRAINT fk_incident_referral_id FOREIGN KEY(referral_id) REFERENCES referral (id),
    CONSTRAINT fk_incident_case_id FOREIGN KEY(case_id) REFERENCES case_file (id)
);

CREATE INDEX ix_incident_perpetrator_ref ON incident (perpetrator_ref);

CREATE INDEX ix_incident_victim_ref ON incident (victim_ref);

CREATE TABLE link_withdrawal (
    id TEXT NOT NULL,
    link_id TEXT NOT NULL,
    proposed_by VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    withdrawn_by VARCHAR NOT NULL,
    withdrawn_at TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_link_withdrawal PRIMARY KEY (id),
    CONSTRAINT uq_link_withdrawal_link_id UNIQUE (link_id),
    CONSTRAINT fk_link_withdrawal_the_link FOREIGN KEY(link_id, proposed_by) REFERENCES person_link (id, proposed_by),
    CONSTRAINT ck_link_withdrawal_second_person CHECK (withdrawn_by = 'rule' OR is_second_person(withdrawn_by, proposed_by))
);

CREATE TABLE linking_code (
    id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    agency TEXT NOT NULL,
    code_hash VARCHAR NOT NULL,
    made_by VARCHAR NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_linking_code PRIMARY KEY (id),
    CONSTRAINT uq_linking_code_code_hash UNIQUE (code_hash),
    CONSTRAINT fk_linking_code_account_id FOREIGN KEY(account_id) REFERENCES account (id),
    CONSTRAINT fk_linking_code_agency FOREIGN KEY(agency) REFERENCES agency (code)
);

CREATE INDEX ix_linking_code_account_id ON linking_code (account_id);

CREATE TABLE meeting (
    id TEXT NOT NULL,
    area TEXT NOT NULL,
    forum VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    held_on DATE NOT NULL,
    cut_off_on DATE NOT NULL,
    cycle_id TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_meeting PRIMARY KEY (id),
    CONSTRAINT uq_meeting_area_forum_held_on UNIQUE (area, forum, held_on),
    CONSTRAINT ck_meeting_cut_off_before_meeting CHECK (cut_off_on <= held_on),
    CONSTRAINT fk_meeting_area FOREIGN KEY(area) REFERENCES area (code),
    CONSTRAINT fk_meeting_cycle_id FOREIGN KEY(cycle_id) REFERENCES meeting_cycle (id),
    CONSTRAINT ck_meeting_forum CHECK (forum IN ('MARAC', 'MATAC', 'MAPPA_L3', 'MAPPA_L2', 'MAPPA_L1_LEAD_AGENCY', 'SUPERVISING_SERVICE', 'IOM', 'DAPP', 'PDP', 'HUB', 'REFERRING_AGENCY', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'PRISON_OMU')),
    CONSTRAINT ck_meeting_kind CHECK (kind IN ('ORDINARY', 'EMERGENCY'))
);

CREATE TABLE not_for_disclosure (
    id TEXT NOT NULL,
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    referral_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    part VARCHAR NOT NULL,
    sealed BYTEA NOT NULL,
    recorded_by VARCHAR NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_not_for_disclosure PRIMARY KEY (id),
    CONSTRAINT uq_not_for_disclosure_number UNIQUE (number),
    CONSTRAINT fk_not_for_disclosure_referral_id FOREIGN KEY(referral_id) REFERENCES referral (id),
    CONSTRAINT fk_not_for_disclosure_case_id FOREIGN KEY(case_id) REFERENCES case_file (id)
);

CREATE INDEX ix_not_for_disclosure_referral_id ON not_for_disclosure (referral_id);

CREATE TABLE page_visit (
    id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    subject VARCHAR,
    signed_in_at TIMESTAMP WITH TIME ZONE NOT NULL,
    signed_out_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_page_visit PRIMARY KEY (id),
    CONSTRAINT fk_page_visit_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_page_visit_account_id ON page_visit (account_id);

CREATE TABLE policy_activation (
    id TEXT NOT NULL,
    draft_id TEXT NOT NULL,
    areas TEXT[] NOT NULL,
    drafted_by VARCHAR NOT NULL,
    proposal_id TEXT NOT NULL,
    proposed_by VARCHAR NOT NULL,
    activated_by VARCHAR NOT NULL,
    activated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    policy_id VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    in_force TIMESTAMP WITH TIME ZONE NOT NULL,
    approved_where VARCHAR NOT NULL,
    follows VARCHAR NOT NULL,
    changelog JSONB NOT NULL,
    CONSTRAINT pk_policy_activation PRIMARY KEY (id),
    CONSTRAINT uq_policy_activation_draft_id UNIQUE (draft_id),
    CONSTRAINT uq_policy_activation_policy_id_in_force UNIQUE (policy_id, in_force),
    CONSTRAINT uq_policy_activation_policy_id_version UNIQUE (policy_id, version),
    CONSTRAINT uq_policy_activation_id_policy_id_in_force UNIQUE (id, policy_id, in_force),
    CONSTRAINT fk_policy_activation_the_proposer FOREIGN KEY(proposal_id, draft_id, proposed_by) REFERENCES policy_proposal (id, draft_id, proposed_by),
    CONSTRAINT fk_policy_activation_the_draft FOREIGN KEY(draft_id, drafted_by, areas, policy_id, version, in_force) REFERENCES policy_draft (id, drafted_by, areas, policy_id, version, in_force),
    CONSTRAINT ck_policy_activation_second_person CHECK (is_second_person(activated_by, proposed_by) AND is_second_person(activated_by, drafted_by)),
    CONSTRAINT ck_policy_activation_never_backwards CHECK (in_force > activated_at)
);

CREATE TABLE reminder_line (
    timer_id TEXT NOT NULL,
    tells TEXT NOT NULL,
    area VARCHAR NOT NULL,
    nation VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    agency VARCHAR,
    about VARCHAR NOT NULL,
    danger BOOLEAN NOT NULL,
    say_from TIMESTAMP WITH TIME ZONE NOT NULL,
    message_id TEXT,
    reason VARCHAR,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_reminder_line PRIMARY KEY (timer_id, tells),
    CONSTRAINT ck_reminder_line_withdrawn_for_a_reason CHECK ((withdrawn_at IS NULL) = (reason IS NULL)),
    CONSTRAINT fk_reminder_line_timer_id FOREIGN KEY(timer_id) REFERENCES reminder_timer (id),
    CONSTRAINT fk_reminder_line_message_id FOREIGN KEY(message_id) REFERENCES reminder_message (id),
    CONSTRAINT ck_reminder_line_nation CHECK (nation IN ('ENG', 'WLS')),
    CONSTRAINT ck_reminder_line_role CHECK (role IN ('PVP_HUB', 'REFERRER', 'ATTENDING_SUPERVISOR', 'RESPONSE_SUPERVISOR', 'POLICE_SUPERVISOR', 'POLICE_INSPECTOR', 'INVESTIGATION_TEAM', 'DVDS_TEAM', 'IDVA', 'MARAC_COORDINATOR', 'MARAC_CHAIR', 'MATAC_COORDINATOR', 'MAPPA_COORDINATOR', 'IOM_COORDINATOR', 'DAPP_COORDINATOR', 'PDP_COORDINATOR', 'SUPERVISING_PRACTITIONER', 'SENIOR_PROBATION', 'PRISON_OMU', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'ADULT_SOCIAL_CARE', 'DESIGNATED_OFFICER', 'HOUSING', 'EDUCATION', 'MENTAL_HEALTH', 'SUBSTANCE_MISUSE', 'PRIMARY_CARE', 'SECONDARY_CARE', 'VICTIM_LIAISON', 'LINE_MANAGER', 'STRATEGIC_LEAD', 'OTHER'))
);

CREATE INDEX ix_reminder_line_standing ON reminder_line (message_id) WHERE message_id IS NOT NULL AND withdrawn_at IS NULL;

CREATE INDEX ix_reminder_line_waiting ON reminder_line (danger, say_from) WHERE message_id IS NULL AND withdrawn_at IS NULL;

CREATE TABLE transfer_answer (
    id TEXT NOT NULL,
    transfer_id TEXT NOT NULL,
    state VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    need_opened TEXT,
    answered_by VARCHAR NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_transfer_answer PRIMARY KEY (id),
    CONSTRAINT uq_transfer_answer_transfer_id UNIQUE (transfer_id),
    CONSTRAINT ck_transfer_answer_acceptance_opens_a_need CHECK ((state = 'ACCEPTED') = (need_opened IS NOT NULL)),
    CONSTRAINT fk_transfer_answer_transfer_id FOREIGN KEY(transfer_id) REFERENCES transfer (id),
    CONSTRAINT fk_transfer_answer_need_opened FOREIGN KEY(need_opened) REFERENCES need (id),
    CONSTRAINT ck_transfer_answer_state CHECK (state IN ('PROPOSED', 'ACCEPTED', 'DECLINED', 'EXPIRED', 'WITHDRAWN'))
);

CREATE TABLE used_assertion (
    client_id TEXT NOT NULL,
    jti_hash BYTEA NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_used_assertion PRIMARY KEY (client_id, jti_hash),
    CONSTRAINT fk_used_assertion_client_id FOREIGN KEY(client_id) REFERENCES client (id)
);

CREATE INDEX ix_used_assertion_ends_at ON used_assertion (ends_at);

CREATE TABLE webhook_recovery (
    id TEXT NOT NULL,
    endpoint_id TEXT NOT NULL,
    agency VARCHAR NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    reached_number BIGINT NOT NULL,
    last_number BIGINT NOT NULL,
    replayed INTEGER NOT NULL,
    requested_by VARCHAR NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_webhook_recovery PRIMARY KEY (id),
    CONSTRAINT fk_webhook_recovery_endpoint_id FOREIGN KEY(endpoint_id) REFERENCES webhook_endpoint (id)
);

CREATE INDEX ix_webhook_recovery_running ON webhook_recovery (id) WHERE finished_at IS NULL;

CREATE TABLE webhook_secret (
    id TEXT NOT NULL,
    endpoint_id TEXT NOT NULL,
    agency VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    sealed BYTEA NOT NULL,
    public_key VARCHAR,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_webhook_secret PRIMARY KEY (id),
    CONSTRAINT fk_webhook_secret_endpoint_id FOREIGN KEY(endpoint_id) REFERENCES webhook_endpoint (id),
    CONSTRAINT ck_webhook_secret_kind CHECK (kind IN ('v1', 'v1a'))
);

CREATE INDEX ix_webhook_secret_endpoint_id ON webhook_secret (endpoint_id);

CREATE TABLE action (
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    decision_id TEXT,
    duty VARCHAR,
    about VARCHAR,
    approach VARCHAR,
    forums TEXT[] NOT NULL,
    what VARCHAR NOT NULL,
    recipient VARCHAR,
    recipient_agency VARCHAR,
    done_when VARCHAR NOT NULL,
    owner_agency VARCHAR,
    owner_role VARCHAR NOT NULL,
    cover_id TEXT,
    opens_on DATE,
    due_on DATE,
    due_at TIMESTAMP WITH TIME ZONE,
    sort_at TIMESTAMP WITH TIME ZONE NOT NULL,
    life_safety BOOLEAN NOT NULL,
    reaches_victim BOOLEAN NOT NULL,
    repeats_every VARCHAR,
    again_within VARCHAR,
    follows_id TEXT,
    state VARCHAR NOT NULL,
    outcome VARCHAR,
    last_reviewed_at TIMESTAMP WITH TIME ZONE,
    due_version INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_action PRIMARY KEY (id),
    CONSTRAINT ck_action_one_deadline CHECK ((due_on IS NULL) <> (due_at IS NULL)),
    CONSTRAINT ck_action_outcome_unless_open CHECK ((state IN ('PLANNED', 'OPEN')) = (outcome IS NULL)),
    CONSTRAINT ck_action_planned_for_a_day CHECK (state <> 'PLANNED' OR opens_on IS NOT NULL),
    CONSTRAINT uq_action_follows_id UNIQUE (follows_id),
    CONSTRAINT ck_action_follows_another CHECK (follows_id <> id),
    CONSTRAINT fk_action_case_id FOREIGN KEY(case_id) REFERENCES case_file (id),
    CONSTRAINT fk_action_decision_id FOREIGN KEY(decision_id) REFERENCES decision (id),
    CONSTRAINT fk_action_cover_id FOREIGN KEY(cover_id) REFERENCES cover (id),
    CONSTRAINT fk_action_follows_id FOREIGN KEY(follows_id) REFERENCES action (id),
    CONSTRAINT ck_action_about CHECK (about IN ('VICTIM_SAFETY', 'PERPETRATOR')),
    CONSTRAINT ck_action_approach CHECK (approach IN ('SUPPORT', 'PREVENT', 'DIVERT', 'DISRUPT', 'ENFORCE')),
    CONSTRAINT ck_action_owner_role CHECK (owner_role IN ('PVP_HUB', 'REFERRER', 'ATTENDING_SUPERVISOR', 'RESPONSE_SUPERVISOR', 'POLICE_SUPERVISOR', 'POLICE_INSPECTOR', 'INVESTIGATION_TEAM', 'DVDS_TEAM', 'IDVA', 'MARAC_COORDINATOR', 'MARAC_CHAIR', 'MATAC_COORDINATOR', 'MAPPA_COORDINATOR', 'IOM_COORDINATOR', 'DAPP_COORDINATOR', 'PDP_COORDINATOR', 'SUPERVISING_PRACTITIONER', 'SENIOR_PROBATION', 'PRISON_OMU', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'ADULT_SOCIAL_CARE', 'DESIGNATED_OFFICER', 'HOUSING', 'EDUCATION', 'MENTAL_HEALTH', 'SUBSTANCE_MISUSE', 'PRIMARY_CARE', 'SECONDARY_CARE', 'VICTIM_LIAISON', 'LINE_MANAGER', 'STRATEGIC_LEAD', 'OTHER')),
    CONSTRAINT ck_action_state CHECK (state IN ('PLANNED', 'OPEN', 'REPORTED', 'REVIEWED', 'RETURNED', 'ENDED')),
    CONSTRAINT ck_action_outcome CHECK (outcome IN ('COMPLETED', 'DECLINED_BY_RECIPIENT', 'NOT_POSSIBLE_CIRCUMSTANCES_CHANGED', 'NOT_DONE', 'SUPERSEDED', 'WITHDRAWN', 'DONE_ON_RECORD', 'NO_LONGER_OWED'))
);

CREATE INDEX ix_action_case_id ON action (case_id);

CREATE INDEX ix_action_cover_id ON action (cover_id) WHERE cover_id IS NOT NULL;

CREATE INDEX ix_action_due ON action (sort_at, id) WHERE state IN ('OPEN', 'REPORTED', 'RETURNED');

CREATE INDEX ix_action_owner ON action (owner_agency, sort_at) WHERE state = 'OPEN';

CREATE INDEX ix_action_planned ON action (opens_on, id) WHERE state = 'PLANNED';

CREATE INDEX ix_action_to_review ON action (area) WHERE state IN ('REPORTED', 'RETURNED');

CREATE UNIQUE INDEX uq_action_open_duty ON action (case_id, duty, about) NULLS NOT DISTINCT WHERE state IN ('PLANNED', 'OPEN') AND duty IS NOT NULL AND follows_id IS NULL;

CREATE TABLE area_policy (
    area TEXT NOT NULL,
    in_force TIMESTAMP WITH TIME ZONE NOT NULL,
    policy_id VARCHAR NOT NULL,
    activation_id VARCHAR NOT NULL,
    CONSTRAINT pk_area_policy PRIMARY KEY (area, in_force),
    CONSTRAINT fk_area_policy_the_activation FOREIGN KEY(activation_id, policy_id, in_force) REFERENCES policy_activation (id, policy_id, in_force),
    CONSTRAINT fk_area_policy_area FOREIGN KEY(area) REFERENCES area (code)
);

CREATE INDEX ix_area_policy_activation_id ON area_policy (activation_id);

CREATE INDEX ix_area_policy_policy_id ON area_policy (policy_id);

CREATE TABLE assessment_review (
    id TEXT NOT NULL,
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    referral_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    incident_id TEXT,
    grade VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    reviewed_by VARCHAR NOT NULL,
    agency VARCHAR NOT NULL,
    settles TEXT[] NOT NULL,
    reviewed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_assessment_review PRIMARY KEY (id),
    CONSTRAINT uq_assessment_review_number UNIQUE (number),
    CONSTRAINT fk_assessment_review_referral_id FOREIGN KEY(referral_id) REFERENCES referral (id),
    CONSTRAINT fk_assessment_review_case_id FOREIGN KEY(case_id) REFERENCES case_file (id),
    CONSTRAINT fk_assessment_review_incident_id FOREIGN KEY(incident_id) REFERENCES incident (id)
);

CREATE INDEX ix_assessment_review_referral_id ON assessment_review (referral_id);

CREATE TABLE attendance (
    id TEXT NOT NULL,
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    meeting_id TEXT NOT NULL,
    agency TEXT NOT NULL,
    how VARCHAR NOT NULL,
    note VARCHAR,
    statement_signed BOOLEAN,
    received_on DATE,
    recorded_by VARCHAR NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_attendance PRIMARY KEY (id),
    CONSTRAINT uq_attendance_number UNIQUE (number),
    CONSTRAINT fk_attendance_meeting_id FOREIGN KEY(meeting_id) REFERENCES meeting (id),
    CONSTRAINT fk_attendance_agency FOREIGN KEY(agency) REFERENCES agency (code),
    CONSTRAINT ck_attendance_how CHECK (how IN ('PRESENT', 'SENT_INFORMATION', 'OBSERVER', 'NEITHER'))
);

CREATE INDEX ix_attendance_meeting_id ON attendance (meeting_id);

CREATE TABLE client_change (
    id TEXT NOT NULL,
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    client_id TEXT NOT NULL,
    key_id TEXT,
    agency TEXT NOT NULL,
    kind VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    changed_by VARCHAR NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_client_change PRIMARY KEY (id),
    CONSTRAINT uq_client_change_number UNIQUE (number),
    CONSTRAINT fk_client_change_client_id FOREIGN KEY(client_id) REFERENCES client (id),
    CONSTRAINT fk_client_change_key_id FOREIGN KEY(key_id) REFERENCES client_key (id),
    CONSTRAINT fk_client_change_agency FOREIGN KEY(agency) REFERENCES agency (code),
    CONSTRAINT ck_client_change_kind CHECK (kind IN ('CLIENT_ADDED', 'CLIENT_SUSPENDED', 'CLIENT_RESUMED', 'KEY_ADDED', 'KEY_ROTATED', 'KEY_SUSPENDED', 'KEY_RESUMED'))
);

CREATE INDEX ix_client_change_client_id ON client_change (client_id, number);

CREATE TABLE client_key_use (
    key_id TEXT NOT NULL,
    last_used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_client_key_use PRIMARY KEY (key_id),
    CONSTRAINT fk_client_key_use_key_id FOREIGN KEY(key_id) REFERENCES client_key (id)
);

CREATE TABLE delivery (
    id TEXT NOT NULL,
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    event_id TEXT NOT NULL,
    endpoint_id TEXT NOT NULL,
    agency VARCHAR NOT NULL,
    subject_id VARCHAR NOT NULL,
    direct BOOLEAN NOT NULL,
    must_arrive BOOLEAN NOT NULL,
    priority INTEGER NOT NULL,
    state VARCHAR NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    wait_seconds INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    claims INTEGER NOT NULL,
    lease_until TIMESTAMP WITH TIME ZONE,
    lease_token UUID,
    last_attempt_at TIMESTAMP WITH TIME ZONE,
    last_status INTEGER,
    reason VARCHAR,
    withdrawn VARCHAR,
    replay_of TEXT,
    recovery_id TEXT,
    requested_by VARCHAR,
    CONSTRAINT pk_delivery PRIMARY KEY (id),
    CONSTRAINT ck_delivery_state CHECK (state IN ('pending', 'leased', 'done', 'exhausted', 'poison', 'cancelled')),
    CONSTRAINT ck_delivery_lease_is_whole CHECK ((state = 'leased') = (lease_until IS NOT NULL AND lease_token IS NOT NULL)),
    CONSTRAINT fk_delivery_event_id FOREIGN KEY(event_id) REFERENCES event (id),
    CONSTRAINT fk_delivery_endpoint_id FOREIGN KEY(endpoint_id) REFERENCES webhook_endpoint (id),
    CONSTRAINT fk_delivery_replay_of FOREIGN KEY(replay_of) REFERENCES delivery (id),
    CONSTRAINT fk_delivery_recovery_id FOREIGN KEY(recovery_id) REFERENCES webhook_recovery (id)
);

CREATE INDEX ix_delivery_direct ON delivery (endpoint_id) WHERE direct AND state IN ('pending', 'leased');

CREATE INDEX ix_delivery_in_hand ON delivery (endpoint_id) WHERE state = 'leased';

CREATE INDEX ix_delivery_order ON delivery (endpoint_id, subject_id, number) WHERE state IN ('pending', 'leased');

CREATE INDEX ix_delivery_unanswered_reminder ON delivery (created_at) WHERE must_arrive AND state IN ('pending', 'leased', 'exhausted', 'poison');

CREATE INDEX ix_delivery_waiting ON delivery (endpoint_id, priority, number) WHERE state IN ('pending', 'leased');

CREATE UNIQUE INDEX uq_delivery_agency_number ON delivery (agency, number);

CREATE UNIQUE INDEX uq_delivery_first ON delivery (event_id, endpoint_id) WHERE replay_of IS NULL AND recovery_id IS NULL;

CREATE UNIQUE INDEX uq_delivery_recovered ON delivery (recovery_id, event_id) WHERE recovery_id IS NOT NULL;

CREATE TABLE emergency_decision (
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    meeting_id TEXT,
    answer VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    held_on DATE,
    decided_by VARCHAR NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_emergency_decision PRIMARY KEY (id),
    CONSTRAINT ck_emergency_decision_a_meeting_has_a_day CHECK ((answer = 'HOLD') = (held_on IS NOT NULL)),
    CONSTRAINT fk_emergency_decision_case_id FOREIGN KEY(case_id) REFERENCES case_file (id),
    CONSTRAINT fk_emergency_decision_meeting_id FOREIGN KEY(meeting_id) REFERENCES meeting (id),
    CONSTRAINT ck_emergency_decision_answer CHECK (answer IN ('HOLD', 'DO_NOT_HOLD'))
);

CREATE INDEX ix_emergency_decision_case_id ON emergency_decision (case_id);

CREATE TABLE enquiry_item (
    id TEXT NOT NULL,
    enquiry_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    fact VARCHAR NOT NULL,
    report_id VARCHAR,
    about VARCHAR,
    ask VARCHAR NOT NULL,
    decides TEXT[] NOT NULL,
    decision_id TEXT NOT NULL,
    place INTEGER NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    lapsed_at TIMESTAMP WITH TIME ZONE,
    tried_at TIMESTAMP WITH TIME ZONE,
    moot_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended VARCHAR,
    value JSONB,
    looked_in VARCHAR,
    reason VARCHAR,
    passed_to VARCHAR,
    answered_by VARCHAR,
    CONSTRAINT pk_enquiry_item PRIMARY KEY (id),
    CONSTRAINT ck_enquiry_item_ended_for_a_reason CHECK ((ended_at IS NULL) = (ended IS NULL)),
    CONSTRAINT ck_enquiry_item_answered_with_a_value CHECK (coalesce(ended = 'ANSWERED', false) = (value IS NOT NULL)),
    CONSTRAINT ck_enquiry_item_ended_by_somebody CHECK (coalesce(ended <> 'NO_LONGER_ASKED', false) = (answered_by IS NOT NULL)),
    CONSTRAINT ck_enquiry_item_cannot_find_out_because CHECK (ended <> 'CANNOT_FIND_OUT' OR reason IS NOT NULL),
    CONSTRAINT ck_enquiry_item_passed_on_to_a_post CHECK (coalesce(ended = 'PASSED_ON', false) = (passed_to IS NOT NULL)),
    CONSTRAINT ck_enquiry_item_lapses_after_its_clock CHECK (lapsed_at >= due_at),
    CONSTRAINT fk_enquiry_item_enquiry_id FOREIGN KEY(enquiry_id) REFERENCES enquiry (id),
    CONSTRAINT fk_enquiry_item_case_id FOREIGN KEY(case_id) REFERENCES case_file (id),
    CONSTRAINT fk_enquiry_item_decision_id FOREIGN KEY(decision_id) REFERENCES decision (id),
    CONSTRAINT ck_enquiry_item_about CHECK (about IN ('VICTIM_SAFETY', 'PERPETRATOR')),
    CONSTRAINT ck_enquiry_item_ended CHECK (ended IN ('ANSWERED', 'CANNOT_FIND_OUT', 'PASSED_ON', 'NO_LONGER_ASKED')),
    CONSTRAINT ck_enquiry_item_passed_to CHECK (passed_to IN ('PVP_HUB', 'REFERRER', 'ATTENDING_SUPERVISOR', 'RESPONSE_SUPERVISOR', 'POLICE_SUPERVISOR', 'POLICE_INSPECTOR', 'INVESTIGATION_TEAM', 'DVDS_TEAM', 'IDVA', 'MARAC_COORDINATOR', 'MARAC_CHAIR', 'MATAC_COORDINATOR', 'MAPPA_COORDINATOR', 'IOM_COORDINATOR', 'DAPP_COORDINATOR', 'PDP_COORDINATOR', 'SUPERVISING_PRACTITIONER', 'SENIOR_PROBATION', 'PRISON_OMU', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'ADULT_SOCIAL_CARE', 'DESIGNATED_OFFICER', 'HOUSING', 'EDUCATION', 'MENTAL_HEALTH', 'SUBSTANCE_MISUSE', 'PRIMARY_CARE', 'SECONDARY_CARE', 'VICTIM_LIAISON', 'LINE_MANAGER', 'STRATEGIC_LEAD', 'OTHER'))
);

CREATE INDEX ix_enquiry_item_case_id ON enquiry_item (case_id);

CREATE INDEX ix_enquiry_item_enquiry_id ON enquiry_item (enquiry_id);

CREATE INDEX ix_enquiry_item_waiting ON enquiry_item (due_at) WHERE lapsed_at IS NULL AND value IS NULL;

CREATE UNIQUE INDEX uq_enquiry_item_open ON enquiry_item (enquiry_id, fact, report_id) NULLS NOT DISTINCT WHERE ended_at IS NULL;

CREATE TABLE invitation (
    id TEXT NOT NULL,
    meeting_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    party VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    agency VARCHAR,
    invited_at TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_invitation PRIMARY KEY (id),
    CONSTRAINT uq_invitation_meeting_id_case_id_party_role_agency UNIQUE NULLS NOT DISTINCT (meeting_id, case_id, party, role, agency),
    CONSTRAINT fk_invitation_meeting_id FOREIGN KEY(meeting_id) REFERENCES meeting (id),
    CONSTRAINT fk_invitation_case_id FOREIGN KEY(case_id) REFERENCES case_file (id),
    CONSTRAINT ck_invitation_party CHECK (party IN ('VICTIM', 'PERPETRATOR')),
    CONSTRAINT ck_invitation_role CHECK (role IN ('PVP_HUB', 'REFERRER', 'ATTENDING_SUPERVISOR', 'RESPONSE_SUPERVISOR', 'POLICE_SUPERVISOR', 'POLICE_INSPECTOR', 'INVESTIGATION_TEAM', 'DVDS_TEAM', 'IDVA', 'MARAC_COORDINATOR', 'MARAC_CHAIR', 'MATAC_COORDINATOR', 'MAPPA_COORDINATOR', 'IOM_COORDINATOR', 'DAPP_COORDINATOR', 'PDP_COORDINATOR', 'SUPERVISING_PRACTITIONER', 'SENIOR_PROBATION', 'PRISON_OMU', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'ADULT_SOCIAL_CARE', 'DESIGNATED_OFFICER', 'HOUSING', 'EDUCATION', 'MENTAL_HEALTH', 'SUBSTANCE_MISUSE', 'PRIMARY_CARE', 'SECONDARY_CARE', 'VICTIM_LIAISON', 'LINE_MANAGER', 'STRATEGIC_LEAD', 'OTHER'))
);

CREATE INDEX ix_invitation_case_id ON invitation (case_id);

CREATE TABLE later_facts (
    id TEXT NOT NULL,
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    referral_id TEXT NOT NULL,
    learned_at TIMESTAMP WITH TIME ZONE NOT NULL,
    learned_by VARCHAR NOT NULL,
    learned_by_person VARCHAR,
    incident_id TEXT,
    answers_report VARCHAR,
    document JSONB NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_later_facts PRIMARY KEY (id),
    CONSTRAINT uq_later_facts_number UNIQUE (number),
    CONSTRAINT fk_later_facts_referral_id FOREIGN KEY(referral_id) REFERENCES referral (id),
    CONSTRAINT fk_later_facts_incident_id FOREIGN KEY(incident_id) REFERENCES incident (id)
);

CREATE INDEX ix_later_facts_referral_id ON later_facts (referral_id);

CREATE TABLE listing (
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    meeting_id TEXT,
    forum VARCHAR NOT NULL,
    listed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    heard_on DATE,
    heard_at TIMESTAMP WITH TIME ZONE,
    left_on DATE,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_listing PRIMARY KEY (id),
    CONSTRAINT ck_listing_heard_or_left CHECK (heard_on IS NULL OR left_on IS NULL),
    CONSTRAINT ck_listing_heard_at_an_instant CHECK ((heard_on IS NULL) = (heard_at IS NULL)),
    CONSTRAINT fk_listing_case_id FOREIGN KEY(case_id) REFERENCES case_file (id),
    CONSTRAINT fk_listing_meeting_id FOREIGN KEY(meeting_id) REFERENCES meeting (id),
    CONSTRAINT ck_listing_forum CHECK (forum IN ('MARAC', 'MATAC', 'MAPPA_L3', 'MAPPA_L2', 'MAPPA_L1_LEAD_AGENCY', 'SUPERVISING_SERVICE', 'IOM', 'DAPP', 'PDP', 'HUB', 'REFERRING_AGENCY', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'PRISON_OMU'))
);

CREATE INDEX ix_listing_meeting_id ON listing (meeting_id);

CREATE INDEX ix_listing_without_meeting ON listing (area, forum) WHERE meeting_id IS NULL;

CREATE UNIQUE INDEX uq_listing_standing ON listing (case_id, meeting_id) NULLS NOT DISTINCT WHERE left_on IS NULL;

CREATE TABLE meeting_completion (
    id TEXT NOT NULL,
    meeting_id TEXT NOT NULL,
    minutes_due_on DATE NOT NULL,
    completed_by VARCHAR NOT NULL,
    completed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_meeting_completion PRIMARY KEY (id),
    CONSTRAINT uq_meeting_completion_meeting_id UNIQUE (meeting_id),
    CONSTRAINT fk_meeting_completion_meeting_id FOREIGN KEY(meeting_id) REFERENCES meeting (id)
);

CREATE TABLE minutes (
    id TEXT NOT NULL,
    meeting_id TEXT NOT NULL,
    due_on DATE NOT NULL,
    sent_by VARCHAR NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_minutes PRIMARY KEY (id),
    CONSTRAINT fk_minutes_meeting_id FOREIGN KEY(meeting_id) REFERENCES meeting (id)
);

CREATE INDEX ix_minutes_meeting_id ON minutes (meeting_id);

CREATE TABLE need_ending (
    id TEXT NOT NULL,
    need_id TEXT NOT NULL,
    reason VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    as_role VARCHAR NOT NULL,
    asked_id TEXT,
    confirmed_by VARCHAR,
    occurred_on DATE,
    duplicate_of TEXT,
    transfer_id TEXT,
    ended_by VARCHAR NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_need_ending PRIMARY KEY (id),
    CONSTRAINT uq_need_ending_need_id UNIQUE (need_id),
    CONSTRAINT ck_need_ending_reason CHECK (reason IN ('RISK_RESOLVED', 'MOVED', 'DECEASED', 'CUSTODY_NO_RELEASE', 'DUPLICATE_OF')),
    CONSTRAINT ck_need_ending_duplicate_names_the_other CHECK ((reason = 'DUPLICATE_OF') = (duplicate_of IS NOT NULL)),
    CONSTRAINT ck_need_ending_move_was_accepted CHECK ((reason = 'MOVED') = (transfer_id IS NOT NULL)),
    CONSTRAINT ck_need_ending_confirmed CHECK (confirmed_by IS NOT NULL OR reason IN ('MOVED', 'DUPLICATE_OF')),
    CONSTRAINT ck_need_ending_second_person CHECK (confirmed_by IS NULL OR is_second_person(confirmed_by, ended_by)),
    CONSTRAINT ck_need_ending_confirmed_as_it_was_asked CHECK ((confirmed_by IS NULL) = (asked_id IS NULL)),
    CONSTRAINT fk_need_ending_as_it_was_asked FOREIGN KEY(asked_id, need_id, ended_by, confirmed_by) REFERENCES asked_ending (id, need_id, asked_by, answered_by),
    CONSTRAINT ck_need_ending_says_since_when CHECK ((reason IN ('RISK_RESOLVED', 'DECEASED', 'CUSTODY_NO_RELEASE')) = (occurred_on IS NOT NULL)),
    CONSTRAINT fk_need_ending_need_id FOREIGN KEY(need_id) REFERENCES need (id),
    CONSTRAINT uq_need_ending_asked_id UNIQUE (asked_id),
    CONSTRAINT fk_need_ending_duplicate_of FOREIGN KEY(duplicate_of) REFERENCES need (id),
    CONSTRAINT fk_need_ending_transfer_id FOREIGN KEY(transfer_id) REFERENCES transfer (id),
    CONSTRAINT ck_need_ending_as_role CHECK (as_role IN ('PVP_HUB', 'REFERRER', 'ATTENDING_SUPERVISOR', 'RESPONSE_SUPERVISOR', 'POLICE_SUPERVISOR', 'POLICE_INSPECTOR', 'INVESTIGATION_TEAM', 'DVDS_TEAM', 'IDVA', 'MARAC_COORDINATOR', 'MARAC_CHAIR', 'MATAC_COORDINATOR', 'MAPPA_COORDINATOR', 'IOM_COORDINATOR', 'DAPP_COORDINATOR', 'PDP_COORDINATOR', 'SUPERVISING_PRACTITIONER', 'SENIOR_PROBATION', 'PRISON_OMU', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'ADULT_SOCIAL_CARE', 'DESIGNATED_OFFICER', 'HOUSING', 'EDUCATION', 'MENTAL_HEALTH', 'SUBSTANCE_MISUSE', 'PRIMARY_CARE', 'SECONDARY_CARE', 'VICTIM_LIAISON', 'LINE_MANAGER', 'STRATEGIC_LEAD', 'OTHER'))
);

CREATE TABLE proposal (
    id TEXT NOT NULL,
    need_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    decision_id TEXT,
    kind VARCHAR NOT NULL,
    forum VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    agency VARCHAR,
    sender_agency VARCHAR NOT NULL,
    because VARCHAR NOT NULL,
    facts_sha256 VARCHAR NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    answer_by TIMESTAMP WITH TIME ZONE NOT NULL,
    state VARCHAR NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_proposal PRIMARY KEY (id),
    CONSTRAINT ck_proposal_state CHECK (state IN ('PROPOSED', 'ACCEPTED', 'DECLINED', 'EXPIRED', 'WITHDRAWN')),
    CONSTRAINT fk_proposal_need_id FOREIGN KEY(need_id) REFERENCES need (id),
    CONSTRAINT fk_proposal_case_id FOREIGN KEY(case_id) REFERENCES case_file (id),
    CONSTRAINT fk_proposal_decision_id FOREIGN KEY(decision_id) REFERENCES decision (id),
    CONSTRAINT ck_proposal_kind CHECK (kind IN ('LEAD', 'SUPPORT')),
    CONSTRAINT ck_proposal_forum CHECK (forum IN ('MARAC', 'MATAC', 'MAPPA_L3', 'MAPPA_L2', 'MAPPA_L1_LEAD_AGENCY', 'SUPERVISING_SERVICE', 'IOM', 'DAPP', 'PDP', 'HUB', 'REFERRING_AGENCY', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'PRISON_OMU')),
    CONSTRAINT ck_proposal_role CHECK (role IN ('PVP_HUB', 'REFERRER', 'ATTENDING_SUPERVISOR', 'RESPONSE_SUPERVISOR', 'POLICE_SUPERVISOR', 'POLICE_INSPECTOR', 'INVESTIGATION_TEAM', 'DVDS_TEAM', 'IDVA', 'MARAC_COORDINATOR', 'MARAC_CHAIR', 'MATAC_COORDINATOR', 'MAPPA_COORDINATOR', 'IOM_COORDINATOR', 'DAPP_COORDINATOR', 'PDP_COORDINATOR', 'SUPERVISING_PRACTITIONER', 'SENIOR_PROBATION', 'PRISON_OMU', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'ADULT_SOCIAL_CARE', 'DESIGNATED_OFFICER', 'HOUSING', 'EDUCATION', 'MENTAL_HEALTH', 'SUBSTANCE_MISUSE', 'PRIMARY_CARE', 'SECONDARY_CARE', 'VICTIM_LIAISON', 'LINE_MANAGER', 'STRATEGIC_LEAD', 'OTHER'))
);

CREATE INDEX ix_proposal_asked ON proposal (agency, answer_by) WHERE state = 'PROPOSED';

CREATE INDEX ix_proposal_need_id ON proposal (need_id);

CREATE INDEX ix_proposal_not_taken ON proposal (area) WHERE state IN ('DECLINED', 'EXPIRED');

CREATE INDEX ix_proposal_waiting ON proposal (answer_by) WHERE state = 'PROPOSED';

CREATE UNIQUE INDEX uq_proposal_waiting_forum ON proposal (need_id, kind, forum) WHERE state = 'PROPOSED';

CREATE TABLE action_change (
    id TEXT NOT NULL,
    action_id TEXT NOT NULL,
    what VARCHAR NOT NULL,
    was VARCHAR NOT NULL,
    became VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    changed_by VARCHAR NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_action_change PRIMARY KEY (id),
    CONSTRAINT fk_action_change_action_id FOREIGN KEY(action_id) REFERENCES action (id),
    CONSTRAINT ck_action_change_what CHECK (what IN ('owner', 'lead', 'cover', 'recipient', 'tried again', 'ended', 'words'))
);

CREATE INDEX ix_action_change_action_id ON action_change (action_id);

CREATE TABLE action_further_case (
    action_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    decision_id TEXT,
    shared_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_action_further_case PRIMARY KEY (action_id, case_id),
    CONSTRAINT fk_action_further_case_action_id FOREIGN KEY(action_id) REFERENCES action (id),
    CONSTRAINT fk_action_further_case_case_id FOREIGN KEY(case_id) REFERENCES case_file (id),
    CONSTRAINT fk_action_further_case_decision_id FOREIGN KEY(decision_id) REFERENCES decision (id)
);

CREATE INDEX ix_action_further_case_case_id ON action_further_case (case_id);

CREATE TABLE action_report (
    id TEXT NOT NULL,
    action_id TEXT NOT NULL,
    outcome VARCHAR NOT NULL,
    superseded_by TEXT,
    note VARCHAR NOT NULL,
    reported_by VARCHAR NOT NULL,
    reported_at TIMESTAMP WITH TIME ZONE NOT NULL,
    review_by DATE,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_action_report PRIMARY KEY (id),
    CONSTRAINT uq_action_report_id_reported_by UNIQUE (id, reported_by),
    CONSTRAINT ck_action_report_superseded_names_by_what CHECK ((outcome = 'SUPERSEDED') = (superseded_by IS NOT NULL)),
    CONSTRAINT ck_action_report_all_but_done_is_reviewed CHECK (outcome = 'COMPLETED' OR review_by IS NOT NULL),
    CONSTRAINT fk_action_report_action_id FOREIGN KEY(action_id) REFERENCES action (id),
    CONSTRAINT fk_action_report_superseded_by FOREIGN KEY(superseded_by) REFERENCES action (id),
    CONSTRAINT ck_action_report_outcome CHECK (outcome IN ('COMPLETED', 'DECLINED_BY_RECIPIENT', 'NOT_POSSIBLE_CIRCUMSTANCES_CHANGED', 'NOT_DONE', 'SUPERSEDED', 'WITHDRAWN', 'DONE_ON_RECORD', 'NO_LONGER_OWED'))
);

CREATE INDEX ix_action_report_action_id ON action_report (action_id);

CREATE TABLE attempt (
    id TEXT NOT NULL,
    delivery_id TEXT NOT NULL,
    endpoint_id TEXT NOT NULL,
    agency VARCHAR NOT NULL,
    number INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    total_ms INTEGER NOT NULL,
    peer_address VARCHAR,
    http_status INTEGER,
    outcome VARCHAR NOT NULL,
    failed BOOLEAN NOT NULL,
    late BOOLEAN NOT NULL,
    CONSTRAINT pk_attempt PRIMARY KEY (id),
    CONSTRAINT fk_attempt_delivery_id FOREIGN KEY(delivery_id) REFERENCES delivery (id),
    CONSTRAINT ck_attempt_outcome CHECK (outcome IN ('received', 'redirected', 'gone', 'throttled', 'refused', 'server_error', 'timed_out', 'name_not_found', 'not_connected', 'certificate_wrong', 'broken_off', 'challenge_not_echoed', 'will_not_send', 'not_signed', 'withdrawn', 'superseded'))
);

CREATE INDEX ix_attempt_delivery_id ON attempt (delivery_id);

CREATE INDEX ix_attempt_endpoint_id_started_at ON attempt (endpoint_id, started_at);

CREATE TABLE deferral (
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    listing_id TEXT NOT NULL,
    from_meeting_id TEXT,
    to_meeting_id TEXT NOT NULL,
    reason VARCHAR NOT NULL,
    deferred_by VARCHAR NOT NULL,
    deferred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_deferral PRIMARY KEY (id),
    CONSTRAINT fk_deferral_case_id FOREIGN KEY(case_id) REFERENCES case_file (id),
    CONSTRAINT fk_deferral_listing_id FOREIGN KEY(listing_id) REFERENCES listing (id),
    CONSTRAINT fk_deferral_from_meeting_id FOREIGN KEY(from_meeting_id) REFERENCES meeting (id),
    CONSTRAINT fk_deferral_to_meeting_id FOREIGN KEY(to_meeting_id) REFERENCES meeting (id)
);

CREATE INDEX ix_deferral_case_id ON deferral (case_id);

CREATE TABLE mappa_referral (
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    need_id TEXT NOT NULL,
    proposal_id TEXT NOT NULL,
    level INTEGER NOT NULL,
    category_claimed INTEGER,
    category_on_record INTEGER,
    grounds VARCHAR NOT NULL,
    added_value VARCHAR,
    senior_resources VARCHAR,
    mappa_area VARCHAR,
    victim_liaison BOOLEAN,
    disclosure_considered BOOLEAN,
    referring_agency VARCHAR NOT NULL,
    referred_by VARCHAR NOT NULL,
    referred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_mappa_referral PRIMARY KEY (id),
    CONSTRAINT ck_mappa_referral_level CHECK (level IN (2, 3)),
    CONSTRAINT ck_mappa_referral_senior_resources_at_level_3 CHECK ((level = 3) = (senior_resources IS NOT NULL)),
    CONSTRAINT fk_mappa_referral_case_id FOREIGN KEY(case_id) REFERENCES case_file (id),
    CONSTRAINT fk_mappa_referral_need_id FOREIGN KEY(need_id) REFERENCES need (id),
    CONSTRAINT fk_mappa_referral_proposal_id FOREIGN KEY(proposal_id) REFERENCES proposal (id)
);

CREATE INDEX ix_mappa_referral_case_id ON mappa_referral (case_id);

CREATE TABLE meeting_review (
    id TEXT NOT NULL,
    meeting_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    action_id TEXT NOT NULL,
    finding VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    reviewed_by VARCHAR NOT NULL,
    reviewed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_meeting_review PRIMARY KEY (id),
    CONSTRAINT fk_meeting_review_meeting_id FOREIGN KEY(meeting_id) REFERENCES meeting (id),
    CONSTRAINT fk_meeting_review_case_id FOREIGN KEY(case_id) REFERENCES case_file (id),
    CONSTRAINT fk_meeting_review_action_id FOREIGN KEY(action_id) REFERENCES action (id),
    CONSTRAINT ck_meeting_review_finding CHECK (finding IN ('ON_COURSE', 'CONTINUES', 'REASSIGNED', 'ESCALATED'))
);

CREATE INDEX ix_meeting_review_action_id ON meeting_review (action_id);

CREATE INDEX ix_meeting_review_meeting_id ON meeting_review (meeting_id);

CREATE TABLE notice (
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    decision_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    agency TEXT NOT NULL,
    role VARCHAR NOT NULL,
    steps TEXT[] NOT NULL,
    asks TEXT[] NOT NULL,
    sender_role VARCHAR NOT NULL,
    sender_agency VARCHAR,
    about VARCHAR,
    life_safety BOOLEAN NOT NULL,
    due_on DATE,
    due_at TIMESTAMP WITH TIME ZONE,
    sent_at TIMESTAMP WITH TIME ZONE NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE,
    received_by VARCHAR,
    action_id TEXT,
    ended_because VARCHAR,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_notice PRIMARY KEY (id),
    CONSTRAINT ck_notice_received_by_somebody CHECK ((received_at IS NULL) = (received_by IS NULL)),
    CONSTRAINT ck_notice_carries_a_step CHECK (cardinality(steps) > 0),
    CONSTRAINT ck_notice_says_each_step CHECK (cardinality(asks) = cardinality(steps)),
    CONSTRAINT ck_notice_one_deadline_at_most CHECK (due_on IS NULL OR due_at IS NULL),
    CONSTRAINT fk_notice_case_id FOREIGN KEY(case_id) REFERENCES case_file (id),
    CONSTRAINT fk_notice_decision_id FOREIGN KEY(decision_id) REFERENCES decision (id),
    CONSTRAINT fk_notice_event_id FOREIGN KEY(event_id) REFERENCES event (id),
    CONSTRAINT fk_notice_agency FOREIGN KEY(agency) REFERENCES agency (code),
    CONSTRAINT fk_notice_action_id FOREIGN KEY(action_id) REFERENCES action (id),
    CONSTRAINT ck_notice_role CHECK (role IN ('PVP_HUB', 'REFERRER', 'ATTENDING_SUPERVISOR', 'RESPONSE_SUPERVISOR', 'POLICE_SUPERVISOR', 'POLICE_INSPECTOR', 'INVESTIGATION_TEAM', 'DVDS_TEAM', 'IDVA', 'MARAC_COORDINATOR', 'MARAC_CHAIR', 'MATAC_COORDINATOR', 'MAPPA_COORDINATOR', 'IOM_COORDINATOR', 'DAPP_COORDINATOR', 'PDP_COORDINATOR', 'SUPERVISING_PRACTITIONER', 'SENIOR_PROBATION', 'PRISON_OMU', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'ADULT_SOCIAL_CARE', 'DESIGNATED_OFFICER', 'HOUSING', 'EDUCATION', 'MENTAL_HEALTH', 'SUBSTANCE_MISUSE', 'PRIMARY_CARE', 'SECONDARY_CARE', 'VICTIM_LIAISON', 'LINE_MANAGER', 'STRATEGIC_LEAD', 'OTHER')),
    CONSTRAINT ck_notice_sender_role CHECK (sender_role IN ('PVP_HUB', 'REFERRER', 'ATTENDING_SUPERVISOR', 'RESPONSE_SUPERVISOR', 'POLICE_SUPERVISOR', 'POLICE_INSPECTOR', 'INVESTIGATION_TEAM', 'DVDS_TEAM', 'IDVA', 'MARAC_COORDINATOR', 'MARAC_CHAIR', 'MATAC_COORDINATOR', 'MAPPA_COORDINATOR', 'IOM_COORDINATOR', 'DAPP_COORDINATOR', 'PDP_COORDINATOR', 'SUPERVISING_PRACTITIONER', 'SENIOR_PROBATION', 'PRISON_OMU', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'ADULT_SOCIAL_CARE', 'DESIGNATED_OFFICER', 'HOUSING', 'EDUCATION', 'MENTAL_HEALTH', 'SUBSTANCE_MISUSE', 'PRIMARY_CARE', 'SECONDARY_CARE', 'VICTIM_LIAISON', 'LINE_MANAGER', 'STRATEGIC_LEAD', 'OTHER')),
    CONSTRAINT ck_notice_about CHECK (about IN ('VICTIM_SAFETY', 'PERPETRATOR'))
);

CREATE INDEX ix_notice_action_id ON notice (action_id) WHERE action_id IS NOT NULL;

CREATE INDEX ix_notice_case_id ON notice (case_id);

CREATE INDEX ix_notice_event_id ON notice (event_id);

CREATE INDEX ix_notice_waiting ON notice (sent_at) WHERE received_at IS NULL AND action_id IS NULL AND ended_because IS NULL;

CREATE TABLE ownership_override (
    id TEXT NOT NULL,
    need_id TEXT NOT NULL,
    proposal_id TEXT NOT NULL,
    stands_against TEXT NOT NULL,
    reason VARCHAR NOT NULL,
    overridden_by VARCHAR NOT NULL,
    overridden_at TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_ownership_override PRIMARY KEY (id),
    CONSTRAINT uq_ownership_override_proposal_id UNIQUE (proposal_id),
    CONSTRAINT fk_ownership_override_need_id FOREIGN KEY(need_id) REFERENCES need (id),
    CONSTRAINT fk_ownership_override_proposal_id FOREIGN KEY(proposal_id) REFERENCES proposal (id),
    CONSTRAINT fk_ownership_override_stands_against FOREIGN KEY(stands_against) REFERENCES ownership (id)
);

CREATE INDEX ix_ownership_override_need_id ON ownership_override (need_id);

CREATE TABLE plan_action (
    id TEXT NOT NULL,
    meeting_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    action_id TEXT NOT NULL,
    aimed_at VARCHAR NOT NULL,
    repeats_action_id TEXT,
    reuse_reason VARCHAR,
    set_by VARCHAR NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_plan_action PRIMARY KEY (id),
    CONSTRAINT uq_plan_action_action_id UNIQUE (action_id),
    CONSTRAINT ck_plan_action_reuse_has_a_reason CHECK ((repeats_action_id IS NULL) = (reuse_reason IS NULL)),
    CONSTRAINT fk_plan_action_meeting_id FOREIGN KEY(meeting_id) REFERENCES meeting (id),
    CONSTRAINT fk_plan_action_case_id FOREIGN KEY(case_id) REFERENCES case_file (id),
    CONSTRAINT fk_plan_action_action_id FOREIGN KEY(action_id) REFERENCES action (id),
    CONSTRAINT fk_plan_action_repeats_action_id FOREIGN KEY(repeats_action_id) REFERENCES action (id),
    CONSTRAINT ck_plan_action_aimed_at CHECK (aimed_at IN ('VICTIM', 'PERPETRATOR', 'CHILDREN', 'OTHER'))
);

CREATE INDEX ix_plan_action_case_id ON plan_action (case_id);

CREATE TABLE proposal_answer (
    id TEXT NOT NULL,
    proposal_id TEXT NOT NULL,
    state VARCHAR NOT NULL,
    code VARCHAR,
    claimed_forum VARCHAR,
    claim_holds BOOLEAN,
    missing TEXT[],
    to_area VARCHAR,
    duplicate_of VARCHAR,
    reason VARCHAR NOT NULL,
    answered_by VARCHAR NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_proposal_answer PRIMARY KEY (id),
    CONSTRAINT uq_proposal_answer_proposal_id UNIQUE (proposal_id),
    CONSTRAINT ck_proposal_answer_a_decline_has_a_code CHECK ((state = 'DECLINED') = (code IS NOT NULL)),
    CONSTRAINT ck_proposal_answer_missing_goes_with_its_code CHECK ((code IS NOT DISTINCT FROM 'INSUFFICIENT_INFO') = (missing IS NOT NULL)),
    CONSTRAINT ck_proposal_answer_area_goes_with_its_code CHECK ((code IS NOT DISTINCT FROM 'OUT_OF_AREA') = (to_area IS NOT NULL)),
    CONSTRAINT ck_proposal_answer_duplicate_goes_with_its_code CHECK ((code IS NOT DISTINCT FROM 'DUPLICATE') = (duplicate_of IS NOT NULL)),
    CONSTRAINT fk_proposal_answer_proposal_id FOREIGN KEY(proposal_id) REFERENCES proposal (id),
    CONSTRAINT ck_proposal_answer_state CHECK (state IN ('PROPOSED', 'ACCEPTED', 'DECLINED', 'EXPIRED', 'WITHDRAWN')),
    CONSTRAINT ck_proposal_answer_code CHECK (code IN ('BELOW_THRESHOLD', 'MANAGED_ELSEWHERE', 'NOT_SERIAL', 'NOT_CONVICTED', 'INSUFFICIENT_INFO', 'OUT_OF_AREA', 'DUPLICATE', 'CAPACITY')),
    CONSTRAINT ck_proposal_answer_claimed_forum CHECK (claimed_forum IN ('MARAC', 'MATAC', 'MAPPA_L3', 'MAPPA_L2', 'MAPPA_L1_LEAD_AGENCY', 'SUPERVISING_SERVICE', 'IOM', 'DAPP', 'PDP', 'HUB', 'REFERRING_AGENCY', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'PRISON_OMU'))
);

CREATE TABLE research_request (
    id TEXT NOT NULL,
    meeting_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    action_id TEXT NOT NULL,
    agency VARCHAR NOT NULL,
    form VARCHAR NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_research_request PRIMARY KEY (id),
    CONSTRAINT uq_research_request_meeting_id_case_id_agency_action_id UNIQUE (meeting_id, case_id, agency, action_id),
    CONSTRAINT fk_research_request_meeting_id FOREIGN KEY(meeting_id) REFERENCES meeting (id),
    CONSTRAINT fk_research_request_case_id FOREIGN KEY(case_id) REFERENCES case_file (id),
    CONSTRAINT fk_research_request_action_id FOREIGN KEY(action_id) REFERENCES action (id),
    CONSTRAINT ck_research_request_form CHECK (form IN ('AGENCY', 'SUPERVISION'))
);

CREATE INDEX ix_research_request_action_id ON research_request (action_id);

CREATE INDEX ix_research_request_case_id ON research_request (case_id);

CREATE TABLE work_item (
    id TEXT NOT NULL,
    kind VARCHAR NOT NULL,
    dedupe_key VARCHAR NOT NULL,
    owner_role VARCHAR NOT NULL,
    asked_role VARCHAR,
    event_id TEXT,
    endpoint_id TEXT,
    delivery_id TEXT,
    subject_type VARCHAR,
    subject_id VARCHAR,
    case_id VARCHAR,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    mailed_at TIMESTAMP WITH TIME ZONE,
    closed_at TIMESTAMP WITH TIME ZONE,
    closed_by VARCHAR,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_work_item PRIMARY KEY (id),
    CONSTRAINT uq_work_item_dedupe_key UNIQUE (dedupe_key),
    CONSTRAINT fk_work_item_event_id FOREIGN KEY(event_id) REFERENCES event (id),
    CONSTRAINT fk_work_item_endpoint_id FOREIGN KEY(endpoint_id) REFERENCES webhook_endpoint (id),
    CONSTRAINT fk_work_item_delivery_id FOREIGN KEY(delivery_id) REFERENCES delivery (id),
    CONSTRAINT ck_work_item_kind CHECK (kind IN ('no_live_endpoint', 'undelivered', 'exhausted', 'poison', 'endpoint_paused', 'receiver_refuses', 'cannot_sign')),
    CONSTRAINT ck_work_item_owner_role CHECK (owner_role IN ('PVP_HUB', 'REFERRER', 'ATTENDING_SUPERVISOR', 'RESPONSE_SUPERVISOR', 'POLICE_SUPERVISOR', 'POLICE_INSPECTOR', 'INVESTIGATION_TEAM', 'DVDS_TEAM', 'IDVA', 'MARAC_COORDINATOR', 'MARAC_CHAIR', 'MATAC_COORDINATOR', 'MAPPA_COORDINATOR', 'IOM_COORDINATOR', 'DAPP_COORDINATOR', 'PDP_COORDINATOR', 'SUPERVISING_PRACTITIONER', 'SENIOR_PROBATION', 'PRISON_OMU', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'ADULT_SOCIAL_CARE', 'DESIGNATED_OFFICER', 'HOUSING', 'EDUCATION', 'MENTAL_HEALTH', 'SUBSTANCE_MISUSE', 'PRIMARY_CARE', 'SECONDARY_CARE', 'VICTIM_LIAISON', 'LINE_MANAGER', 'STRATEGIC_LEAD', 'OTHER')),
    CONSTRAINT ck_work_item_asked_role CHECK (asked_role IN ('PVP_HUB', 'REFERRER', 'ATTENDING_SUPERVISOR', 'RESPONSE_SUPERVISOR', 'POLICE_SUPERVISOR', 'POLICE_INSPECTOR', 'INVESTIGATION_TEAM', 'DVDS_TEAM', 'IDVA', 'MARAC_COORDINATOR', 'MARAC_CHAIR', 'MATAC_COORDINATOR', 'MAPPA_COORDINATOR', 'IOM_COORDINATOR', 'DAPP_COORDINATOR', 'PDP_COORDINATOR', 'SUPERVISING_PRACTITIONER', 'SENIOR_PROBATION', 'PRISON_OMU', 'YOUTH_JUSTICE', 'CHILDRENS_SOCIAL_CARE', 'ADULT_SOCIAL_CARE', 'DESIGNATED_OFFICER', 'HOUSING', 'EDUCATION', 'MENTAL_HEALTH', 'SUBSTANCE_MISUSE', 'PRIMARY_CARE', 'SECONDARY_CARE', 'VICTIM_LIAISON', 'LINE_MANAGER', 'STRATEGIC_LEAD', 'OTHER')),
    CONSTRAINT ck_work_item_subject_type CHECK (subject_type IN ('action', 'case', 'delivery', 'digest', 'ending', 'endpoint', 'enquiry', 'link_proposal', 'meeting', 'need', 'proposal', 'referral', 'release', 'transfer'))
);

CREATE INDEX ix_work_item_event_id ON work_item (event_id) WHERE closed_at IS NULL;

CREATE INDEX ix_work_item_open ON work_item (area, opened_at) WHERE closed_at IS NULL;

CREATE INDEX ix_work_item_unmailed ON work_item (opened_at) WHERE mailed_at IS NULL;

CREATE TABLE action_review (
    id TEXT NOT NULL,
    action_id TEXT NOT NULL,
    report_id TEXT,
    reported_by VARCHAR,
    verdict VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    reviewed_by VARCHAR NOT NULL,
    reviewed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_action_review PRIMARY KEY (id),
    CONSTRAINT ck_action_review_second_person CHECK (reported_by IS NULL OR is_second_person(reviewed_by, reported_by)),
    CONSTRAINT ck_action_review_reporter_of_the_report CHECK ((report_id IS NULL) = (reported_by IS NULL)),
    CONSTRAINT fk_action_review_action_id FOREIGN KEY(action_id) REFERENCES action (id),
    CONSTRAINT fk_action_review_report_id FOREIGN KEY(report_id) REFERENCES action_report (id),
    CONSTRAINT ck_action_review_verdict CHECK (verdict IN ('ACCEPTED', 'RETURNED', 'CONTINUES'))
);

CREATE INDEX ix_action_review_action_id ON action_review (action_id);

CREATE TABLE research_return (
    id TEXT NOT NULL,
    request_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    document JSONB NOT NULL,
    needs_countersignature BOOLEAN NOT NULL,
    returned_by VARCHAR NOT NULL,
    returned_at TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_research_return PRIMARY KEY (id),
    CONSTRAINT ck_research_return_by_a_named_person CHECK (NOT needs_countersignature OR strpos(returned_by, '/') > 0),
    CONSTRAINT uq_research_return_id_returned_by UNIQUE (id, returned_by),
    CONSTRAINT fk_research_return_request_id FOREIGN KEY(request_id) REFERENCES research_request (id),
    CONSTRAINT fk_research_return_case_id FOREIGN KEY(case_id) REFERENCES case_file (id)
);

CREATE INDEX ix_research_return_request_id ON research_return (request_id);

CREATE TABLE return_countersignature (
    id TEXT NOT NULL,
    return_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    returned_by VARCHAR NOT NULL,
    countersigned_by VARCHAR NOT NULL,
    countersigned_at TIMESTAMP WITH TIME ZONE NOT NULL,
    area TEXT NOT NULL,
    agencies TEXT[] NOT NULL,
    CONSTRAINT pk_return_countersignature PRIMARY KEY (id),
    CONSTRAINT fk_return_countersignature_return_id_returned_by FOREIGN KEY(return_id, returned_by) REFERENCES research_return (id, returned_by),
    CONSTRAINT ck_return_countersignature_second_person CHECK (strpos(countersigned_by, '/') > 0 AND is_second_person(countersigned_by, returned_by) AND split_part(countersigned_by, '/', 1) = split_part(returned_by, '/', 1)),
    CONSTRAINT uq_return_countersignature_return_id UNIQUE (return_id),
    CONSTRAINT fk_return_countersignature_case_id FOREIGN KEY(case_id) REFERENCES case_file (id)
);

-- app/access/account_of_caller.sql
-- Finds the account of somebody whose agency is not known yet: by a visit to the pages, or by the provider's name of them.
-- Both return ids. The account itself is read in the scope of its agency, so no stranger's request opens a wider one.
CREATE FUNCTION account_of_visit(visit text) RETURNS TABLE (agency text, account_id text) LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.agency, a.id FROM page_visit v JOIN account a ON a.id = v.account_id
    WHERE v.id = visit AND v.signed_out_at IS NULL AND v.subject IS NOT DISTINCT FROM a.subject
        AND a.suspended_at IS NULL
$$;

CREATE FUNCTION account_of_subject(called text) RETURNS TABLE (agency text, account_id text) LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.agency, a.id FROM account a WHERE a.subject = called
$$;

-- app/access/key_lasts_no_longer.sql
-- A key ends when it was made to end, or before: no fault of the service lengthens one that somebody has lost.
CREATE FUNCTION key_lasts_no_longer() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a key never lasts longer than it was made to last' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER key_lasts_no_longer BEFORE UPDATE ON client_key
    FOR EACH ROW WHEN (NEW.expires_at > OLD.expires_at) EXECUTE FUNCTION key_lasts_no_longer();

-- app/access/row_scope.sql
-- A row scope is opened with a proof that only a process with the secret key of the deployment can make: a login alone,
-- or text that reaches a statement, opens none. The key table holds what is derived from that secret, as the two blocks
-- that HMAC-SHA-256 (RFC 2104) begins with, and nobody but these functions reads it.
CREATE FUNCTION row_scope_code(said text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT encode(sha256(outer_block || sha256(inner_block || convert_to(said, 'UTF8'))), 'hex') FROM row_scope_key
$$;
REVOKE EXECUTE ON FUNCTION row_scope_code FROM PUBLIC;

-- Opens the scope until the transaction ends. The proof is one for this connection and these words. What row security
-- reads are settings that anybody may set by hand; the seal beside them is one for this transaction and these words.
CREATE FUNCTION open_row_scope(kind text, agency text, areas text, proof text) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- IS NOT TRUE: where the database holds no key, the code is NULL, and NULL must open nothing.
    IF (proof = row_scope_code(concat_ws(E'\x1f', 'open', pg_backend_pid(), kind, agency, areas))) IS NOT TRUE THEN
        RAISE EXCEPTION 'the proof for this row scope is not the one of this deployment'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM set_config('app.row_scope', kind, true), set_config('app.agency', agency, true),
        set_config('app.areas', areas, true),
        set_config('app.row_scope_seal', row_scope_code(concat_ws(E'\x1f', 'sealed', extract(epoch FROM now()), kind,
            agency, areas)), true);
END
$$;

-- Whether the scope was opened in this transaction: true or an error, never an empty answer. Row security asks it once
-- for each statement.
CREATE FUNCTION row_scope_is_open() RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF (current_setting('app.row_scope_seal', true) = row_scope_code(concat_ws(E'\x1f', 'sealed',
        extract(epoch FROM now()), current_setting('app.row_scope', true), current_setting('app.agency', true),
        current_setting('app.areas', true)))) IS NOT TRUE THEN
        RAISE EXCEPTION 'no row scope is open in this transaction' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN true;
END
$$;

-- app/accounts/account_of_linking_code.sql
-- Finds the account of somebody whom the provider has proved and whose agency is not known yet, by the hash of a linking
-- code that still holds. Returns ids: the account itself is read in the scope of its agency.
CREATE FUNCTION account_of_linking_code(hashed text, at timestamptz) RETURNS TABLE (agency text, account_id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.agency, c.account_id FROM linking_code c
    WHERE c.code_hash = hashed AND c.ended_at IS NULL AND c.expires_at > at
$$;

-- app/actions/cover/covering_post.sql
-- Who covers a post of an agency on a London date, or no row. The reminders room asks it by name, because it stands below
-- this one: whatever is said to a post that is away is said to its cover, whichever room it is about.
CREATE FUNCTION covering_post(of_area text, of_agency text, of_role text, on_day date)
RETURNS TABLE (agency text, role text) LANGUAGE sql STABLE AS $$
    SELECT cover_agency, cover_role::text FROM cover
    WHERE area = of_area AND owner_agency = of_agency AND owner_role::text = of_role
        AND away_from <= on_day AND away_until >= on_day AND ended_at IS NULL
$$;

-- app/enquiries/question_ends_once.sql
-- A question ends once: how it ended, what was answered and by whom stays as it was recorded. Its clock may end later:
-- what nobody can find out stays open until then.
CREATE FUNCTION question_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.ended, NEW.ended_at, NEW.value, NEW.looked_in, NEW.reason, NEW.passed_to, NEW.answered_by)
        IS DISTINCT FROM (OLD.ended, OLD.ended_at, OLD.value, OLD.looked_in, OLD.reason, OLD.passed_to, OLD.answered_by)
    THEN
        RAISE EXCEPTION 'question % has ended, and an ended question is never changed', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER question_ends_once BEFORE UPDATE ON enquiry_item
    FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION question_ends_once();

-- The end of a clock is decided on once.
CREATE FUNCTION clock_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the end of the clock of question % was decided on already', OLD.id
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER clock_ends_once BEFORE UPDATE ON enquiry_item
    FOR EACH ROW WHEN (OLD.lapsed_at IS NOT NULL AND NEW.lapsed_at IS DISTINCT FROM OLD.lapsed_at)
    EXECUTE FUNCTION clock_ends_once();

-- app/ownership/always_owned.sql
-- Exactly one owner at every instant: the exclusion constraint of `ownership` forbids two, this deferred check forbids none.
-- It runs as the owner of the tables, because row security would hide spans of another area from it.
-- It waits for the commit, because a need is opened before its first span, and one span ends before the next begins.
CREATE FUNCTION need_is_always_owned() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    asked need%ROWTYPE;
    owned tstzmultirange;
BEGIN
    IF TG_TABLE_NAME = 'need' THEN
        SELECT * INTO asked FROM need WHERE number = NEW.number;
    ELSE
        SELECT * INTO asked FROM need WHERE number = NEW.need_number;
    END IF;
    SELECT range_agg(during) INTO owned FROM ownership WHERE need_number = asked.number;
    IF owned IS DISTINCT FROM tstzmultirange(tstzrange(asked.opened_at, asked.ended_at)) THEN
        RAISE EXCEPTION 'need % would have an instant without exactly one accepted owner', asked.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    -- Owner is who accepted: the first at intake (I0), each later one by the answer that began the span (I2).
    IF EXISTS (
        SELECT FROM ownership o WHERE o.need_number = asked.number AND lower(o.during) <> asked.opened_at
            AND NOT EXISTS (
                SELECT FROM proposal_answer a WHERE a.proposal_id = o.proposal_id
                    AND a.state = 'ACCEPTED' AND a.answered_at = lower(o.during))
    ) THEN
        RAISE EXCEPTION 'need % would have an owner who has not accepted', asked.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER need_always_owned AFTER INSERT OR UPDATE ON need
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION need_is_always_owned();
CREATE CONSTRAINT TRIGGER ownership_leaves_no_gap AFTER INSERT OR UPDATE ON ownership
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION need_is_always_owned();

-- A span is closed once, after it began, and nothing else of it is ever rewritten. The trigger binds the owner of the
-- tables as well, whom no grant holds back.
CREATE FUNCTION ownership_only_closes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NOT upper_inf(OLD.during) OR isempty(NEW.during)
        OR lower(NEW.during) IS DISTINCT FROM lower(OLD.during)
        OR to_jsonb(NEW) - 'during' IS DISTINCT FROM to_jsonb(OLD) - 'during' THEN
        RAISE EXCEPTION 'a span of ownership is history: it can be closed once, never emptied and never rewritten'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER ownership_only_closes BEFORE UPDATE OR DELETE ON ownership
    FOR EACH ROW EXECUTE FUNCTION ownership_only_closes();
CREATE TRIGGER ownership_no_truncate BEFORE TRUNCATE ON ownership
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- app/ownership/case_is_with_marac.sql
-- Whether MARAC was asked to lead on a need of a case, or owns one. Reminders ask it by name, because their room stands
-- below this one: until then MARAC's posts are told nothing of a victim with whom they have no business.
CREATE FUNCTION case_is_with_marac(of_case text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM case_need JOIN proposal ON proposal.need_id = case_need.need_id
        WHERE case_need.case_id = of_case AND proposal.forum = 'MARAC'
    ) OR EXISTS (
        SELECT 1 FROM case_need JOIN need ON need.id = case_need.need_id JOIN ownership ON need_number = need.number
        WHERE case_need.case_id = of_case AND ownership.forum = 'MARAC'
    )
$$;

-- app/ownership/need_ends_on_record.sql
-- No bare close: an ended need has its ending on record, and one that moved was taken by the receiving area.
-- It runs as the owner of the tables: row security must not hide the record or the transfer from it.
CREATE FUNCTION need_ends_on_record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM need_ending e
        WHERE e.need_id = NEW.id AND e.reason = NEW.end_reason AND e.ended_at = NEW.ended_at
            AND (e.reason <> 'MOVED' OR EXISTS (
                SELECT FROM transfer t
                WHERE t.id = e.transfer_id AND t.need_id = NEW.id AND t.state = 'ACCEPTED'))
    ) THEN
        RAISE EXCEPTION 'need % would end without a record of why and by whom', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER need_ends_on_record AFTER INSERT OR UPDATE ON need
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION need_ends_on_record();

-- app/ownership/need_is_open.sql
-- Whether a case still has an open need, of the kind `wanted` or of any kind when that is NULL. Actions ask it by name,
-- because their room stands below this one and cannot read the tables of needs.
CREATE FUNCTION need_is_open(of_case text, wanted text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM case_need JOIN need ON need.id = case_need.need_id
        WHERE case_need.case_id = of_case AND need.ended_at IS NULL AND need.kind = coalesce(wanted, need.kind)
    )
$$;

-- app/referrals/case_is_of_my_area.sql
-- Whether a case is now an area's own. The area that has taken a case over reads what was recorded before.
-- It runs as the caller, so the row security of case_file holds inside it too. `pg_dump` plans it without a search path.
CREATE FUNCTION case_is_of_my_area(wanted text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE current_setting('app.row_scope')
        WHEN 'area' THEN EXISTS (
            SELECT 1 FROM public.case_file
            WHERE id = wanted AND area = ANY (string_to_array(current_setting('app.areas'), ','))
        )
        ELSE false
    END
$$;

-- app/webhooks/delivery/fan_out.sql
-- The triggers that tie events to deliveries inside the commit of the change.
--
-- They run as the owner of the tables, so that fan-out sees every subscriber whoever made the change, and so that no
-- producer of events needs a right on another room's tables. A test compares this file with the migrated database.

-- Whether an endpoint asked for an event: one rule for the fan-out, for recoveries and for the reconciling job.
-- An event of no particular forum reaches everybody: a filter narrows what is heard, it must not make silence.
CREATE FUNCTION endpoint_wants(e webhook_endpoint, n event) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT e.agency = ANY (n.agencies)
        AND n.type NOT IN ('endpoint.verify', 'endpoint.test')
        AND (cardinality(e.event_types) = 0 OR n.type = ANY (e.event_types))
        AND (cardinality(e.forums) = 0 OR cardinality(n.forums) = 0 OR e.forums && n.forums)
        AND (cardinality(e.areas) = 0 OR n.area = ANY (e.areas))
        AND (NOT e.own_actions_only OR n.subject_type <> 'action' OR n.owner_agency IS NOT DISTINCT FROM e.agency)
$$;

-- Writes one pending delivery for each endpoint that wants the event, in the same commit, and wakes the workers.
-- The search_path is fixed: what runs as the owner must not meet a caller's table of the same name first.
-- NOTIFY only wakes; polling is the truth.
-- A reminder that no active endpoint of an informed agency will hear goes to the co-ordinator's list at once. What asks
-- posts for something (`asked_roles`) is mailed to each post that reads by e-mail; any other reads it in its inbox, and the
-- reminders of it reach the co-ordinator: a list of every new task of every agency would be read by nobody.
CREATE FUNCTION fan_out_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    is_direct boolean := NEW.type IN ('endpoint.verify', 'endpoint.test');
    is_reminder boolean := NEW.type IN ('reminder.digest', 'reminder.danger');
    asks boolean := cardinality(NEW.asked_roles) > 0;
    asked_agency text := coalesce(NEW.owner_agency, NEW.agencies[1]);
BEGIN
    INSERT INTO delivery (id, event_id, endpoint_id, agency, subject_id, direct, must_arrive, priority, state,
                          created_at, due_at, wait_seconds, tries, claims)
    SELECT 'dlv_' || replace(gen_random_uuid()::text, '-', ''), NEW.id, e.id, e.agency, NEW.subject_id, is_direct,
           is_reminder OR (asks AND e.agency = asked_agency), NEW.priority, 'pending', NEW.occurred_at, NEW.occurred_at,
           0, 0, 0
    FROM webhook_endpoint e
    WHERE endpoint_wants(e, NEW) OR (is_direct AND e.id = NEW.subject_id);
    IF FOUND THEN
        PERFORM pg_notify('delivery_due', '');
    END IF;
    IF NOT is_direct THEN
        INSERT INTO feed_entry (event_id, event_number) VALUES (NEW.id, NEW.number);
    END IF;
    IF is_reminder OR asks THEN
        INSERT INTO work_item (id, kind, dedupe_key, owner_role, event_id, subject_type, subject_id, case_id,
                               opened_at, area, agencies, asked_role)
        SELECT 'wrk_' || replace(gen_random_uuid()::text, '-', ''), 'no_live_endpoint',
               concat_ws(':', 'no_live_endpoint', NEW.id, informed_agency, asked_role), 'MARAC_COORDINATOR', NEW.id,
               NEW.subject_type, NEW.subject_id, NEW.case_id, NEW.occurred_at, NEW.area,
               array_remove(ARRAY[informed_agency], ''), asked_role
        FROM unnest(CASE WHEN asks THEN ARRAY[coalesce(asked_agency, '')]
                         WHEN cardinality(NEW.agencies) = 0 THEN ARRAY['']
                         ELSE NEW.agencies END) AS informed_agency
        CROSS JOIN unnest(CASE WHEN asks THEN NEW.asked_roles ELSE ARRAY[NULL::text] END) AS asked_role
        WHERE NOT EXISTS (
            SELECT FROM webhook_endpoint e
            WHERE e.agency = informed_agency AND e.status = 'active' AND endpoint_wants(e, NEW))
        AND (is_reminder OR EXISTS (
            SELECT FROM post_mailbox b
            WHERE b.area = NEW.area AND b.role::text = asked_role AND b.agency = informed_agency));
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER event_fans_out AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION fan_out_event();

-- A review withdraws the lines it makes needless. A digest or call is not sent any more once all its lines are: what still
-- stands in it must arrive. The reminders room cannot name deliveries (it stands below) and the webhooks room cannot name
-- lines; this trigger is the one seam, and it commits with the review.
-- A call on the wire is not waited for: its row only remembers that it must not be tried again.
CREATE FUNCTION cancel_withdrawn_reminder() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    its_event text := (SELECT event_id FROM reminder_message WHERE id = NEW.message_id);
BEGIN
    -- The event of a digest may carry those of several posts.
    IF EXISTS (SELECT FROM reminder_line l JOIN reminder_message m ON m.id = l.message_id
               WHERE m.event_id = its_event AND l.withdrawn_at IS NULL) THEN
        RETURN NULL;
    END IF;
    -- In the order of their ids, as the workers lock them to record outcomes: neither waits for the other in a circle.
    WITH unsent AS (
        SELECT id FROM delivery
        WHERE event_id = its_event AND state IN ('pending', 'leased', 'exhausted', 'poison')
        ORDER BY id FOR UPDATE
    )
    UPDATE delivery SET withdrawn = NEW.reason,
        state = CASE WHEN state = 'leased' THEN state ELSE 'cancelled' END,
        reason = CASE WHEN state = 'leased' THEN reason ELSE 'withdrawn: ' || NEW.reason END
    WHERE id IN (SELECT id FROM unsent);
    UPDATE work_item SET closed_at = NEW.withdrawn_at, closed_by = 'withdrawn: ' || NEW.reason
    WHERE event_id = its_event AND closed_at IS NULL;
    RETURN NULL;
END
$$;
CREATE TRIGGER reminder_withdrawn AFTER UPDATE OF withdrawn_at ON reminder_line FOR EACH ROW
    WHEN (NEW.message_id IS NOT NULL AND NEW.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS NULL)
    EXECUTE FUNCTION cancel_withdrawn_reminder();

GRANT SELECT, INSERT, UPDATE ON agency TO referral_routing_app;
GRANT SELECT ON agency TO referral_routing_dump;

GRANT SELECT, INSERT ON area TO referral_routing_app;
GRANT SELECT ON area TO referral_routing_dump;

GRANT SELECT, INSERT ON audit_entry TO referral_routing_app;
GRANT SELECT ON audit_entry TO referral_routing_dump;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT, DELETE, UPDATE (began, calls) ON call_count TO referral_routing_app;
GRANT SELECT ON call_count TO referral_routing_dump;

GRANT SELECT, INSERT, UPDATE (perpetrator_ref, identified_at, area, received_at, agencies) ON case_file TO referral_routing_app;
GRANT SELECT ON case_file TO referral_routing_dump;
ALTER TABLE case_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_file FORCE ROW LEVEL SECURITY;
CREATE POLICY case_file_rows ON case_file
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY case_file_dumped ON case_file FOR SELECT TO referral_routing_dump USING (true);

GRANT SELECT, INSERT ON event TO referral_routing_app;
GRANT SELECT ON event TO referral_routing_dump;
ALTER TABLE event ENABLE ROW LEVEL SECURITY;
ALTER TABLE event FORCE ROW LEVEL SECURITY;
CREATE POLICY event_rows ON event
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY event_dumped ON event FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT, UPDATE (position, round_at) ON flow_position TO referral_routing_app;
GRANT SELECT ON flow_position TO referral_routing_dump;

GRANT SELECT, INSERT, UPDATE, DELETE ON idempotent_result TO referral_routing_app;
GRANT SELECT ON idempotent_result TO referral_routing_dump;

GRANT SELECT, INSERT ON link_proposal TO referral_routing_app;
GRANT SELECT ON link_proposal TO referral_routing_dump;
ALTER TABLE link_proposal ENABLE ROW LEVEL SECURITY;
ALTER TABLE link_proposal FORCE ROW LEVEL SECURITY;
CREATE POLICY link_proposal_rows ON link_proposal
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY link_proposal_dumped ON link_proposal FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER link_proposal_append_only BEFORE UPDATE OR DELETE ON link_proposal
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER link_proposal_no_truncate BEFORE TRUNCATE ON link_proposal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT, UPDATE (ended_at, end_reason, ended_by, agencies) ON need TO referral_routing_app;
GRANT SELECT ON need TO referral_routing_keeper;
GRANT SELECT ON need TO referral_routing_dump;
ALTER TABLE need ENABLE ROW LEVEL SECURITY;
ALTER TABLE need FORCE ROW LEVEL SECURITY;
CREATE POLICY need_rows ON need
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY need_dumped ON need FOR SELECT TO referral_routing_dump USING (true);
CREATE POLICY need_kept ON need TO referral_routing_keeper USING (true);

GRANT SELECT, INSERT, UPDATE (agencies, areas) ON person TO referral_routing_app;
GRANT SELECT ON person TO referral_routing_dump;
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
ALTER TABLE person FORCE ROW LEVEL SECURITY;
CREATE POLICY person_rows ON person
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies) OR (current_setting('app.row_scope', true) = 'area' AND areas && string_to_array(current_setting('app.areas', true), ','))));
CREATE POLICY person_dumped ON person FOR SELECT TO referral_routing_dump USING (true);

GRANT SELECT, INSERT, UPDATE (informed_at) ON person_search TO referral_routing_app;
GRANT SELECT ON person_search TO referral_routing_dump;
CREATE TRIGGER person_search_append_only BEFORE DELETE OR UPDATE OF id, purpose, kinds, digests, ref, found, agency, areas, searched_by, searched_at ON person_search
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER person_search_no_truncate BEFORE TRUNCATE ON person_search
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON policy_draft TO referral_routing_app;
GRANT SELECT ON policy_draft TO referral_routing_dump;
ALTER TABLE policy_draft ENABLE ROW LEVEL SECURITY;
ALTER TABLE policy_draft FORCE ROW LEVEL SECURITY;
CREATE POLICY policy_draft_rows ON policy_draft
    USING ((SELECT row_scope_is_open()) AND ((CASE current_setting('app.row_scope') WHEN 'system' THEN true WHEN 'area' THEN areas <@ string_to_array(current_setting('app.areas'), ',') ELSE false END) OR EXISTS (SELECT FROM policy_activation WHERE draft_id = policy_draft.id)))
    WITH CHECK ((SELECT row_scope_is_open()) AND (CASE current_setting('app.row_scope') WHEN 'system' THEN true WHEN 'area' THEN areas <@ string_to_array(current_setting('app.areas'), ',') ELSE false END));
CREATE POLICY policy_draft_dumped ON policy_draft FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER policy_draft_append_only BEFORE UPDATE OR DELETE ON policy_draft
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER policy_draft_no_truncate BEFORE TRUNCATE ON policy_draft
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT, UPDATE (done, last_number, found, finished_at) ON policy_what_if TO referral_routing_app;
GRANT SELECT ON policy_what_if TO referral_routing_dump;
ALTER TABLE policy_what_if ENABLE ROW LEVEL SECURITY;
ALTER TABLE policy_what_if FORCE ROW LEVEL SECURITY;
CREATE POLICY policy_what_if_rows ON policy_what_if
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY policy_what_if_dumped ON policy_what_if FOR SELECT TO referral_routing_dump USING (true);

GRANT SELECT, INSERT, UPDATE (state, fired_at, late_by_seconds, reason, cancelled_at, withdrawn_at) ON reminder_timer TO referral_routing_app;
GRANT SELECT ON reminder_timer TO referral_routing_dump;

GRANT SELECT ON row_scope_key TO referral_routing_keeper;
GRANT SELECT ON row_scope_key TO referral_routing_dump;

GRANT SELECT, INSERT ON separate_persons TO referral_routing_app;
GRANT SELECT ON separate_persons TO referral_routing_dump;
CREATE TRIGGER separate_persons_append_only BEFORE UPDATE OR DELETE ON separate_persons
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER separate_persons_no_truncate BEFORE TRUNCATE ON separate_persons
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON shipped_policy_text TO referral_routing_app;
GRANT SELECT ON shipped_policy_text TO referral_routing_dump;
CREATE TRIGGER shipped_policy_text_append_only BEFORE UPDATE OR DELETE ON shipped_policy_text
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER shipped_policy_text_no_truncate BEFORE TRUNCATE ON shipped_policy_text
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT, UPDATE (ends_at) ON token_signing_key TO referral_routing_app;
GRANT SELECT ON token_signing_key TO referral_routing_dump;

GRANT SELECT, INSERT, UPDATE (team, post, areas, subject, suspended_at) ON account TO referral_routing_app;
GRANT SELECT ON account TO referral_routing_keeper;
GRANT SELECT ON account TO referral_routing_dump;
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
ALTER TABLE account FORCE ROW LEVEL SECURITY;
CREATE POLICY account_rows ON account
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(NULL, ARRAY[agency])));
CREATE POLICY account_dumped ON account FOR SELECT TO referral_routing_dump USING (true);
CREATE POLICY account_kept ON account TO referral_routing_keeper USING (true);

GRANT SELECT, INSERT ON case_need TO referral_routing_app;
GRANT SELECT ON case_need TO referral_routing_dump;

GRANT SELECT, INSERT, UPDATE (suspended_at, tokens_ended_at) ON client TO referral_routing_app;
GRANT SELECT ON client TO referral_routing_dump;

GRANT SELECT, INSERT, UPDATE (begun_at, ended_at) ON cover TO referral_routing_app;
GRANT SELECT ON cover TO referral_routing_dump;
ALTER TABLE cover ENABLE ROW LEVEL SECURITY;
ALTER TABLE cover FORCE ROW LEVEL SECURITY;
CREATE POLICY cover_rows ON cover
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY cover_dumped ON cover FOR SELECT TO referral_routing_dump USING (true);

GRANT SELECT, INSERT ON discharge TO referral_routing_app;
GRANT SELECT ON discharge TO referral_routing_dump;
ALTER TABLE discharge ENABLE ROW LEVEL SECURITY;
ALTER TABLE discharge FORCE ROW LEVEL SECURITY;
CREATE POLICY discharge_rows ON discharge
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY discharge_dumped ON discharge FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER discharge_append_only BEFORE UPDATE OR DELETE ON discharge
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER discharge_no_truncate BEFORE TRUNCATE ON discharge
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT, UPDATE (agency, agencies, version) ON enquiry TO referral_routing_app;
GRANT SELECT ON enquiry TO referral_routing_dump;
ALTER TABLE enquiry ENABLE ROW LEVEL SECURITY;
ALTER TABLE enquiry FORCE ROW LEVEL SECURITY;
CREATE POLICY enquiry_rows ON enquiry
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY enquiry_dumped ON enquiry FOR SELECT TO referral_routing_dump USING (true);

GRANT SELECT, INSERT, UPDATE (position) ON feed_entry TO referral_routing_app;
GRANT INSERT ON feed_entry TO referral_routing_keeper;
GRANT SELECT ON feed_entry TO referral_routing_dump;

GRANT SELECT, INSERT, UPDATE (received_at, received_by, misdirected_at, misdirected_by, misdirected_because) ON flow_release TO referral_routing_app;
GRANT SELECT ON flow_release TO referral_routing_dump;
ALTER TABLE flow_release ENABLE ROW LEVEL SECURITY;
ALTER TABLE flow_release FORCE ROW LEVEL SECURITY;
CREATE POLICY flow_release_rows ON flow_release
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(NULL, ARRAY[agency, holder_agency])));
CREATE POLICY flow_release_dumped ON flow_release FOR SELECT TO referral_routing_dump USING (true);

GRANT SELECT, INSERT ON link_answer TO referral_routing_app;
GRANT SELECT ON link_answer TO referral_routing_dump;
ALTER TABLE link_answer ENABLE ROW LEVEL SECURITY;
ALTER TABLE link_answer FORCE ROW LEVEL SECURITY;
CREATE POLICY link_answer_rows ON link_answer
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY link_answer_dumped ON link_answer FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER link_answer_append_only BEFORE UPDATE OR DELETE ON link_answer
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER link_answer_no_truncate BEFORE TRUNCATE ON link_answer
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON link_ask TO referral_routing_app;
GRANT SELECT ON link_ask TO referral_routing_dump;
ALTER TABLE link_ask ENABLE ROW LEVEL SECURITY;
ALTER TABLE link_ask FORCE ROW LEVEL SECURITY;
CREATE POLICY link_ask_rows ON link_ask
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY link_ask_dumped ON link_ask FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER link_ask_append_only BEFORE UPDATE OR DELETE ON link_ask
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER link_ask_no_truncate BEFORE TRUNCATE ON link_ask
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON meeting_cycle TO referral_routing_app;
GRANT SELECT ON meeting_cycle TO referral_routing_dump;

GRANT SELECT, INSERT, UPDATE (during) ON ownership TO referral_routing_app;
GRANT SELECT ON ownership TO referral_routing_keeper;
GRANT SELECT ON ownership TO referral_routing_dump;
ALTER TABLE ownership ENABLE ROW LEVEL SECURITY;
ALTER TABLE ownership FORCE ROW LEVEL SECURITY;
CREATE POLICY ownership_rows ON ownership
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY ownership_dumped ON ownership FOR SELECT TO referral_routing_dump USING (true);
CREATE POLICY ownership_kept ON ownership TO referral_routing_keeper USING (true);

GRANT SELECT, INSERT, UPDATE (agencies, areas) ON person_identifier TO referral_routing_app;
GRANT SELECT ON person_identifier TO referral_routing_dump;
ALTER TABLE person_identifier ENABLE ROW LEVEL SECURITY;
ALTER TABLE person_identifier FORCE ROW LEVEL SECURITY;
CREATE POLICY person_identifier_rows ON person_identifier
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies) OR (current_setting('app.row_scope', true) = 'area' AND areas && string_to_array(current_setting('app.areas', true), ','))));
CREATE POLICY person_identifier_dumped ON person_identifier FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER person_identifier_append_only BEFORE DELETE OR UPDATE OF id, ref, kind, digest, recorded_by, recorded_at, area ON person_identifier
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER person_identifier_no_truncate BEFORE TRUNCATE ON person_identifier
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON person_link TO referral_routing_app;
GRANT SELECT ON person_link TO referral_routing_dump;
ALTER TABLE person_link ENABLE ROW LEVEL SECURITY;
ALTER TABLE person_link FORCE ROW LEVEL SECURITY;
CREATE POLICY person_link_rows ON person_link
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY person_link_dumped ON person_link FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER person_link_append_only BEFORE UPDATE OR DELETE ON person_link
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER person_link_no_truncate BEFORE TRUNCATE ON person_link
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON policy_proposal TO referral_routing_app;
GRANT SELECT ON policy_proposal TO referral_routing_dump;
ALTER TABLE policy_proposal ENABLE ROW LEVEL SECURITY;
ALTER TABLE policy_proposal FORCE ROW LEVEL SECURITY;
CREATE POLICY policy_proposal_rows ON policy_proposal
    USING ((SELECT row_scope_is_open()) AND (CASE current_setting('app.row_scope') WHEN 'system' THEN true WHEN 'area' THEN areas <@ string_to_array(current_setting('app.areas'), ',') ELSE false END));
CREATE POLICY policy_proposal_dumped ON policy_proposal FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER policy_proposal_append_only BEFORE UPDATE OR DELETE ON policy_proposal
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER policy_proposal_no_truncate BEFORE TRUNCATE ON policy_proposal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT, UPDATE ON post TO referral_routing_app;
GRANT SELECT ON post TO referral_routing_dump;

GRANT SELECT, INSERT, DELETE, UPDATE (address) ON post_mailbox TO referral_routing_app;
GRANT SELECT ON post_mailbox TO referral_routing_keeper;
GRANT SELECT ON post_mailbox TO referral_routing_dump;
ALTER TABLE post_mailbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE post_mailbox FORCE ROW LEVEL SECURITY;
CREATE POLICY post_mailbox_rows ON post_mailbox
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, ARRAY[agency])));
CREATE POLICY post_mailbox_dumped ON post_mailbox FOR SELECT TO referral_routing_dump USING (true);
CREATE POLICY post_mailbox_kept ON post_mailbox TO referral_routing_keeper USING (true);

GRANT SELECT, INSERT ON referral TO referral_routing_app;
GRANT SELECT ON referral TO referral_routing_dump;
ALTER TABLE referral ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral FORCE ROW LEVEL SECURITY;
CREATE POLICY referral_rows ON referral
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies) OR case_is_of_my_area(case_id)))
    WITH CHECK ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY referral_dumped ON referral FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER referral_append_only BEFORE UPDATE OR DELETE ON referral
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER referral_no_truncate BEFORE TRUNCATE ON referral
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON reminder_message TO referral_routing_app;
GRANT SELECT ON reminder_message TO referral_routing_keeper;
GRANT SELECT ON reminder_message TO referral_routing_dump;
ALTER TABLE reminder_message ENABLE ROW LEVEL SECURITY;
ALTER TABLE reminder_message FORCE ROW LEVEL SECURITY;
CREATE POLICY reminder_message_rows ON reminder_message
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, ARRAY[agency])));
CREATE POLICY reminder_message_dumped ON reminder_message FOR SELECT TO referral_routing_dump USING (true);
CREATE POLICY reminder_message_kept ON reminder_message TO referral_routing_keeper USING (true);

GRANT SELECT, INSERT, UPDATE (state) ON transfer TO referral_routing_app;
GRANT SELECT ON transfer TO referral_routing_keeper;
GRANT SELECT ON transfer TO referral_routing_dump;
ALTER TABLE transfer ENABLE ROW LEVEL SECURITY;
ALTER TABLE transfer FORCE ROW LEVEL SECURITY;
CREATE POLICY transfer_rows ON transfer
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY transfer_dumped ON transfer FOR SELECT TO referral_routing_dump USING (true);
CREATE POLICY transfer_kept ON transfer TO referral_routing_keeper USING (true);

GRANT SELECT, INSERT, UPDATE (url, revision, status, status_reason, status_since, verified_at, event_types, forums, areas, alarm_areas, own_actions_only, ordered, max_in_flight, rate_per_second, allow_networks, hmcts_headers, contact, consecutive_failures, first_failure_at, breaker_step, probe_at, paced_until) ON webhook_endpoint TO referral_routing_app;
GRANT SELECT ON webhook_endpoint TO referral_routing_keeper;
GRANT SELECT ON webhook_endpoint TO referral_routing_dump;
ALTER TABLE webhook_endpoint ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_endpoint FORCE ROW LEVEL SECURITY;
CREATE POLICY webhook_endpoint_rows ON webhook_endpoint
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(NULL, ARRAY[agency])));
CREATE POLICY webhook_endpoint_dumped ON webhook_endpoint FOR SELECT TO referral_routing_dump USING (true);
CREATE POLICY webhook_endpoint_kept ON webhook_endpoint TO referral_routing_keeper USING (true);

GRANT SELECT, INSERT, DELETE ON webhook_host TO referral_routing_app;
GRANT SELECT ON webhook_host TO referral_routing_dump;
ALTER TABLE webhook_host ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_host FORCE ROW LEVEL SECURITY;
CREATE POLICY webhook_host_rows ON webhook_host
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(NULL, ARRAY[agency])));
CREATE POLICY webhook_host_dumped ON webhook_host FOR SELECT TO referral_routing_dump USING (true);

GRANT SELECT, INSERT ON account_change TO referral_routing_app;
GRANT SELECT ON account_change TO referral_routing_dump;
ALTER TABLE account_change ENABLE ROW LEVEL SECURITY;
ALTER TABLE account_change FORCE ROW LEVEL SECURITY;
CREATE POLICY account_change_rows ON account_change
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(NULL, ARRAY[agency])));
CREATE POLICY account_change_dumped ON account_change FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER account_change_append_only BEFORE UPDATE OR DELETE ON account_change
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER account_change_no_truncate BEFORE TRUNCATE ON account_change
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT, UPDATE (state, answer, answered_by, answered_at, role, agency, agencies, version) ON asked_ending TO referral_routing_app;
GRANT SELECT ON asked_ending TO referral_routing_dump;
ALTER TABLE asked_ending ENABLE ROW LEVEL SECURITY;
ALTER TABLE asked_ending FORCE ROW LEVEL SECURITY;
CREATE POLICY asked_ending_rows ON asked_ending
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies) OR EXISTS (SELECT FROM post WHERE post.area = asked_ending.area AND post.agency = current_setting('app.agency') AND post.role IN ('IDVA', 'MARAC_COORDINATOR', 'MARAC_CHAIR', 'PVP_HUB'))));
CREATE POLICY asked_ending_dumped ON asked_ending FOR SELECT TO referral_routing_dump USING (true);

GRANT SELECT, INSERT, UPDATE (expires_at, suspended_at, tokens_ended_at, replaced_by) ON client_key TO referral_routing_app;
GRANT SELECT ON client_key TO referral_routing_dump;

GRANT SELECT, INSERT ON decision TO referral_routing_app;
GRANT SELECT ON decision TO referral_routing_dump;
ALTER TABLE decision ENABLE ROW LEVEL SECURITY;
ALTER TABLE decision FORCE ROW LEVEL SECURITY;
CREATE POLICY decision_rows ON decision
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies) OR case_is_of_my_area(case_id)))
    WITH CHECK ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY decision_dumped ON decision FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER decision_append_only BEFORE UPDATE OR DELETE ON decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER decision_no_truncate BEFORE TRUNCATE ON decision
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON diversity TO referral_routing_app;
GRANT SELECT ON diversity TO referral_routing_dump;
ALTER TABLE diversity ENABLE ROW LEVEL SECURITY;
ALTER TABLE diversity FORCE ROW LEVEL SECURITY;
CREATE POLICY diversity_rows ON diversity
    USING ((SELECT row_scope_is_open()) AND (current_setting('app.row_scope') = 'system'))
    WITH CHECK ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY diversity_dumped ON diversity FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER diversity_append_only BEFORE UPDATE OR DELETE ON diversity
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER diversity_no_truncate BEFORE TRUNCATE ON diversity
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON incident TO referral_routing_app;
GRANT SELECT ON incident TO referral_routing_dump;
ALTER TABLE incident ENABLE ROW LEVEL SECURITY;
ALTER TABLE incident FORCE ROW LEVEL SECURITY;
CREATE POLICY incident_rows ON incident
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies) OR case_is_of_my_area(case_id)))
    WITH CHECK ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY incident_dumped ON incident FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER incident_append_only BEFORE UPDATE OR DELETE ON incident
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER incident_no_truncate BEFORE TRUNCATE ON incident
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON link_withdrawal TO referral_routing_app;
GRANT SELECT ON link_withdrawal TO referral_routing_dump;
ALTER TABLE link_withdrawal ENABLE ROW LEVEL SECURITY;
ALTER TABLE link_withdrawal FORCE ROW LEVEL SECURITY;
CREATE POLICY link_withdrawal_rows ON link_withdrawal
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY link_withdrawal_dumped ON link_withdrawal FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER link_withdrawal_append_only BEFORE UPDATE OR DELETE ON link_withdrawal
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER link_withdrawal_no_truncate BEFORE TRUNCATE ON link_withdrawal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT, UPDATE (ended_at) ON linking_code TO referral_routing_app;
GRANT SELECT ON linking_code TO referral_routing_keeper;
GRANT SELECT ON linking_code TO referral_routing_dump;
ALTER TABLE linking_code ENABLE ROW LEVEL SECURITY;
ALTER TABLE linking_code FORCE ROW LEVEL SECURITY;
CREATE POLICY linking_code_rows ON linking_code
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(NULL, ARRAY[agency])));
CREATE POLICY linking_code_dumped ON linking_code FOR SELECT TO referral_routing_dump USING (true);
CREATE POLICY linking_code_kept ON linking_code TO referral_routing_keeper USING (true);

GRANT SELECT, INSERT ON meeting TO referral_routing_app;
GRANT SELECT ON meeting TO referral_routing_dump;

GRANT SELECT, INSERT ON not_for_disclosure TO referral_routing_app;
GRANT SELECT ON not_for_disclosure TO referral_routing_dump;
ALTER TABLE not_for_disclosure ENABLE ROW LEVEL SECURITY;
ALTER TABLE not_for_disclosure FORCE ROW LEVEL SECURITY;
CREATE POLICY not_for_disclosure_rows ON not_for_disclosure
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies) OR case_is_of_my_area(case_id)))
    WITH CHECK ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY not_for_disclosure_dumped ON not_for_disclosure FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER not_for_disclosure_append_only BEFORE UPDATE OR DELETE ON not_for_disclosure
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_for_disclosure_no_truncate BEFORE TRUNCATE ON not_for_disclosure
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT, UPDATE (signed_out_at) ON page_visit TO referral_routing_app;
GRANT SELECT ON page_visit TO referral_routing_keeper;
GRANT SELECT ON page_visit TO referral_routing_dump;

GRANT SELECT, INSERT ON policy_activation TO referral_routing_app;
GRANT SELECT ON policy_activation TO referral_routing_dump;
ALTER TABLE policy_activation ENABLE ROW LEVEL SECURITY;
ALTER TABLE policy_activation FORCE ROW LEVEL SECURITY;
CREATE POLICY policy_activation_rows ON policy_activation
    USING ((SELECT row_scope_is_open()) AND (true))
    WITH CHECK ((SELECT row_scope_is_open()) AND (CASE current_setting('app.row_scope') WHEN 'system' THEN true WHEN 'area' THEN areas <@ string_to_array(current_setting('app.areas'), ',') ELSE false END));
CREATE POLICY policy_activation_dumped ON policy_activation FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER policy_activation_append_only BEFORE UPDATE OR DELETE ON policy_activation
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER policy_activation_no_truncate BEFORE TRUNCATE ON policy_activation
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT, UPDATE (say_from, message_id, reason, withdrawn_at) ON reminder_line TO referral_routing_app;
GRANT SELECT ON reminder_line TO referral_routing_keeper;
GRANT SELECT ON reminder_line TO referral_routing_dump;

GRANT SELECT, INSERT ON transfer_answer TO referral_routing_app;
GRANT SELECT ON transfer_answer TO referral_routing_dump;
ALTER TABLE transfer_answer ENABLE ROW LEVEL SECURITY;
ALTER TABLE transfer_answer FORCE ROW LEVEL SECURITY;
CREATE POLICY transfer_answer_rows ON transfer_answer
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY transfer_answer_dumped ON transfer_answer FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER transfer_answer_append_only BEFORE UPDATE OR DELETE ON transfer_answer
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER transfer_answer_no_truncate BEFORE TRUNCATE ON transfer_answer
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT, DELETE ON used_assertion TO referral_routing_app;
GRANT SELECT ON used_assertion TO referral_routing_dump;

GRANT SELECT, INSERT, UPDATE (reached_number, replayed, finished_at) ON webhook_recovery TO referral_routing_app;
GRANT SELECT ON webhook_recovery TO referral_routing_dump;
ALTER TABLE webhook_recovery ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_recovery FORCE ROW LEVEL SECURITY;
CREATE POLICY webhook_recovery_rows ON webhook_recovery
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(NULL, ARRAY[agency])));
CREATE POLICY webhook_recovery_dumped ON webhook_recovery FOR SELECT TO referral_routing_dump USING (true);

GRANT SELECT, INSERT, UPDATE (expires_at) ON webhook_secret TO referral_routing_app;
GRANT SELECT ON webhook_secret TO referral_routing_dump;
ALTER TABLE webhook_secret ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_secret FORCE ROW LEVEL SECURITY;
CREATE POLICY webhook_secret_rows ON webhook_secret
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(NULL, ARRAY[agency])));
CREATE POLICY webhook_secret_dumped ON webhook_secret FOR SELECT TO referral_routing_dump USING (true);

GRANT SELECT, INSERT, UPDATE (forums, owner_agency, owner_role, opens_on, due_on, due_at, sort_at, state, outcome, last_reviewed_at, due_version, version, area, agencies, about, cover_id, recipient_agency, repeats_every, again_within, what, life_safety) ON action TO referral_routing_app;
GRANT SELECT ON action TO referral_routing_dump;
ALTER TABLE action ENABLE ROW LEVEL SECURITY;
ALTER TABLE action FORCE ROW LEVEL SECURITY;
CREATE POLICY action_rows ON action
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY action_dumped ON action FOR SELECT TO referral_routing_dump USING (true);

GRANT SELECT, INSERT ON area_policy TO referral_routing_app;
GRANT SELECT ON area_policy TO referral_routing_dump;
ALTER TABLE area_policy ENABLE ROW LEVEL SECURITY;
ALTER TABLE area_policy FORCE ROW LEVEL SECURITY;
CREATE POLICY area_policy_rows ON area_policy
    USING ((SELECT row_scope_is_open()) AND (true))
    WITH CHECK ((SELECT row_scope_is_open()) AND (CASE current_setting('app.row_scope') WHEN 'system' THEN true WHEN 'area' THEN ARRAY[area] <@ string_to_array(current_setting('app.areas'), ',') ELSE false END));
CREATE POLICY area_policy_dumped ON area_policy FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER area_policy_append_only BEFORE UPDATE OR DELETE ON area_policy
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER area_policy_no_truncate BEFORE TRUNCATE ON area_policy
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON assessment_review TO referral_routing_app;
GRANT SELECT ON assessment_review TO referral_routing_dump;
ALTER TABLE assessment_review ENABLE ROW LEVEL SECURITY;
ALTER TABLE assessment_review FORCE ROW LEVEL SECURITY;
CREATE POLICY assessment_review_rows ON assessment_review
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies) OR case_is_of_my_area(case_id)))
    WITH CHECK ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY assessment_review_dumped ON assessment_review FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER assessment_review_append_only BEFORE UPDATE OR DELETE ON assessment_review
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER assessment_review_no_truncate BEFORE TRUNCATE ON assessment_review
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON attendance TO referral_routing_app;
GRANT SELECT ON attendance TO referral_routing_dump;
ALTER TABLE attendance ENABLE ROW LEVEL SECURITY;
ALTER TABLE attendance FORCE ROW LEVEL SECURITY;
CREATE POLICY attendance_rows ON attendance
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY attendance_dumped ON attendance FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER attendance_append_only BEFORE UPDATE OR DELETE ON attendance
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER attendance_no_truncate BEFORE TRUNCATE ON attendance
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON client_change TO referral_routing_app;
GRANT SELECT ON client_change TO referral_routing_dump;
ALTER TABLE client_change ENABLE ROW LEVEL SECURITY;
ALTER TABLE client_change FORCE ROW LEVEL SECURITY;
CREATE POLICY client_change_rows ON client_change
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(NULL, ARRAY[agency])));
CREATE POLICY client_change_dumped ON client_change FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER client_change_append_only BEFORE UPDATE OR DELETE ON client_change
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER client_change_no_truncate BEFORE TRUNCATE ON client_change
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT, UPDATE (last_used_at) ON client_key_use TO referral_routing_app;
GRANT SELECT ON client_key_use TO referral_routing_dump;

GRANT SELECT, INSERT, UPDATE (state, due_at, wait_seconds, tries, claims, lease_until, lease_token, last_attempt_at, last_status, reason, withdrawn) ON delivery TO referral_routing_app;
GRANT SELECT, INSERT, UPDATE ON delivery TO referral_routing_keeper;
GRANT SELECT ON delivery TO referral_routing_dump;
ALTER TABLE delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE delivery FORCE ROW LEVEL SECURITY;
CREATE POLICY delivery_rows ON delivery
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(NULL, ARRAY[agency])));
CREATE POLICY delivery_dumped ON delivery FOR SELECT TO referral_routing_dump USING (true);
CREATE POLICY delivery_kept ON delivery TO referral_routing_keeper USING (true);

GRANT SELECT, INSERT ON emergency_decision TO referral_routing_app;
GRANT SELECT ON emergency_decision TO referral_routing_dump;
ALTER TABLE emergency_decision ENABLE ROW LEVEL SECURITY;
ALTER TABLE emergency_decision FORCE ROW LEVEL SECURITY;
CREATE POLICY emergency_decision_rows ON emergency_decision
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY emergency_decision_dumped ON emergency_decision FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER emergency_decision_append_only BEFORE UPDATE OR DELETE ON emergency_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER emergency_decision_no_truncate BEFORE TRUNCATE ON emergency_decision
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT, UPDATE (ask, decides, due_at, lapsed_at, tried_at, moot_at, ended_at, ended, value, looked_in, reason, passed_to, answered_by) ON enquiry_item TO referral_routing_app;
GRANT SELECT ON enquiry_item TO referral_routing_dump;
ALTER TABLE enquiry_item ENABLE ROW LEVEL SECURITY;
ALTER TABLE enquiry_item FORCE ROW LEVEL SECURITY;
CREATE POLICY enquiry_item_rows ON enquiry_item
    USING ((SELECT row_scope_is_open()) AND (EXISTS (SELECT FROM enquiry WHERE enquiry.id = enquiry_id)));
CREATE POLICY enquiry_item_dumped ON enquiry_item FOR SELECT TO referral_routing_dump USING (true);

GRANT SELECT, INSERT ON invitation TO referral_routing_app;
GRANT SELECT ON invitation TO referral_routing_dump;
ALTER TABLE invitation ENABLE ROW LEVEL SECURITY;
ALTER TABLE invitation FORCE ROW LEVEL SECURITY;
CREATE POLICY invitation_rows ON invitation
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY invitation_dumped ON invitation FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER invitation_append_only BEFORE UPDATE OR DELETE ON invitation
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER invitation_no_truncate BEFORE TRUNCATE ON invitation
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON later_facts TO referral_routing_app;
GRANT SELECT ON later_facts TO referral_routing_dump;
ALTER TABLE later_facts ENABLE ROW LEVEL SECURITY;
ALTER TABLE later_facts FORCE ROW LEVEL SECURITY;
CREATE POLICY later_facts_rows ON later_facts
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies) OR EXISTS (SELECT 1 FROM referral WHERE referral.id = referral_id AND case_is_of_my_area(referral.case_id))))
    WITH CHECK ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY later_facts_dumped ON later_facts FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER later_facts_append_only BEFORE UPDATE OR DELETE ON later_facts
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER later_facts_no_truncate BEFORE TRUNCATE ON later_facts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT, UPDATE (meeting_id, heard_on, heard_at, agencies, left_on) ON listing TO referral_routing_app;
GRANT SELECT ON listing TO referral_routing_dump;
ALTER TABLE listing ENABLE ROW LEVEL SECURITY;
ALTER TABLE listing FORCE ROW LEVEL SECURITY;
CREATE POLICY listing_rows ON listing
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY listing_dumped ON listing FOR SELECT TO referral_routing_dump USING (true);

GRANT SELECT, INSERT ON meeting_completion TO referral_routing_app;
GRANT SELECT ON meeting_completion TO referral_routing_dump;
ALTER TABLE meeting_completion ENABLE ROW LEVEL SECURITY;
ALTER TABLE meeting_completion FORCE ROW LEVEL SECURITY;
CREATE POLICY meeting_completion_rows ON meeting_completion
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY meeting_completion_dumped ON meeting_completion FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER meeting_completion_append_only BEFORE UPDATE OR DELETE ON meeting_completion
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER meeting_completion_no_truncate BEFORE TRUNCATE ON meeting_completion
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON minutes TO referral_routing_app;
GRANT SELECT ON minutes TO referral_routing_dump;
ALTER TABLE minutes ENABLE ROW LEVEL SECURITY;
ALTER TABLE minutes FORCE ROW LEVEL SECURITY;
CREATE POLICY minutes_rows ON minutes
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY minutes_dumped ON minutes FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER minutes_append_only BEFORE UPDATE OR DELETE ON minutes
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER minutes_no_truncate BEFORE TRUNCATE ON minutes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON need_ending TO referral_routing_app;
GRANT SELECT ON need_ending TO referral_routing_keeper;
GRANT SELECT ON need_ending TO referral_routing_dump;
ALTER TABLE need_ending ENABLE ROW LEVEL SECURITY;
ALTER TABLE need_ending FORCE ROW LEVEL SECURITY;
CREATE POLICY need_ending_rows ON need_ending
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY need_ending_dumped ON need_ending FOR SELECT TO referral_routing_dump USING (true);
CREATE POLICY need_ending_kept ON need_ending TO referral_routing_keeper USING (true);
CREATE TRIGGER need_ending_append_only BEFORE UPDATE OR DELETE ON need_ending
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER need_ending_no_truncate BEFORE TRUNCATE ON need_ending
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT, UPDATE (state, agency, agencies) ON proposal TO referral_routing_app;
GRANT SELECT ON proposal TO referral_routing_dump;
ALTER TABLE proposal ENABLE ROW LEVEL SECURITY;
ALTER TABLE proposal FORCE ROW LEVEL SECURITY;
CREATE POLICY proposal_rows ON proposal
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY proposal_dumped ON proposal FOR SELECT TO referral_routing_dump USING (true);

GRANT SELECT, INSERT ON action_change TO referral_routing_app;
GRANT SELECT ON action_change TO referral_routing_dump;
ALTER TABLE action_change ENABLE ROW LEVEL SECURITY;
ALTER TABLE action_change FORCE ROW LEVEL SECURITY;
CREATE POLICY action_change_rows ON action_change
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY action_change_dumped ON action_change FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER action_change_append_only BEFORE UPDATE OR DELETE ON action_change
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER action_change_no_truncate BEFORE TRUNCATE ON action_change
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT, UPDATE (ended_at) ON action_further_case TO referral_routing_app;
GRANT SELECT ON action_further_case TO referral_routing_dump;
ALTER TABLE action_further_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE action_further_case FORCE ROW LEVEL SECURITY;
CREATE POLICY action_further_case_rows ON action_further_case
    USING ((SELECT row_scope_is_open()) AND (EXISTS (SELECT FROM action WHERE action.id = action_id AND row_is_visible(action.area, ARRAY[owner_agency]))));
CREATE POLICY action_further_case_dumped ON action_further_case FOR SELECT TO referral_routing_dump USING (true);

GRANT SELECT, INSERT ON action_report TO referral_routing_app;
GRANT SELECT ON action_report TO referral_routing_dump;
ALTER TABLE action_report ENABLE ROW LEVEL SECURITY;
ALTER TABLE action_report FORCE ROW LEVEL SECURITY;
CREATE POLICY action_report_rows ON action_report
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY action_report_dumped ON action_report FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER action_report_append_only BEFORE UPDATE OR DELETE ON action_report
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER action_report_no_truncate BEFORE TRUNCATE ON action_report
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON attempt TO referral_routing_app;
GRANT SELECT ON attempt TO referral_routing_dump;
ALTER TABLE attempt ENABLE ROW LEVEL SECURITY;
ALTER TABLE attempt FORCE ROW LEVEL SECURITY;
CREATE POLICY attempt_rows ON attempt
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(NULL, ARRAY[agency])));
CREATE POLICY attempt_dumped ON attempt FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER attempt_append_only BEFORE UPDATE OR DELETE ON attempt
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER attempt_no_truncate BEFORE TRUNCATE ON attempt
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON deferral TO referral_routing_app;
GRANT SELECT ON deferral TO referral_routing_dump;
ALTER TABLE deferral ENABLE ROW LEVEL SECURITY;
ALTER TABLE deferral FORCE ROW LEVEL SECURITY;
CREATE POLICY deferral_rows ON deferral
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY deferral_dumped ON deferral FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER deferral_append_only BEFORE UPDATE OR DELETE ON deferral
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER deferral_no_truncate BEFORE TRUNCATE ON deferral
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON mappa_referral TO referral_routing_app;
GRANT SELECT ON mappa_referral TO referral_routing_dump;
ALTER TABLE mappa_referral ENABLE ROW LEVEL SECURITY;
ALTER TABLE mappa_referral FORCE ROW LEVEL SECURITY;
CREATE POLICY mappa_referral_rows ON mappa_referral
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY mappa_referral_dumped ON mappa_referral FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER mappa_referral_append_only BEFORE UPDATE OR DELETE ON mappa_referral
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER mappa_referral_no_truncate BEFORE TRUNCATE ON mappa_referral
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON meeting_review TO referral_routing_app;
GRANT SELECT ON meeting_review TO referral_routing_dump;
ALTER TABLE meeting_review ENABLE ROW LEVEL SECURITY;
ALTER TABLE meeting_review FORCE ROW LEVEL SECURITY;
CREATE POLICY meeting_review_rows ON meeting_review
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY meeting_review_dumped ON meeting_review FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER meeting_review_append_only BEFORE UPDATE OR DELETE ON meeting_review
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER meeting_review_no_truncate BEFORE TRUNCATE ON meeting_review
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT, UPDATE (received_at, received_by, action_id, ended_because) ON notice TO referral_routing_app;
GRANT SELECT ON notice TO referral_routing_dump;
ALTER TABLE notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice FORCE ROW LEVEL SECURITY;
CREATE POLICY notice_rows ON notice
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY notice_dumped ON notice FOR SELECT TO referral_routing_dump USING (true);

GRANT SELECT, INSERT ON ownership_override TO referral_routing_app;
GRANT SELECT ON ownership_override TO referral_routing_dump;
ALTER TABLE ownership_override ENABLE ROW LEVEL SECURITY;
ALTER TABLE ownership_override FORCE ROW LEVEL SECURITY;
CREATE POLICY ownership_override_rows ON ownership_override
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY ownership_override_dumped ON ownership_override FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER ownership_override_append_only BEFORE UPDATE OR DELETE ON ownership_override
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ownership_override_no_truncate BEFORE TRUNCATE ON ownership_override
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON plan_action TO referral_routing_app;
GRANT SELECT ON plan_action TO referral_routing_dump;
ALTER TABLE plan_action ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan_action FORCE ROW LEVEL SECURITY;
CREATE POLICY plan_action_rows ON plan_action
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY plan_action_dumped ON plan_action FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER plan_action_append_only BEFORE UPDATE OR DELETE ON plan_action
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER plan_action_no_truncate BEFORE TRUNCATE ON plan_action
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON proposal_answer TO referral_routing_app;
GRANT SELECT ON proposal_answer TO referral_routing_keeper;
GRANT SELECT ON proposal_answer TO referral_routing_dump;
ALTER TABLE proposal_answer ENABLE ROW LEVEL SECURITY;
ALTER TABLE proposal_answer FORCE ROW LEVEL SECURITY;
CREATE POLICY proposal_answer_rows ON proposal_answer
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY proposal_answer_dumped ON proposal_answer FOR SELECT TO referral_routing_dump USING (true);
CREATE POLICY proposal_answer_kept ON proposal_answer TO referral_routing_keeper USING (true);
CREATE TRIGGER proposal_answer_append_only BEFORE UPDATE OR DELETE ON proposal_answer
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER proposal_answer_no_truncate BEFORE TRUNCATE ON proposal_answer
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON research_request TO referral_routing_app;
GRANT SELECT ON research_request TO referral_routing_dump;
ALTER TABLE research_request ENABLE ROW LEVEL SECURITY;
ALTER TABLE research_request FORCE ROW LEVEL SECURITY;
CREATE POLICY research_request_rows ON research_request
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies) OR EXISTS (SELECT FROM action JOIN cover ON cover.id = action.cover_id WHERE action.id = action_id AND row_is_visible(NULL, ARRAY[cover.cover_agency]))))
    WITH CHECK ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY research_request_dumped ON research_request FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER research_request_append_only BEFORE UPDATE OR DELETE ON research_request
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER research_request_no_truncate BEFORE TRUNCATE ON research_request
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT, UPDATE (mailed_at, closed_at, closed_by) ON work_item TO referral_routing_app;
GRANT SELECT, INSERT, UPDATE ON work_item TO referral_routing_keeper;
GRANT SELECT ON work_item TO referral_routing_dump;
ALTER TABLE work_item ENABLE ROW LEVEL SECURITY;
ALTER TABLE work_item FORCE ROW LEVEL SECURITY;
CREATE POLICY work_item_rows ON work_item
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY work_item_dumped ON work_item FOR SELECT TO referral_routing_dump USING (true);
CREATE POLICY work_item_kept ON work_item TO referral_routing_keeper USING (true);

GRANT SELECT, INSERT ON action_review TO referral_routing_app;
GRANT SELECT ON action_review TO referral_routing_dump;
ALTER TABLE action_review ENABLE ROW LEVEL SECURITY;
ALTER TABLE action_review FORCE ROW LEVEL SECURITY;
CREATE POLICY action_review_rows ON action_review
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY action_review_dumped ON action_review FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER action_review_append_only BEFORE UPDATE OR DELETE ON action_review
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER action_review_no_truncate BEFORE TRUNCATE ON action_review
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON research_return TO referral_routing_app;
GRANT SELECT ON research_return TO referral_routing_dump;
ALTER TABLE research_return ENABLE ROW LEVEL SECURITY;
ALTER TABLE research_return FORCE ROW LEVEL SECURITY;
CREATE POLICY research_return_rows ON research_return
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY research_return_dumped ON research_return FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER research_return_append_only BEFORE UPDATE OR DELETE ON research_return
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER research_return_no_truncate BEFORE TRUNCATE ON research_return
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON return_countersignature TO referral_routing_app;
GRANT SELECT ON return_countersignature TO referral_routing_dump;
ALTER TABLE return_countersignature ENABLE ROW LEVEL SECURITY;
ALTER TABLE return_countersignature FORCE ROW LEVEL SECURITY;
CREATE POLICY return_countersignature_rows ON return_countersignature
    USING ((SELECT row_scope_is_open()) AND (row_is_visible(area, agencies)));
CREATE POLICY return_countersignature_dumped ON return_countersignature FOR SELECT TO referral_routing_dump USING (true);
CREATE TRIGGER return_countersignature_append_only BEFORE UPDATE OR DELETE ON return_countersignature
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER return_countersignature_no_truncate BEFORE TRUNCATE ON return_countersignature
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO referral_routing_dump;
-- PostgreSQL gives a function only to a role that may make functions there.
GRANT CREATE ON SCHEMA public TO referral_routing_keeper;
ALTER FUNCTION account_of_visit OWNER TO referral_routing_keeper;
ALTER FUNCTION account_of_subject OWNER TO referral_routing_keeper;
ALTER FUNCTION row_scope_code OWNER TO referral_routing_keeper;
ALTER FUNCTION open_row_scope OWNER TO referral_routing_keeper;
ALTER FUNCTION row_scope_is_open OWNER TO referral_routing_keeper;
ALTER FUNCTION account_of_linking_code OWNER TO referral_routing_keeper;
ALTER FUNCTION need_is_always_owned OWNER TO referral_routing_keeper;
ALTER FUNCTION need_ends_on_record OWNER TO referral_routing_keeper;
ALTER FUNCTION fan_out_event OWNER TO referral_routing_keeper;
ALTER FUNCTION cancel_withdrawn_reminder OWNER TO referral_routing_keeper;
REVOKE CREATE ON SCHEMA public FROM referral_routing_keeper;

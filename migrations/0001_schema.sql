-- The tables, by subject: what people ask for, what was issued, how a secret reaches one person, who
-- is told. Read it from top to bottom. The rules that a constraint can't say stand in guards/, as
-- functions and triggers that every `countersign migrate` puts in place again.
--
-- An id that leaves the database (in a button, a Message-ID, a marker at an upstream) comes from
-- assign_id() in guards/common.sql. The others count by themselves.

-- A time that every program can read and count with: 'infinity' and the year 200000 are none.
create domain moment as timestamptz
    constraint moment check (value >= '2000-01-01 00:00:00Z' and value < '3000-01-01 00:00:00Z');

-- People and their presses -----------------------------------------------------------------------

-- Who people are, as they were last seen in an interaction, so that telling somebody needs no question
-- to Discord.
create table people (
    id bigint primary key check (id > 0),
    name text not null,
    -- Discord's name of their language; null for somebody who was only named by others.
    locale text,
    -- The channel of direct messages with them, once it was opened: opening many gets a bot blocked.
    dm_channel bigint
);

-- A replayed interaction changes nothing: each mutation stores its interaction first.
create table handled_interactions (
    interaction_id bigint primary key,
    handled_at moment not null default now()
);
create index handled_interactions_by_age on handled_interactions (handled_at);

-- Which process has the gateway, and where its session can be resumed by the next one.
create table gateway_session (
    singleton boolean primary key default true check (singleton),
    -- Another one each time that a process takes the gateway: what that process saves names it.
    turn uuid not null,
    -- All three, or none before the first session.
    session_id text,
    resume_url text,
    sequence bigint,
    saved_at moment not null default now(),
    constraint gateway_session_whole check (num_nulls(session_id, resume_url, sequence) in (0, 3))
);

-- Requests ---------------------------------------------------------------------------------------

create sequence request_numbers;
-- The counter of assign_id().
create sequence ids maxvalue 2147483647;

create table requests (
    id bigint primary key,
    -- What people call it: #1, #2, …
    number bigint not null unique,
    provider text not null check (provider ~ '^[a-z0-9-]{1,32}$'),
    kind text not null constraint request_kind check (kind in
        ('create', 'edit', 'reset', 'upgrade', 'enable', 'duplicate', 'extend', 'narrow', 'disable', 'delete')),
    state text not null constraint request_state check
        (state in ('pending', 'approved', 'issuing', 'done', 'denied', 'withdrawn', 'expired', 'failed')),
    requester bigint not null check (requester > 0),
    -- The policy as it was at submission; it may only become stricter.
    approvals_required smallint not null,
    requester_approval_counts boolean not null,
    -- The resolved content in its canonical form (see Content::canonical); approvals are bound to its
    -- digest.
    content text not null,
    digest bytea not null constraint digest_of_content check (digest = sha256(convert_to(content, 'UTF8'))),
    -- Counts the contents that this request has had.
    revision bigint not null default 1,
    -- The name, case-folded NFKC: unique per provider over live tokens and open requests.
    name_key text not null,
    -- For a change: the token that it changes.
    token_id bigint,
    submitted_at moment not null default now(),
    expires_at moment not null,
    changed_at moment not null default now(),
    -- Who ended it, and in whose words: a denial, or what a person must do after a failure.
    ended_by bigint,
    reason text,
    -- A name in the content that differs from what the key was made of would evade uniqueness.
    constraint content_is_whole check (
        (content::jsonb ->> 'provider') is not distinct from provider
        and (content::jsonb ->> 'kind') is not distinct from kind
        and (content::jsonb ? 'name') and (content::jsonb ? 'scopes')
    ),
    constraint changes_have_a_token check (
        (token_id is null) = (kind in ('create', 'duplicate'))
        and (content::jsonb -> 'target' ->> 'token')::bigint is not distinct from token_id
    ),
    -- Tasks (narrow, disable, delete) take nobody's approval: a person has to act on them.
    constraint two_approvals check (approvals_required >= 2 or kind in ('narrow', 'disable', 'delete'))
);
create index requests_open_by_requester on requests (requester, provider)
    where state in ('pending', 'approved', 'issuing', 'failed');
create index requests_open_of_provider on requests (provider, id)
    where state in ('pending', 'approved', 'issuing', 'failed');
create index requests_of_token on requests (token_id, id);
create index requests_due on requests (expires_at) where state = 'pending';
create index requests_in_progress on requests (changed_at) where state in ('approved', 'issuing');
-- One change at a time, and one thing for a person to do.
create unique index one_open_change on requests (token_id)
    where kind in ('edit', 'reset', 'upgrade', 'enable', 'extend', 'narrow')
        and state in ('pending', 'approved', 'issuing', 'failed');
create unique index one_open_task on requests (token_id)
    where kind in ('disable', 'delete') and state = 'issuing';

create table approvals (
    id bigint generated always as identity primary key,
    request_id bigint not null references requests (id),
    person bigint not null check (person > 0),
    digest bytea not null,
    -- The press that gave it.
    interaction_id bigint not null,
    given_at moment not null default now(),
    struck_at moment,
    struck_because text constraint struck_because check
        (struck_because in ('not_admin', 'content_changed')),
    constraint struck_with_reason check ((struck_at is null) = (struck_because is null))
);
-- Nobody's approval counts twice, under any race.
create unique index approvals_once on approvals (request_id, person) where struck_at is null;
create index approvals_of_request on approvals (request_id);

-- Which admins opened "All scopes", for cards that don't hold everything.
create table readings (
    request_id bigint not null references requests (id),
    digest bytea not null,
    person bigint not null,
    read_at moment not null default now(),
    primary key (request_id, digest, person)
);

-- Contents that their card had no room for: who approves one has opened *All scopes* before. Noted before the
-- card is shown, and kept, since an edit may bring one back.
create table cut_contents (
    request_id bigint not null references requests (id),
    digest bytea not null,
    noted_at moment not null default now(),
    primary key (request_id, digest)
);

-- The name of each live token and open request, kept by triggers alone.
create table reserved_names (
    provider text not null check (provider ~ '^[a-z0-9-]{1,32}$'),
    name_key text not null,
    -- Deferred: the guard reserves the name before its request is there.
    request_id bigint not null unique references requests (id) deferrable initially deferred,
    constraint reserved_names_once primary key (provider, name_key)
);

-- Tokens and their secrets -----------------------------------------------------------------------

create table tokens (
    id bigint primary key,
    provider text not null check (provider ~ '^[a-z0-9-]{1,32}$'),
    issuer text not null constraint token_issuer check (issuer in ('builtin', 'http', 'manual')),
    -- The request that created it, and the change that took effect last.
    request_id bigint not null constraint one_token_per_request unique references requests (id),
    change_id bigint references requests (id),
    account_sid text not null,
    name text not null,
    -- The key of the request whose content the token is; a trigger alone sets it.
    name_key text not null default '',
    description text not null,
    api_version integer not null check (api_version > 0),
    owner bigint not null check (owner > 0),
    contact bigint not null check (contact > 0),
    developer_emails text[] not null,
    -- What it may do, as it was approved: a list of the content's scopes, each with its id, method, path
    -- and value. A catalogue that changes afterwards changes nothing here.
    scopes jsonb not null constraint scopes_are_a_list check (jsonb_typeof(scopes) = 'array'),
    lifetime_days integer not null check (lifetime_days between 1 and 65535),
    state text not null constraint token_state check
        (state in ('issued', 'active', 'disabling', 'disabled', 'deleting', 'deleted', 'expired')),
    -- What people filter by; "deleted" is in no list.
    standing text not null generated always as (case
        when state in ('issued', 'active') then 'enabled'
        when state in ('disabling', 'disabled') then 'disabled'
        when state = 'expired' then 'expired'
        else 'deleted'
    end) stored,
    -- Counts its changes; a request for a change names the revision that it was made for.
    revision bigint not null default 1,
    created_at moment not null default now(),
    collected_at moment,
    expires_at moment,
    constraint what_works_is_collected check (state <> 'active' or collected_at is not null),
    constraint what_is_collected_ends check (collected_at is null or expires_at is not null)
);
create unique index tokens_of_ours_by_sid on tokens (account_sid) where issuer = 'builtin';
create index tokens_expiring on tokens (expires_at) where state in ('issued', 'active', 'disabled');
create index tokens_going_off on tokens (id) where issuer = 'http' and state in ('disabling', 'deleting');

-- Lists, filtered and sorted by the index alone, which is why it holds the name.
create index tokens_of_provider on tokens (provider, standing, created_at desc, id desc) include (name);
create index tokens_of_owner on tokens (owner, standing, created_at desc, id desc) include (name);
create index tokens_of_contact on tokens (contact, standing, created_at desc, id desc) include (name);
create index tokens_by_name_key on tokens (name_key, standing, created_at desc, id desc);

-- Parts of names: `migrate` makes tokens_by_name with the extension pg_trgm, where there is one (src/store/shipped/name_index.rs).

-- Parts of one or two characters, which trigrams don't know (before.sql).
create index tokens_by_short_parts on tokens using gin (short_parts(name));

alter table requests add foreign key (token_id) references tokens (id);

-- What opens a token: one secret at a time, and for a while the one before it.
create table secrets (
    id bigint generated always as identity primary key,
    token_id bigint not null references tokens (id),
    -- The request that it was made for.
    request_id bigint not null constraint one_secret_per_request unique references requests (id),
    account_sid text not null,
    -- SHA-256 of the secret: what is presented is looked up by it.
    sha256 bytea not null constraint secrets_once unique check (length(sha256) = 32),
    -- waiting: nobody pressed Reveal. current: it opens the token. outgoing: it still does, until
    -- valid_until. dead: it opens nothing.
    state text not null default 'waiting' constraint secret_state check
        (state in ('waiting', 'current', 'outgoing', 'dead')),
    created_at moment not null default now(),
    current_from moment,
    valid_until moment,
    last_used_at moment,
    constraint outgoing_until check ((valid_until is not null) or state <> 'outgoing')
);
create unique index secrets_one_waiting on secrets (token_id) where state = 'waiting';
create unique index secrets_one_current on secrets (token_id) where state = 'current';
create unique index secrets_one_outgoing on secrets (token_id) where state = 'outgoing';
create index secrets_of_token on secrets (token_id, id);

-- Calls that make a token at an upstream. Each is written down before it goes out, so that whatever
-- becomes of the call or of us, the next one knows that there may be a token already.
create table attempts (
    id bigint generated always as identity primary key,
    request_id bigint not null references requests (id),
    -- What the upstream's token is known by, whatever id it has there.
    marker text not null constraint markers_once unique,
    -- calling: it may be under way. made: its token is ours. refused: the upstream made none.
    -- doubtful: nobody knows. absent: it wasn't there when its time had passed, and is looked for
    -- once more. gone: it isn't there, or not any more. unresolved: only a person can look.
    state text not null default 'calling' constraint attempt_state check
        (state in ('calling', 'made', 'refused', 'doubtful', 'absent', 'gone', 'unresolved')),
    -- What `create` and `find` were in the configuration then: whether such a `find` shows what such a
    -- `create` makes stands in find_proofs.
    configuration text not null check (configuration ~ '^[0-9a-f]{64}$'),
    -- The upstream's id, which it may give to another token later; sealed where it opens the token.
    upstream_id text,
    sealed_upstream_id bytea,
    -- Whether the upstream ends it by itself.
    ends_itself boolean not null default false,
    begun_at moment not null default now(),
    look_again_at moment,
    -- Since when the upstream can't be brought to switch its token off.
    trouble_since moment,
    -- When the upstream last showed the token, right before a call that ends it.
    seen_at moment,
    -- When the upstream last accepted a call that ends it for good; not before it was last seen.
    accepted_at moment,
    -- Until when such a call may be on its way that nobody saw answered.
    in_flight_until moment,
    -- Since when the upstream shows it to be off.
    off_since moment,
    -- Whether a call that renews its secret is on its way, or was and nobody saw it answered.
    renewal_sent boolean not null default false,
    -- Why nobody knows what an earlier such call did; null once a later one was clear, or the token is off.
    renewal_doubt text,
    constraint made_has_one_id check
        (state <> 'made' or (upstream_id is not null) <> (sealed_upstream_id is not null)),
    constraint absent_looks_again check (state <> 'absent' or look_again_at is not null)
);
-- Never two live tokens for one request.
create unique index attempts_one_open on attempts (request_id)
    where state in ('calling', 'doubtful', 'made');
create index attempts_of_request on attempts (request_id, id);
create index attempts_to_look_for on attempts (id) where state in ('calling', 'doubtful', 'absent');
create index attempts_in_flight on attempts (in_flight_until) where in_flight_until is not null;

-- Whether the `find` of a configuration showed what its `create` had just made: without that, nobody
-- believes it that something is not there.
create table find_proofs (
    configuration text primary key check (configuration ~ '^[0-9a-f]{64}$'),
    provider text not null check (provider ~ '^[a-z0-9-]{1,32}$'),
    shows boolean not null,
    -- How long the longest was that it showed, in characters: a longer one may be cut there.
    longest integer not null default 0
);

-- Somebody presented the secret of a token: for a quarter of an hour, that person may disable it.
create table leak_reports (
    id bigint primary key,
    person bigint not null check (person > 0),
    -- The secret that was presented.
    secret_id bigint not null references secrets (id),
    reported_at moment not null default now(),
    expires_at moment not null default now() + interval '15 minutes'
);
create index leak_reports_by_expiry on leak_reports (expires_at);

-- What somebody is still filling in: as typed, valid or not. Nothing else depends on a draft.
create table drafts (
    id bigint primary key,
    provider text not null check (provider ~ '^[a-z0-9-]{1,32}$'),
    requester bigint not null check (requester > 0),
    -- A task has no draft: nobody approves it.
    kind text not null check (kind not in ('narrow', 'disable', 'delete')),
    -- Set while a pending request is being edited; null for a new one.
    request_id bigint references requests (id),
    -- The token that is being changed, or duplicated.
    token_id bigint references tokens (id),
    -- What the token was when the draft of its change was begun: so that what others changed since is
    -- told apart from what its owner did.
    begun_from jsonb,
    name text not null,
    description text not null,
    api_version integer not null,
    contact bigint not null check (contact > 0),
    developer_emails text not null,
    -- What is wrong with the fields above, found when they were submitted.
    problems jsonb not null default '[]',
    -- Full ids, in the order of the catalogue.
    scopes text[] not null default '{}',
    lifetime_days integer not null check (lifetime_days > 0),
    -- Whether a change leaves the token's expiry as it is.
    keeps_expiry boolean not null default false,
    overlap_seconds integer not null default 0,
    -- What the panel shows: the category and the pages.
    category text,
    category_page integer not null default 0,
    scope_page integer not null default 0,
    -- Where the panel was opened, as the button that leads back there carries it; null for a command.
    opened_from text check (length(opened_from) <= 100),
    -- Whether the person came back to it, and may start over.
    is_resumed boolean not null default false,
    expires_at moment not null,
    constraint changes_begin_from_a_token check (
        (begun_from is not null) = (token_id is not null and request_id is null and kind <> 'duplicate')
    )
);
create unique index drafts_one_per_person
    on drafts (requester, provider, coalesce(request_id, 0), coalesce(token_id, 0));
create index drafts_by_expiry on drafts (expires_at);

-- How a secret reaches one person ----------------------------------------------------------------

create table deliveries (
    id bigint primary key,
    token_id bigint not null references tokens (id),
    secret_id bigint not null references secrets (id),
    owner bigint not null check (owner > 0),
    -- waiting: nobody pressed. pressed: the owner did, and Discord's acceptance was not seen yet.
    -- accepted: it was. unconfirmed: it never was, and the time is up. lapsed: nobody pressed in time.
    -- disowned: the owner said "Not me". voided: the token was disabled before anybody pressed.
    state text not null default 'waiting' constraint delivery_state check
        (state in ('waiting', 'pressed', 'accepted', 'unconfirmed', 'lapsed', 'disowned', 'voided')),
    -- The secret, sealed with the delivery's token as its identity.
    sealed_secret bytea,
    created_at moment not null default now(),
    expires_at moment not null,
    -- The message in the owner's DM, or why there is none.
    dm_channel bigint,
    dm_message bigint,
    dm_refused_at moment,
    first_pressed_at moment,
    -- While a reveal is on its way to Discord a second press waits.
    reveal_ends_at moment,
    accepted_at moment,
    constraint sealed_while_due check ((sealed_secret is not null) = (state in ('waiting', 'pressed')))
);
create unique index deliveries_one_per_secret on deliveries (secret_id);
create unique index deliveries_one_due on deliveries (token_id) where state in ('waiting', 'pressed');
create index deliveries_by_owner on deliveries (owner) where state in ('waiting', 'pressed');
create index deliveries_due on deliveries (expires_at) where state in ('waiting', 'pressed');
-- A token's latest delivery is looked up for each card.
create index deliveries_of_token on deliveries (token_id, id);

-- Each ephemeral message that shows (or may show) a secret, to delete it in time.
create table reveals (
    id bigint generated always as identity primary key,
    delivery_id bigint not null references deliveries (id),
    interaction_id bigint not null unique,
    -- The interaction's token can fetch the message: a secret too, sealed, wiped after use.
    sealed_interaction_token bytea,
    revealed_at moment not null default now(),
    hide_at moment not null,
    hidden_at moment,
    constraint wiped_when_hidden check (hidden_at is null or sealed_interaction_token is null)
);
create index reveals_due on reveals (hide_at) where hidden_at is null;
create index reveals_of_delivery on reveals (delivery_id);

-- The audit log, and who is told -----------------------------------------------------------------

create table events (
    id bigint generated always as identity primary key,
    at moment not null default now(),
    kind text not null,
    provider text not null check (provider ~ '^[a-z0-9-]{1,32}$'),
    request_id bigint references requests (id),
    token_id bigint references tokens (id),
    -- Who did it; null for Countersign itself. And for whom, where that differs.
    actor bigint,
    on_behalf_of bigint,
    interaction_id bigint,
    digest_before bytea,
    digest_after bytea,
    -- What else is to be known, in words and numbers; never a secret.
    detail jsonb not null default '{}',
    -- Whoever did something did it by a press: the audit log says by which.
    constraint who_acts_presses check (actor is null or interaction_id is not null)
);
create index events_of_request on events (request_id, id);
create index events_of_token on events (token_id, id);
-- What somebody did that is of no token and of no request, and that they may do only so often: an
-- announcement, and a look at whether a name is another's.
create index events_by_person on events (provider, kind, actor, at)
    where token_id is null and request_id is null and actor is not null;
-- Whether the admins were told before that an upstream answers otherwise than its configuration says.
create index events_of_doubt on events (provider) where kind = 'upstream_doubted';

-- One message to one person.
create table notices (
    id bigint primary key,
    event_id bigint not null references events (id),
    kind text not null,
    medium text not null constraint notice_medium check (medium in ('mail', 'direct_message')),
    -- An e-mail address, or a user's id.
    recipient text not null,
    request_id bigint references requests (id),
    token_id bigint references tokens (id),
    state text not null default 'waiting' constraint notice_state check (state in ('waiting', 'sent', 'refused')),
    created_at moment not null default now(),
    -- Since when a mailbox puts it off: after some days that is its answer.
    put_off_since moment,
    settled_at moment,
    -- Where a direct message about a request's course stands, until it is deleted or shows something newer.
    dm_channel bigint,
    dm_message bigint,
    constraint settled check ((state = 'waiting') = (settled_at is null)),
    constraint shown_somewhere check ((dm_channel is null) = (dm_message is null)),
    constraint shown_when_sent check (dm_message is null or state = 'sent'),
    constraint told_once unique (event_id, kind, medium, recipient)
);
create index notices_waiting on notices (created_at) where state = 'waiting';
create index letters_of_creation on notices (token_id) where kind = 'created' and medium = 'mail';
create index direct_messages_of_request on notices (request_id, id) where medium = 'direct_message';
-- One message of what ends soon for each person and day.
create unique index one_warning_a_day on notices (medium, recipient, ((created_at at time zone 'utc')::date))
    where kind = 'expiring';

-- What a message speaks of that is about several tokens.
create table notice_tokens (
    notice_id bigint not null references notices (id),
    token_id bigint not null references tokens (id),
    primary key (notice_id, token_id)
);

-- The days, by UTC, on which people were warned of what ends soon: each once.
create table warning_days (
    day date primary key
);

create table warnings (
    token_id bigint not null references tokens (id),
    -- The end that was warned of: one that was moved is warned of again.
    expires_at moment not null,
    -- So many days or fewer were left.
    days integer not null constraint warned_ahead check (days in (30, 7, 1)),
    event_id bigint not null references events (id),
    constraint warned_once primary key (token_id, expires_at, days)
);

-- What expires at about the same time is told in one message to each person.
create table expiries (
    event_id bigint primary key references events (id),
    token_id bigint not null references tokens (id),
    -- When the messages of it were noted.
    told_at moment
);
create index expiries_untold on expiries (event_id) where told_at is null;

-- Addresses whose server refused a token's message for good: each contact hears of each once.
create table refused_mailboxes (
    token_id bigint not null references tokens (id),
    address text not null,
    contact bigint not null,
    event_id bigint not null references events (id),
    constraint refusal_told_once primary key (token_id, address, contact)
);

-- What an admin is about to tell the people of some tokens. Nothing depends on it.
create table announcement_drafts (
    id bigint primary key,
    provider text not null check (provider ~ '^[a-z0-9-]{1,32}$'),
    author bigint not null,
    tokens bigint[] not null default '{}',
    -- All live tokens of the provider, whichever those are when it is sent.
    everything boolean not null default false,
    page integer not null default 0,
    subject text not null default '',
    body text not null default '',
    expires_at moment not null default now() + interval '1 hour',
    constraint announcement_drafts_one_per_person unique (author, provider)
);

create table announcements (
    event_id bigint primary key references events (id),
    subject text not null constraint subject_length check (char_length(subject) between 1 and 100),
    body text not null constraint body_length check (char_length(body) between 1 and 2000)
);

-- Somebody who has tokens or requests of a provider left the guild: its admins are told once, until
-- that person comes back.
create table departures (
    id bigint primary key,
    person bigint not null check (person > 0),
    provider text not null check (provider ~ '^[a-z0-9-]{1,32}$'),
    noticed_at moment not null default now(),
    -- When Discord took the message that tells the admins, and where it stands.
    told_at moment,
    channel bigint,
    message bigint,
    returned_at moment,
    constraint departures_place check ((channel is null) = (message is null))
);
create unique index departures_noticed_once on departures (person, provider) where returned_at is null;
create index departures_untold on departures (noticed_at) where told_at is null and returned_at is null;

-- One card per request: where it is, and which state it shows.
create table cards (
    request_id bigint primary key references requests (id),
    channel bigint not null,
    message bigint,
    -- Rises with whatever the card must show; `shown` follows when Discord has it, or refused it for good.
    wanted bigint not null default 1,
    shown bigint not null default 0,
    -- Counts the messages that this card has had, for the nonce of the next.
    posted integer not null default 0,
    -- Whoever renders holds it until then; after a crash it falls free.
    rendering_until moment,
    reminded_at moment,
    -- The message that last called the admins, while what it says holds; and the event that it was for.
    call_message bigint,
    called_for bigint references events (id),
    called_at moment,
    -- Discord's code, and when: it refused the last state that was to be shown.
    refused_code integer,
    refused_at moment,
    -- The revision of the request whose requester was told of that.
    refused_revision bigint,
    constraint cards_refused_with_time check ((refused_code is null) = (refused_at is null))
);
create index cards_stale on cards (request_id) where shown < wanted;
create index cards_refused on cards (request_id) where refused_code is not null;

-- Background jobs -----------------------------------------------------------------------------------

-- What is to be done: a hint, since whoever takes one reads the state of its subject. A row is one job, however
-- often it is requested, and is deleted when it is done. No rule depends on it.
create table jobs (
    kind text not null,
    -- The id of what it is about, 0 where it is about nothing in particular.
    subject bigint not null,
    -- Lanes have places of their own; of what is due in one, the most urgent goes first.
    lane text not null,
    urgency smallint not null,
    -- When it was last requested or put back.
    written_at moment not null default now(),
    due_at moment not null,
    -- The process that runs it, and until when that is believed to live.
    taken_by uuid,
    leased_until moment,
    -- When it is due again, if it was requested while it ran.
    again_at moment,
    -- It ran and was put back for later, after so many failures in a row.
    is_put_back boolean not null default false,
    failures integer not null default 0,
    primary key (kind, subject),
    check (subject >= 0 and lane in ('main', 'mails', 'upstreams') and urgency between 0 and 5),
    check ((taken_by is null) = (leased_until is null))
);
create index jobs_due on jobs (lane, urgency, due_at);

-- After a restore ---------------------------------------------------------------------------------

-- Each `countersign recover`; while one has not ended, `serve` does not start. The owner alone writes here.
create table recoveries (
    id bigint generated always as identity primary key,
    begun_at moment not null default now(),
    ended_at moment
);

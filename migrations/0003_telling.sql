-- Who did what, and who was told.

create table events (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    kind text not null,
    provider text not null,
    request_id bigint references requests (id),
    token_id bigint references tokens (id),
    -- Who did it; null for Countersign itself. And for whom, where that differs.
    actor bigint,
    on_behalf_of bigint,
    interaction_id bigint,
    digest_before bytea,
    digest_after bytea,
    -- What else is to be known, in words and numbers; never a secret.
    detail jsonb not null default '{}'
);
create index events_of_request on events (request_id, id);
create index events_of_token on events (token_id, id);
create trigger append_only before update or delete on events for each row execute function refuse_removal();
create trigger append_only_all before truncate on events execute function refuse_removal();

-- One message to one person.
create table notices (
    id bigint generated always as identity primary key,
    event_id bigint not null references events (id),
    kind text not null,
    medium text not null constraint notice_medium check (medium in ('mail', 'direct_message')),
    -- An e-mail address, or a user's id.
    recipient text not null,
    request_id bigint references requests (id),
    token_id bigint references tokens (id),
    state text not null default 'waiting' constraint notice_state check (state in ('waiting', 'sent', 'refused')),
    created_at timestamptz not null default now(),
    settled_at timestamptz,
    constraint settled check ((state = 'waiting') = (settled_at is null)),
    constraint told_once unique (event_id, kind, medium, recipient)
);
create index notices_waiting on notices (created_at) where state = 'waiting';
create trigger keep before delete on notices for each row execute function refuse_removal();
create trigger keep_all before truncate on notices execute function refuse_removal();

-- One card per request: where it is, and which state it shows.
create table cards (
    request_id bigint primary key references requests (id),
    channel bigint not null,
    message bigint,
    -- Rises with whatever the card must show; `shown` follows when Discord has it.
    wanted bigint not null default 1,
    shown bigint not null default 0,
    -- Counts the messages that this card has had, for the nonce of the next.
    posted integer not null default 0,
    -- Whoever renders holds it until then; after a crash it falls free.
    rendering_until timestamptz,
    reminded_at timestamptz
);
create index cards_stale on cards (request_id) where shown < wanted;

-- Where the gateway's session can be resumed by the next process.
create table gateway_session (
    singleton boolean primary key default true check (singleton),
    session_id text not null,
    resume_url text not null,
    sequence bigint not null,
    saved_at timestamptz not null default now()
);

-- What the bot keeps. Run at each start.

create table if not exists requests (
    id bigint generated always as identity primary key,
    state text not null default 'draft'
        check (state in ('draft', 'cancelled', 'open', 'denied', 'issued', 'collected', 'stored')),
    provider text not null,
    requester text not null,
    name text not null,
    description text not null,
    api_version integer not null,
    contact text not null,
    emails text[] not null,
    category text not null,
    scopes text[] not null default '{}',
    lifetime_days integer not null default 90,
    card text,
    reason text,
    created_at timestamptz not null default now(),
    expires_at timestamptz
);

create unique index if not exists requests_name on requests (provider, lower(name))
    where state in ('open', 'issued', 'collected', 'stored');

create table if not exists approvals (
    request_id bigint not null references requests,
    admin text not null,
    approved_at timestamptz not null default now(),
    primary key (request_id, admin)
);

create table if not exists tokens (
    request_id bigint primary key references requests,
    owner text not null,
    account_sid text not null unique,
    sha256 bytea not null unique,
    sealed bytea,
    created_at timestamptz not null default now(),
    revealed_at timestamptz,
    stored_at timestamptz,
    expires_at timestamptz
);

create table if not exists events (
    id bigint generated always as identity primary key,
    request_id bigint not null references requests,
    actor text not null,
    kind text not null,
    detail jsonb,
    happened_at timestamptz not null default now()
);

create index if not exists events_request on events (request_id);

-- What people ask for, from the first field filled in to the end, and the approvals of it.
-- Every rule that product.md calls unbreakable and that a database can know is held here, so that
-- the application's role can't go round it.

-- What somebody is still filling in: as typed, valid or not. Nothing else depends on a draft.
create table drafts (
    id bigint generated always as identity primary key,
    provider text not null,
    requester bigint not null check (requester > 0),
    -- Set while a pending request is being edited; null for a new one.
    request_id bigint,
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
    -- What the panel shows: the category and the pages.
    category text,
    category_page integer not null default 0,
    scope_page integer not null default 0,
    expires_at timestamptz not null
);
create unique index drafts_one_per_person on drafts (requester, provider, coalesce(request_id, 0));
create index drafts_by_expiry on drafts (expires_at);

create sequence request_numbers;

create table requests (
    id bigint generated always as identity primary key,
    -- What people call it: #1, #2, …
    number bigint not null unique default nextval('request_numbers'),
    provider text not null,
    kind text not null constraint request_kind check
        (kind in ('create', 'edit', 'reset', 'upgrade', 'enable', 'duplicate', 'extend')),
    state text not null constraint request_state check
        (state in ('pending', 'approved', 'issuing', 'done', 'denied', 'withdrawn', 'expired', 'failed')),
    requester bigint not null check (requester > 0),
    requester_locale text not null,
    -- The policy as it was at submission; it may only become stricter.
    approvals_required smallint not null constraint two_approvals check (approvals_required >= 2),
    requester_approval_counts boolean not null,
    -- The resolved content in its canonical form (see Content::canonical); approvals are bound to its digest.
    content text not null,
    digest bytea not null constraint digest_of_content check (digest = sha256(convert_to(content, 'UTF8'))),
    -- Counts the contents that this request has had.
    revision integer not null default 1,
    -- The name, case-folded NFKC: unique per provider over live tokens and open requests.
    name_key text not null,
    -- For a change: the token that it changes.
    token_id bigint,
    submitted_at timestamptz not null default now(),
    expires_at timestamptz not null,
    changed_at timestamptz not null default now(),
    -- Who ended it, and in whose words: a denial, or what a person must do after a failure.
    ended_by bigint,
    reason text,
    -- A name in the content that differs from what the key was made of would evade uniqueness.
    constraint content_is_whole check (
        (content::jsonb ->> 'provider') = provider
        and (content::jsonb ->> 'kind') = kind
        and (content::jsonb ? 'name') and (content::jsonb ? 'scopes')
    )
);
create index requests_open_by_requester on requests (requester, provider)
    where state in ('pending', 'approved', 'issuing', 'failed');
create index requests_due on requests (expires_at) where state = 'pending';
create index requests_in_progress on requests (changed_at) where state in ('approved', 'issuing');

alter table drafts add foreign key (request_id) references requests (id);

create table approvals (
    id bigint generated always as identity primary key,
    request_id bigint not null references requests (id),
    person bigint not null check (person > 0),
    digest bytea not null,
    -- The press that put it.
    interaction_id bigint not null,
    given_at timestamptz not null default now(),
    struck_at timestamptz,
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
    read_at timestamptz not null default now(),
    primary key (request_id, digest, person)
);

-- A replayed interaction changes nothing: each mutation stores its interaction first.
create table handled_interactions (
    interaction_id bigint primary key,
    handled_at timestamptz not null default now()
);
create index handled_interactions_by_age on handled_interactions (handled_at);

-- The name of each live token and open request, kept by triggers alone.
create table reserved_names (
    provider text not null,
    name_key text not null,
    -- Deferred: the guard reserves the name before its request is there.
    request_id bigint not null unique references requests (id) deferrable initially deferred,
    constraint reserved_names_once primary key (provider, name_key)
);

create function approvals_that_count(request requests) returns bigint
language sql stable set search_path = countersign, pg_temp as $$
    select count(distinct person) from approvals
    where request_id = request.id and struck_at is null and digest = request.digest
      and (request.requester_approval_counts or person <> request.requester)
$$;

-- Guards count what others commit meanwhile; a snapshot that hides it would fool them.
create function refuse_old_snapshots() returns void
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
        raise exception 'requests, approvals and tokens change under READ COMMITTED only'
            using errcode = 'CS000';
    end if;
end $$;

create function guard_request() returns trigger
language plpgsql security definer set search_path = countersign, pg_temp as $$
begin
    perform refuse_old_snapshots();
    if tg_op = 'INSERT' then
        if new.state <> 'pending' or new.revision <> 1 then
            raise exception 'a request begins as pending' using errcode = 'CS001';
        end if;
        insert into reserved_names (provider, name_key, request_id)
        values (new.provider, new.name_key, new.id);
        return new;
    end if;

    if (new.id, new.number, new.provider, new.kind, new.requester, new.submitted_at)
        is distinct from (old.id, old.number, old.provider, old.kind, old.requester, old.submitted_at)
        or new.token_id is distinct from old.token_id
    then
        raise exception 'a request keeps its number, provider, kind and requester' using errcode = 'CS002';
    end if;
    if new.approvals_required < old.approvals_required
        or (new.requester_approval_counts and not old.requester_approval_counts)
    then
        raise exception 'a request''s policy may only become stricter' using errcode = 'CS003';
    end if;
    if new.state <> old.state and (old.state, new.state) not in (
        ('pending', 'approved'), ('pending', 'denied'), ('pending', 'withdrawn'),
        ('pending', 'expired'), ('pending', 'failed'),
        ('approved', 'pending'), ('approved', 'issuing'), ('approved', 'failed'),
        ('issuing', 'done'), ('issuing', 'failed'), ('issuing', 'pending'),
        ('issuing', 'withdrawn'), ('issuing', 'denied'),
        ('failed', 'approved'), ('failed', 'pending'), ('failed', 'withdrawn'), ('failed', 'denied')
    ) then
        raise exception 'a request can''t go from % to %', old.state, new.state using errcode = 'CS004';
    end if;
    if new.digest <> old.digest or new.name_key <> old.name_key then
        if new.state <> 'pending' then
            raise exception 'content changes only while a request is pending' using errcode = 'CS005';
        end if;
        new.revision := old.revision + 1;
        update approvals set struck_at = now(), struck_because = 'content_changed'
        where request_id = new.id and struck_at is null;
        update reserved_names set name_key = new.name_key where request_id = new.id;
    elsif new.revision <> old.revision then
        raise exception 'the revision counts contents' using errcode = 'CS005';
    end if;
    if new.state in ('approved', 'issuing') and approvals_that_count(new) < new.approvals_required then
        raise exception 'request % has % of % approvals', new.number, approvals_that_count(new), new.approvals_required
            using errcode = 'CS006';
    end if;
    if new.state in ('denied', 'withdrawn', 'expired') and new.state <> old.state then
        delete from reserved_names where request_id = new.id;
    end if;
    new.changed_at := now();
    return new;
end $$;
create trigger guard before insert or update on requests for each row execute function guard_request();

create function guard_approval() returns trigger
language plpgsql security definer set search_path = countersign, pg_temp as $$
declare
    request requests;
begin
    perform refuse_old_snapshots();
    -- One at a time for each request, so that a count and a change can't cross.
    select * into request from requests where id = new.request_id for update;
    if tg_op = 'INSERT' then
        if request.state is distinct from 'pending' then
            raise exception 'approvals are bound to pending requests only' using errcode = 'CS010';
        end if;
        if new.digest <> request.digest then
            raise exception 'an approval is bound to the current content' using errcode = 'CS011';
        end if;
        if new.struck_at is not null then
            raise exception 'an approval is put before it is struck' using errcode = 'CS012';
        end if;
        if new.person = request.requester and not request.requester_approval_counts then
            raise exception 'the requester''s approval does not count here' using errcode = 'CS013';
        end if;
        return new;
    end if;
    if (new.id, new.request_id, new.person, new.digest, new.interaction_id, new.given_at)
        is distinct from (old.id, old.request_id, old.person, old.digest, old.interaction_id, old.given_at)
        or old.struck_at is not null or new.struck_at is null
    then
        raise exception 'an approval may be struck, never altered' using errcode = 'CS014';
    end if;
    return new;
end $$;
create trigger guard before insert or update on approvals for each row execute function guard_approval();

create function refuse_removal() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    raise exception '% keeps every row', tg_table_name using errcode = 'CS020';
end $$;
create trigger keep before delete on requests for each row execute function refuse_removal();
create trigger keep_all before truncate on requests execute function refuse_removal();
create trigger keep before delete on approvals for each row execute function refuse_removal();
create trigger keep_all before truncate on approvals execute function refuse_removal();

-- What was issued, and how its secret reaches one person.

create table tokens (
    id bigint generated always as identity primary key,
    provider text not null,
    issuer text not null constraint token_issuer check (issuer in ('builtin', 'http', 'manual')),
    -- The request that created it.
    request_id bigint not null constraint one_token_per_request unique references requests (id),
    account_sid text not null,
    -- SHA-256 of the secret: what is presented is looked up by it.
    secret_sha256 bytea not null constraint secrets_once unique check (length(secret_sha256) = 32),
    name text not null,
    description text not null,
    api_version integer not null,
    owner bigint not null check (owner > 0),
    contact bigint not null check (contact > 0),
    developer_emails text[] not null,
    scopes text[] not null,
    lifetime_days integer not null check (lifetime_days > 0),
    state text not null constraint token_state check
        (state in ('issued', 'active', 'disabling', 'disabled', 'deleting', 'deleted', 'expired')),
    -- Counts its changes; a request for a change names the revision that it was made for.
    revision integer not null default 1,
    created_at timestamptz not null default now(),
    collected_at timestamptz,
    expires_at timestamptz
);
create unique index tokens_of_ours_by_sid on tokens (account_sid) where issuer = 'builtin';
create index tokens_by_owner on tokens (owner);
create index tokens_by_contact on tokens (contact);
alter table requests add foreign key (token_id) references tokens (id);

create function guard_new_token() returns trigger
language plpgsql security definer set search_path = countersign, pg_temp as $$
declare
    request requests;
    content jsonb;
begin
    perform refuse_old_snapshots();
    select * into request from requests where id = new.request_id for update;
    if request.state is distinct from 'issuing' or request.kind not in ('create', 'duplicate') then
        raise exception 'a token needs a request that is being issued' using errcode = 'CS030';
    end if;
    if approvals_that_count(request) < request.approvals_required then
        raise exception 'request % has % of % approvals',
            request.number, approvals_that_count(request), request.approvals_required using errcode = 'CS006';
    end if;
    content := request.content::jsonb;
    if new.provider <> request.provider or new.owner <> request.requester
        or new.issuer <> content ->> 'issuer'
        or new.name <> content ->> 'name'
        or new.description <> content ->> 'description'
        or new.api_version <> (content ->> 'api_version')::integer
        or new.contact <> (content ->> 'contact')::bigint
        or new.lifetime_days <> (content ->> 'lifetime_days')::integer
        or to_jsonb(new.developer_emails) <> content -> 'developer_emails'
        or to_jsonb(new.scopes) <> jsonb_path_query_array(content, '$.scopes[*].id')
    then
        raise exception 'a token is what was approved' using errcode = 'CS031';
    end if;
    if new.state <> 'issued' or new.revision <> 1 or new.collected_at is not null
        or new.expires_at > now() + make_interval(days => new.lifetime_days)
    then
        raise exception 'a token begins as issued, within its lifetime' using errcode = 'CS032';
    end if;
    return new;
end $$;
create trigger guard_new before insert on tokens for each row execute function guard_new_token();

-- No request carries a widening yet, so none is accepted: what is left is collecting and narrowing.
create function guard_token() returns trigger
language plpgsql security definer set search_path = countersign, pg_temp as $$
begin
    perform refuse_old_snapshots();
    if (new.id, new.provider, new.issuer, new.request_id, new.account_sid, new.secret_sha256, new.name,
        new.description, new.api_version, new.owner, new.contact, new.developer_emails,
        new.lifetime_days, new.created_at)
        is distinct from
       (old.id, old.provider, old.issuer, old.request_id, old.account_sid, old.secret_sha256, old.name,
        old.description, old.api_version, old.owner, old.contact, old.developer_emails,
        old.lifetime_days, old.created_at)
        or not new.scopes <@ old.scopes
    then
        raise exception 'widening a token takes a request with its approvals' using errcode = 'CS033';
    end if;
    if new.state <> old.state and (old.state, new.state) not in (
        ('issued', 'active'), ('issued', 'disabling'), ('issued', 'disabled'), ('issued', 'deleting'),
        ('issued', 'deleted'), ('issued', 'expired'),
        ('active', 'disabling'), ('active', 'disabled'), ('active', 'deleting'), ('active', 'deleted'),
        ('active', 'expired'),
        ('disabling', 'disabled'), ('disabling', 'deleting'), ('disabling', 'deleted'), ('disabling', 'expired'),
        ('disabled', 'deleting'), ('disabled', 'deleted'), ('disabled', 'expired'),
        ('deleting', 'deleted'), ('expired', 'deleting'), ('expired', 'deleted')
    ) then
        raise exception 'a token can''t go from % to %', old.state, new.state using errcode = 'CS034';
    end if;
    if old.collected_at is not null and new.collected_at is distinct from old.collected_at then
        raise exception 'a token is collected once' using errcode = 'CS035';
    end if;
    if new.expires_at is distinct from old.expires_at then
        if new.expires_at is null
            or (old.expires_at is not null and new.expires_at > old.expires_at)
            or new.expires_at > now() + make_interval(days => new.lifetime_days)
        then
            raise exception 'extending a token takes a request with its approvals' using errcode = 'CS033';
        end if;
    end if;
    if new.state in ('deleted', 'expired') and new.state <> old.state then
        delete from reserved_names where request_id = new.request_id;
    end if;
    return new;
end $$;
create trigger guard before update on tokens for each row execute function guard_token();
create trigger keep before delete on tokens for each row execute function refuse_removal();
create trigger keep_all before truncate on tokens execute function refuse_removal();

-- A request is done only with what it asked for.
create function guard_done() returns trigger
language plpgsql security definer set search_path = countersign, pg_temp as $$
begin
    if not exists (select from tokens where request_id = new.id) then
        raise exception 'a request is done when its token exists' using errcode = 'CS036';
    end if;
    return new;
end $$;
create trigger guard_done before update on requests for each row
    when (new.state = 'done' and old.state <> 'done') execute function guard_done();

create table deliveries (
    id bigint generated always as identity primary key,
    token_id bigint not null references tokens (id),
    owner bigint not null check (owner > 0),
    -- waiting: nobody pressed. pressed: the owner did, and Discord's acceptance was not seen yet.
    -- accepted: it was. unconfirmed: it never was, and the time is up. lapsed: nobody pressed in time.
    -- disowned: the owner said "Not me".
    state text not null default 'waiting' constraint delivery_state check
        (state in ('waiting', 'pressed', 'accepted', 'unconfirmed', 'lapsed', 'disowned')),
    -- The secret, sealed with the delivery's token as its identity.
    sealed_secret bytea,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    -- The message in the owner's DM, or why there is none.
    dm_channel bigint,
    dm_message bigint,
    dm_refused_at timestamptz,
    first_pressed_at timestamptz,
    -- While a reveal is on its way to Discord a second press waits.
    reveal_ends_at timestamptz,
    accepted_at timestamptz,
    constraint sealed_while_due check ((sealed_secret is not null) = (state in ('waiting', 'pressed')))
);
create unique index deliveries_one_due on deliveries (token_id) where state in ('waiting', 'pressed');
create index deliveries_by_owner on deliveries (owner) where state in ('waiting', 'pressed');
create index deliveries_due on deliveries (expires_at) where state in ('waiting', 'pressed');

create function guard_delivery() returns trigger
language plpgsql security definer set search_path = countersign, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        if new.state <> 'waiting'
            or not exists (select from tokens where id = new.token_id and owner = new.owner)
        then
            raise exception 'a delivery waits for its token''s owner' using errcode = 'CS040';
        end if;
        return new;
    end if;
    if (new.id, new.token_id, new.owner, new.created_at)
        is distinct from (old.id, old.token_id, old.owner, old.created_at)
        or (new.sealed_secret is not null and new.sealed_secret is distinct from old.sealed_secret)
        or new.expires_at > old.expires_at
    then
        raise exception 'a delivery keeps its owner and secret' using errcode = 'CS041';
    end if;
    if new.state <> old.state and (old.state, new.state) not in (
        ('waiting', 'pressed'), ('waiting', 'lapsed'), ('waiting', 'disowned'),
        ('pressed', 'accepted'), ('pressed', 'unconfirmed'), ('pressed', 'disowned'),
        ('accepted', 'disowned'), ('unconfirmed', 'disowned')
    ) then
        raise exception 'a delivery can''t go from % to %', old.state, new.state using errcode = 'CS042';
    end if;
    return new;
end $$;
create trigger guard before insert or update on deliveries for each row execute function guard_delivery();
create trigger keep before delete on deliveries for each row execute function refuse_removal();
create trigger keep_all before truncate on deliveries execute function refuse_removal();

-- Each ephemeral message that shows (or may show) a secret, to delete it in time.
create table reveals (
    id bigint generated always as identity primary key,
    delivery_id bigint not null references deliveries (id),
    interaction_id bigint not null unique,
    -- The interaction's token can fetch the message: a secret too, sealed, wiped after use.
    sealed_interaction_token bytea,
    revealed_at timestamptz not null default now(),
    hide_at timestamptz not null,
    hidden_at timestamptz,
    constraint wiped_when_hidden check (hidden_at is null or sealed_interaction_token is null)
);
create index reveals_due on reveals (hide_at) where hidden_at is null;
create index reveals_of_delivery on reveals (delivery_id);

-- A token's life after its first day: changes as requests, secrets that take each other's place,
-- and what a person must do at a provider that has no API for it.

-- narrow, disable, delete: one press suffices, and a person must act; they begin where others get
-- with approvals.
alter table requests drop constraint request_kind;
alter table requests add constraint request_kind check (kind in
    ('create', 'edit', 'reset', 'upgrade', 'enable', 'duplicate', 'extend', 'narrow', 'disable', 'delete'));

create function is_task(kind text) returns boolean
language sql immutable set search_path = countersign, pg_temp as $$
    select kind in ('narrow', 'disable', 'delete')
$$;

alter table requests drop constraint two_approvals;
alter table requests add constraint two_approvals check (approvals_required >= 2 or is_task(kind));
alter table requests drop constraint approvals_for_scopes;
alter table requests add constraint approvals_for_scopes
    check (approvals_required >= approvals_that_scopes_require(content) or is_task(kind));
alter table requests add constraint changes_have_a_token check (
    (token_id is null) = (kind in ('create', 'duplicate'))
    and (content::jsonb -> 'target' ->> 'token')::bigint is not distinct from token_id
);
-- One change at a time, and one thing for a person to do.
create unique index one_open_change on requests (token_id)
    where kind in ('edit', 'reset', 'upgrade', 'enable', 'extend', 'narrow')
        and state in ('pending', 'approved', 'issuing', 'failed');
create unique index one_open_task on requests (token_id)
    where kind in ('disable', 'delete') and state = 'issuing';
create index requests_of_token on requests (token_id, id);

alter table drafts add column kind text not null default 'create';
alter table drafts alter column kind drop default;
-- The token that is being changed, or duplicated.
alter table drafts add column token_id bigint references tokens (id);
-- Whether a change leaves the token's expiry as it is.
alter table drafts add column keeps_expiry boolean not null default false;
alter table drafts add column overlap_seconds integer not null default 0;
drop index drafts_one_per_person;
create unique index drafts_one_per_person
    on drafts (requester, provider, coalesce(request_id, 0), coalesce(token_id, 0));

-- What opens a token: one secret at a time, and for a while the one before it.
alter table tokens rename constraint secrets_once to tokens_secret_once;
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
    created_at timestamptz not null default now(),
    current_from timestamptz,
    valid_until timestamptz,
    last_used_at timestamptz,
    constraint outgoing_until check ((valid_until is not null) or state <> 'outgoing')
);
create unique index secrets_one_waiting on secrets (token_id) where state = 'waiting';
create unique index secrets_one_current on secrets (token_id) where state = 'current';
create unique index secrets_one_outgoing on secrets (token_id) where state = 'outgoing';
create index secrets_of_token on secrets (token_id, id);

alter table deliveries add column secret_id bigint references secrets (id);
alter table deliveries drop constraint delivery_state;
-- voided: the token was switched off before anybody pressed.
alter table deliveries add constraint delivery_state check
    (state in ('waiting', 'pressed', 'accepted', 'unconfirmed', 'lapsed', 'disowned', 'voided'));

insert into secrets (token_id, request_id, account_sid, sha256, state, created_at, current_from)
select id, request_id, account_sid, secret_sha256,
    case when state = 'issued' then 'waiting'
         when state in ('active', 'disabling', 'deleting') then 'current' else 'dead' end,
    created_at, collected_at
from tokens;
alter table deliveries disable trigger guard;
update deliveries set secret_id = secrets.id from secrets where secrets.token_id = deliveries.token_id;
alter table deliveries enable trigger guard;
alter table deliveries alter column secret_id set not null;
create unique index deliveries_one_per_secret on deliveries (secret_id);

alter table tokens drop column secret_sha256;
-- The change that took effect last.
alter table tokens add column change_id bigint references requests (id);
create index tokens_expiring on tokens (expires_at)
    where state in ('issued', 'active', 'disabled');

-- A name is held by the request that wants it; a token's by the request that created it.
create function reserve_name(request requests) returns void
language plpgsql set search_path = countersign, pg_temp as $$
begin
    delete from reserved_names where request_id = request.id;
    if not exists (
        select from reserved_names join tokens on tokens.request_id = reserved_names.request_id
        where tokens.id = request.token_id and reserved_names.provider = request.provider
            and reserved_names.name_key = request.name_key
    ) then
        insert into reserved_names (provider, name_key, request_id)
        values (request.provider, request.name_key, request.id);
    end if;
end $$;

create or replace function guard_request() returns trigger
language plpgsql security definer set search_path = countersign, pg_temp as $$
begin
    perform refuse_old_snapshots();
    if tg_op = 'INSERT' then
        if new.state <> (case when is_task(new.kind) then 'issuing' else 'pending' end)
            or new.revision <> 1
        then
            raise exception 'a request begins as pending' using errcode = 'CS001';
        end if;
        perform reserve_name(new);
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
    if new.state <> old.state and (
        (old.state, new.state) not in (
            ('pending', 'approved'), ('pending', 'denied'), ('pending', 'withdrawn'),
            ('pending', 'expired'), ('pending', 'failed'),
            ('approved', 'pending'), ('approved', 'issuing'), ('approved', 'failed'),
            ('approved', 'withdrawn'),
            ('issuing', 'done'), ('issuing', 'failed'), ('issuing', 'pending'),
            ('issuing', 'withdrawn'), ('issuing', 'denied'),
            ('failed', 'approved'), ('failed', 'pending'), ('failed', 'withdrawn'), ('failed', 'denied')
        )
        or (is_task(new.kind) and new.state not in ('done', 'withdrawn'))
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
        perform reserve_name(new);
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

-- A secret needs a request that is being issued, for its token as the approvals saw it.
create function guard_secret() returns trigger
language plpgsql security definer set search_path = countersign, pg_temp as $$
declare
    token tokens;
    request requests;
    successor_overlap interval;
begin
    perform refuse_old_snapshots();
    -- Last use is noted without it.
    if tg_op = 'INSERT' or new.state <> old.state then
        select * into token from tokens where id = new.token_id for update;
    end if;
    if tg_op = 'INSERT' then
        select * into request from requests where id = new.request_id for update;
        if request.state is distinct from 'issuing'
            or request.kind not in ('create', 'duplicate', 'reset', 'enable')
            or new.state <> 'waiting'
            or (new.current_from, new.valid_until, new.last_used_at) is distinct from (null, null, null)
        then
            raise exception 'a secret needs a request that is being issued' using errcode = 'CS060';
        end if;
        if approvals_that_count(request) < request.approvals_required then
            raise exception 'request % has % of % approvals',
                request.number, approvals_that_count(request), request.approvals_required using errcode = 'CS006';
        end if;
        if request.kind in ('create', 'duplicate') then
            if token.request_id is distinct from request.id or token.account_sid <> new.account_sid then
                raise exception 'a secret is for the token of its request' using errcode = 'CS061';
            end if;
        elsif token.id is distinct from request.token_id
            or token.revision <> (request.content::jsonb -> 'target' ->> 'revision')::integer
            or token.state <> (case request.kind when 'reset' then 'active' else 'disabled' end)
            or (token.issuer = 'builtin' and token.account_sid <> new.account_sid)
        then
            raise exception 'the token is not what was approved' using errcode = 'CS038';
        end if;
        return new;
    end if;

    if (new.id, new.token_id, new.request_id, new.account_sid, new.sha256, new.created_at)
        is distinct from
        (old.id, old.token_id, old.request_id, old.account_sid, old.sha256, old.created_at)
        or (old.current_from is not null and new.current_from is distinct from old.current_from)
        or (old.valid_until is not null
            and (new.valid_until is null or new.valid_until > old.valid_until))
        or new.last_used_at < old.last_used_at
    then
        raise exception 'a secret keeps what it is, and lives no longer than was said' using errcode = 'CS062';
    end if;
    if new.state <> old.state then
        if (old.state, new.state) not in (
            ('waiting', 'current'), ('waiting', 'dead'), ('current', 'outgoing'),
            ('current', 'dead'), ('outgoing', 'dead')
        ) then
            raise exception 'a secret can''t go from % to %', old.state, new.state using errcode = 'CS063';
        end if;
        if new.state = 'current' and not exists (
            select from deliveries where secret_id = new.id and state = 'pressed'
        ) then
            raise exception 'a secret opens nothing before its owner asked for it' using errcode = 'CS064';
        end if;
        if new.state = 'outgoing' then
            select make_interval(secs => (requests.content::jsonb -> 'target' ->> 'overlap_seconds')::integer)
            into successor_overlap
            from secrets waiting
            join deliveries on deliveries.secret_id = waiting.id and deliveries.state = 'pressed'
            join requests on requests.id = waiting.request_id
            where waiting.token_id = new.token_id and waiting.state = 'waiting';
            if new.valid_until > now() + coalesce(successor_overlap, interval '0')
                or new.valid_until > token.expires_at
            then
                raise exception 'an old secret lives no longer than was asked for' using errcode = 'CS065';
            end if;
        end if;
    end if;
    return new;
end $$;
create trigger guard before insert or update on secrets for each row execute function guard_secret();
create trigger keep before delete on secrets for each row execute function refuse_removal();
create trigger keep_all before truncate on secrets execute function refuse_removal();

create or replace function guard_new_token() returns trigger
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
        or new.issuer <> content ->> 'issuer' or not is_content(new, content)
    then
        raise exception 'a token is what was approved' using errcode = 'CS031';
    end if;
    if new.state <> 'issued' or new.revision <> 1 or new.collected_at is not null
        or new.change_id is not null
        or new.expires_at > now() + make_interval(days => new.lifetime_days)
    then
        raise exception 'a token begins as issued, within its lifetime' using errcode = 'CS032';
    end if;
    return new;
end $$;

create function is_content(token tokens, content jsonb) returns boolean
language sql immutable set search_path = countersign, pg_temp as $$
    select token.name = content ->> 'name'
        and token.description = content ->> 'description'
        and token.api_version = (content ->> 'api_version')::integer
        and token.contact = (content ->> 'contact')::bigint
        and token.lifetime_days = (content ->> 'lifetime_days')::integer
        and to_jsonb(token.developer_emails) = content -> 'developer_emails'
        and to_jsonb(token.scopes) = jsonb_path_query_array(content, '$.scopes[*].id')
$$;

-- A change takes effect as the approvals saw it, on the token that they saw.
create function guard_change(was tokens, becomes tokens) returns void
language plpgsql set search_path = countersign, pg_temp as $$
declare
    change requests;
    content jsonb;
begin
    select * into change from requests where id = becomes.change_id for update;
    content := change.content::jsonb;
    if change.token_id is distinct from was.id or change.state <> 'issuing'
        or change.kind not in ('edit', 'upgrade', 'extend', 'narrow')
    then
        raise exception 'a change needs a request that is being issued' using errcode = 'CS037';
    end if;
    if approvals_that_count(change) < change.approvals_required then
        raise exception 'request % has % of % approvals',
            change.number, approvals_that_count(change), change.approvals_required using errcode = 'CS006';
    end if;
    if (content -> 'target' ->> 'revision')::integer <> was.revision then
        raise exception 'the token is not what was approved' using errcode = 'CS038';
    end if;
    if not is_content(becomes, content) then
        raise exception 'a token is what was approved' using errcode = 'CS031';
    end if;
    if change.kind = 'narrow' and not is_narrower(was, becomes) then
        raise exception 'widening a token takes a request with its approvals' using errcode = 'CS033';
    end if;
    if becomes.expires_at is distinct from was.expires_at and (
        becomes.expires_at is null
        or not coalesce((content -> 'target' ->> 'lives_anew')::boolean, false)
        or becomes.expires_at > now() + make_interval(days => becomes.lifetime_days)
    ) then
        raise exception 'a token lives as long as was approved' using errcode = 'CS032';
    end if;
    delete from reserved_names where request_id = change.id;
    update reserved_names set name_key = change.name_key where request_id = was.request_id;
end $$;

-- Fewer scopes, an earlier end; nothing else is narrowing.
create function is_narrower(was tokens, becomes tokens) returns boolean
language sql immutable set search_path = countersign, pg_temp as $$
    select (becomes.name, becomes.description, becomes.api_version, becomes.contact, becomes.developer_emails)
            is not distinct from
            (was.name, was.description, was.api_version, was.contact, was.developer_emails)
        and becomes.scopes <@ was.scopes and cardinality(becomes.scopes) > 0
        and becomes.lifetime_days <= was.lifetime_days
        and (becomes.expires_at is not distinct from was.expires_at
            or (was.expires_at is not null and becomes.expires_at < was.expires_at))
$$;

create or replace function guard_token() returns trigger
language plpgsql security definer set search_path = countersign, pg_temp as $$
declare
    besides tokens;
begin
    perform refuse_old_snapshots();
    -- Whoever approve what they saw of a token saw this revision of it.
    new.revision := old.revision + 1;
    if (new.id, new.provider, new.issuer, new.request_id, new.created_at) is distinct from
       (old.id, old.provider, old.issuer, old.request_id, old.created_at)
    then
        raise exception 'a token keeps its provider, issuer and request' using errcode = 'CS033';
    end if;
    if new.change_id is distinct from old.change_id then
        if new.state <> old.state or new.collected_at is distinct from old.collected_at then
            raise exception 'a change leaves the token''s state as it is' using errcode = 'CS034';
        end if;
        perform guard_change(old, new);
    elsif old.collected_at is null and new.collected_at is not null then
        -- Its lifetime begins, where the issuer's did not begin before.
        besides := new;
        besides.expires_at := old.expires_at;
        if not is_narrower(old, besides)
            or (old.expires_at is not null and new.expires_at is distinct from old.expires_at)
            or new.expires_at > now() + make_interval(days => old.lifetime_days)
        then
            raise exception 'a token lives as long as was approved' using errcode = 'CS032';
        end if;
    elsif not is_narrower(old, new) then
        raise exception 'widening a token takes a request with its approvals' using errcode = 'CS033';
    end if;
    if old.collected_at is not null and new.collected_at is distinct from old.collected_at then
        raise exception 'a token is collected once' using errcode = 'CS035';
    end if;
    if new.state <> old.state and (old.state, new.state) not in (
        ('issued', 'active'), ('issued', 'disabling'), ('issued', 'disabled'), ('issued', 'deleting'),
        ('issued', 'deleted'), ('issued', 'expired'),
        ('active', 'disabling'), ('active', 'disabled'), ('active', 'deleting'), ('active', 'deleted'),
        ('active', 'expired'),
        ('disabling', 'disabled'), ('disabling', 'deleting'), ('disabling', 'deleted'), ('disabling', 'expired'),
        ('disabled', 'active'), ('disabled', 'deleting'), ('disabled', 'deleted'), ('disabled', 'expired'),
        ('deleting', 'deleted'), ('expired', 'deleting'), ('expired', 'deleted')
    ) then
        raise exception 'a token can''t go from % to %', old.state, new.state using errcode = 'CS034';
    end if;
    if new.state = 'active' and old.state <> 'active' and not exists (
        select from secrets join requests on requests.id = secrets.request_id
        where secrets.token_id = new.id and secrets.state = 'current'
            and requests.kind in ('create', 'duplicate', 'enable')
    ) then
        raise exception 'a token works only with a secret that its owner has' using errcode = 'CS039';
    end if;
    if (new.owner, new.account_sid) is distinct from (old.owner, old.account_sid) and not exists (
        select from secrets join requests on requests.id = secrets.request_id
        where secrets.token_id = new.id and secrets.state = 'current'
            and secrets.account_sid = new.account_sid and requests.requester = new.owner
    ) then
        raise exception 'a token''s owner is whoever asked for its secret' using errcode = 'CS039';
    end if;
    if new.state in ('deleted', 'expired') and new.state <> old.state then
        delete from reserved_names where request_id = new.request_id;
    end if;
    return new;
end $$;

-- Whatever opened a token that is off opens nothing any more, and is handed to nobody.
create function end_secrets() returns trigger
language plpgsql security definer set search_path = countersign, pg_temp as $$
begin
    update deliveries set state = 'voided', sealed_secret = null
    where token_id = new.id and state in ('waiting', 'pressed');
    update secrets set state = 'dead' where token_id = new.id and state <> 'dead';
    return null;
end $$;
create trigger end_secrets after update on tokens for each row
    when (new.state in ('disabled', 'deleted', 'expired') and old.state <> new.state)
    execute function end_secrets();

-- A request is done only with what it asked for.
create or replace function guard_done() returns trigger
language plpgsql security definer set search_path = countersign, pg_temp as $$
begin
    if not (case
        when new.kind in ('create', 'duplicate') then
            exists (select from tokens join secrets on secrets.token_id = tokens.id
                where tokens.request_id = new.id and secrets.request_id = new.id)
        when new.kind in ('reset', 'enable') then
            exists (select from secrets where request_id = new.id)
        when new.kind = 'disable' then
            exists (select from tokens where id = new.token_id and state in ('disabled', 'expired'))
        when new.kind = 'delete' then
            exists (select from tokens where id = new.token_id and state = 'deleted')
        else exists (select from tokens where id = new.token_id and change_id = new.id)
    end) then
        raise exception 'a request is done when what it asked for is there' using errcode = 'CS036';
    end if;
    return new;
end $$;

create or replace function guard_delivery() returns trigger
language plpgsql security definer set search_path = countersign, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        if new.state <> 'waiting' or not exists (
            select from secrets join requests on requests.id = secrets.request_id
            where secrets.id = new.secret_id and secrets.token_id = new.token_id
                and secrets.state = 'waiting' and requests.requester = new.owner
        ) then
            raise exception 'a delivery waits for whoever asked for its secret' using errcode = 'CS040';
        end if;
        return new;
    end if;
    if (new.id, new.token_id, new.secret_id, new.owner, new.created_at)
        is distinct from (old.id, old.token_id, old.secret_id, old.owner, old.created_at)
        or (new.sealed_secret is not null and new.sealed_secret is distinct from old.sealed_secret)
        or new.expires_at > old.expires_at
    then
        raise exception 'a delivery keeps its owner and secret' using errcode = 'CS041';
    end if;
    if new.state <> old.state and (old.state, new.state) not in (
        ('waiting', 'pressed'), ('waiting', 'lapsed'), ('waiting', 'disowned'), ('waiting', 'voided'),
        ('pressed', 'accepted'), ('pressed', 'unconfirmed'), ('pressed', 'disowned'), ('pressed', 'voided'),
        ('accepted', 'disowned'), ('unconfirmed', 'disowned'), ('voided', 'disowned')
    ) then
        raise exception 'a delivery can''t go from % to %', old.state, new.state using errcode = 'CS042';
    end if;
    return new;
end $$;

-- Which secret opens a token, and for how long.

-- A secret needs a request that is being issued, for its token as it was approved.
create or replace function guard_new_secret() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
declare
    token tokens;
    request requests;
begin
    select * into token from tokens where id = new.token_id for no key update;
    select * into request from requests where id = new.request_id for no key update;
    if request.state is distinct from 'issuing'
        or request.kind not in ('create', 'duplicate', 'reset', 'enable')
        or new.state <> 'waiting'
        or (new.current_from, new.valid_until, new.last_used_at)
            is distinct from (null, null, null)
    then
        raise exception 'a secret needs a request that is being issued' using errcode = 'CS060';
    end if;
    perform require_approvals(request);
    if request.kind in ('create', 'duplicate') then
        if token.request_id is distinct from request.id or token.account_sid <> new.account_sid then
            raise exception 'a secret is for the token of its request' using errcode = 'CS061';
        end if;
    elsif token.id is distinct from request.token_id
        or token.revision is distinct from (request.content::jsonb -> 'target' ->> 'revision')::bigint
        or token.state <> (case request.kind when 'reset' then 'active' else 'disabled' end)
        or (token.issuer = 'builtin' and token.account_sid <> new.account_sid)
    then
        raise exception 'the token is not what was approved' using errcode = 'CS038';
    end if;
    return new;
end $$;
create or replace trigger guard_new before insert on secrets for each row execute function guard_new_secret();

create or replace function guard_secret() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
declare
    token tokens;
    successor_overlap interval;
begin
    if (new.id, new.token_id, new.request_id, new.account_sid, new.sha256, new.created_at)
        is distinct from
        (old.id, old.token_id, old.request_id, old.account_sid, old.sha256, old.created_at)
        or (old.current_from is not null and new.current_from is distinct from old.current_from)
        or (old.valid_until is not null
            and (new.valid_until is null or new.valid_until > old.valid_until))
        or (old.last_used_at is not null
            and (new.last_used_at is null or new.last_used_at < old.last_used_at))
        -- One that was noted meanwhile, or by a clock that was ahead, keeps no secret from being ended.
        or (new.last_used_at is distinct from old.last_used_at and new.last_used_at > now())
    then
        raise exception 'a secret keeps what it is, and lives no longer than was said' using errcode = 'CS062';
    end if;
    if not is_own_time(old.current_from, new.current_from) then
        raise exception 'when something happened is for the database to say' using errcode = 'CS024';
    end if;
    -- Last use is noted without the token's lock.
    if new.state = old.state then
        return new;
    end if;
    select * into token from tokens where id = new.token_id for no key update;
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
            raise exception 'an old secret lives no longer than was approved' using errcode = 'CS065';
        end if;
    end if;
    return new;
end $$;
create or replace trigger guard before update on secrets
    for each row execute function guard_secret();
create or replace trigger keep before delete on secrets for each row execute function refuse_removal();
create or replace trigger keep_all before truncate on secrets execute function refuse_removal();

create or replace function tell_of_secret() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    perform pg_notify('countersign_tokens', new.token_id::text);
    return null;
end $$;
-- Noting a use changes nothing that anybody keeps.
create or replace trigger tell after update on secrets for each row
    when ((new.state, new.valid_until) is distinct from (old.state, old.valid_until))
    execute function tell_of_secret();

-- A call that makes a token at an upstream is for a request that is being issued.
create or replace function guard_attempt() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
declare
    request requests;
begin
    if tg_op = 'INSERT' then
        select * into request from requests where id = new.request_id for no key update;
        if request.state is distinct from 'issuing' or request.kind not in ('create', 'duplicate')
            or request.content::jsonb ->> 'issuer' is distinct from 'http'
            or new.state <> 'calling' or new.upstream_id is not null or new.sealed_upstream_id is not null
        then
            raise exception 'an upstream is called for a request that is being issued' using errcode = 'CS090';
        end if;
        perform require_approvals(request);
        return new;
    end if;
    if (new.id, new.request_id, new.marker, new.configuration, new.begun_at)
        is distinct from (old.id, old.request_id, old.marker, old.configuration, old.begun_at)
        -- A new secret may come with a new id, also after its request has ended.
        or ((new.upstream_id, new.sealed_upstream_id)
                is distinct from (old.upstream_id, old.sealed_upstream_id)
            and old.state = 'made' and not old.renewal_sent)
        or (new.renewal_sent and not old.renewal_sent
            and not exists (
                select from requests join tokens on tokens.id = requests.token_id
                where tokens.request_id = new.request_id and requests.state = 'issuing'
                    and requests.kind in ('reset', 'enable')
            ))
    then
        raise exception 'an attempt keeps its request, marker and id' using errcode = 'CS091';
    end if;
    if not is_own_time(old.trouble_since, new.trouble_since) or not is_own_time(old.seen_at, new.seen_at)
        -- It may be on again.
        or (new.off_since is not null and not is_own_time(old.off_since, new.off_since))
        or (new.accepted_at is not null and not is_own_time(old.accepted_at, new.accepted_at))
    then
        raise exception 'when something happened is for the database to say' using errcode = 'CS024';
    end if;
    if new.state <> old.state and (old.state, new.state) not in (
        ('calling', 'made'), ('calling', 'refused'), ('calling', 'doubtful'),
        ('doubtful', 'gone'), ('doubtful', 'absent'), ('doubtful', 'unresolved'),
        ('absent', 'gone'), ('absent', 'unresolved'), ('gone', 'absent')
    ) then
        raise exception 'an attempt can''t go from % to %', old.state, new.state using errcode = 'CS092';
    end if;
    if new.state = 'made' and old.state <> 'made' and not exists (
        select from tokens where request_id = new.request_id
    ) then
        raise exception 'what an upstream made is a token' using errcode = 'CS093';
    end if;
    return new;
end $$;
create or replace trigger guard before insert or update on attempts
    for each row execute function guard_attempt();
create or replace trigger keep before delete on attempts for each row execute function refuse_removal();
create or replace trigger keep_all before truncate on attempts execute function refuse_removal();

-- What a configuration's `find` showed, when it was last asked.
create or replace trigger keep before delete on find_proofs for each row execute function refuse_removal();
create or replace trigger keep_all before truncate on find_proofs execute function refuse_removal();

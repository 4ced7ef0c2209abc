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
    -- The upstream's id, which it may give to another token later.
    upstream_id text,
    -- Whether the upstream ends it by itself.
    ends_itself boolean not null default false,
    begun_at timestamptz not null default now(),
    look_again_at timestamptz,
    -- Since when the upstream can't be brought to switch its token off.
    trouble_since timestamptz,
    constraint made_has_id check (state <> 'made' or upstream_id is not null),
    constraint absent_looks_again check (state <> 'absent' or look_again_at is not null)
);
-- Never two live tokens for one request.
create unique index attempts_one_open on attempts (request_id)
    where state in ('calling', 'doubtful', 'made');
create index attempts_of_request on attempts (request_id, id);
create index attempts_to_look_for on attempts (id) where state in ('calling', 'doubtful', 'absent');

create index tokens_going_off on tokens (id) where issuer = 'http' and state in ('disabling', 'deleting');

create function guard_attempt() returns trigger
language plpgsql security definer set search_path = countersign, pg_temp as $$
declare
    request requests;
begin
    perform refuse_old_snapshots();
    if tg_op = 'INSERT' then
        select * into request from requests where id = new.request_id for update;
        if request.state is distinct from 'issuing' or request.kind not in ('create', 'duplicate')
            or request.content::jsonb ->> 'issuer' is distinct from 'http'
            or new.state <> 'calling' or new.upstream_id is not null
        then
            raise exception 'an upstream is called for a request that is being issued' using errcode = 'CS070';
        end if;
        if approvals_that_count(request) < request.approvals_required then
            raise exception 'request % has % of % approvals',
                request.number, approvals_that_count(request), request.approvals_required using errcode = 'CS006';
        end if;
        return new;
    end if;
    if (new.id, new.request_id, new.marker, new.begun_at)
        is distinct from (old.id, old.request_id, old.marker, old.begun_at)
        or (old.upstream_id is not null and new.upstream_id is distinct from old.upstream_id)
    then
        raise exception 'an attempt keeps its request, marker and id' using errcode = 'CS071';
    end if;
    if new.state <> old.state and (old.state, new.state) not in (
        ('calling', 'made'), ('calling', 'refused'), ('calling', 'doubtful'),
        ('doubtful', 'gone'), ('doubtful', 'absent'), ('doubtful', 'unresolved'),
        ('absent', 'gone'), ('gone', 'absent')
    ) then
        raise exception 'an attempt can''t go from % to %', old.state, new.state using errcode = 'CS072';
    end if;
    if new.state = 'made' and old.state <> 'made' and not exists (
        select from tokens where request_id = new.request_id
    ) then
        raise exception 'what an upstream made is a token' using errcode = 'CS073';
    end if;
    return new;
end $$;
create trigger guard before insert or update on attempts for each row execute function guard_attempt();
create trigger keep before delete on attempts for each row execute function refuse_removal();
create trigger keep_all before truncate on attempts execute function refuse_removal();

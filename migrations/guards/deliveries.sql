-- A secret reaches the one person who requested it, and disappears in time.

create or replace function guard_delivery() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        if new.expires_at > now() + interval '8760 hours' then
            raise exception 'a delivery waits for 365 days at most' using errcode = 'CS046';
        end if;
        if new.state <> 'waiting' or not exists (
            select from secrets join requests on requests.id = secrets.request_id
            where secrets.id = new.secret_id and secrets.token_id = new.token_id
                and secrets.state = 'waiting' and requests.requester = new.owner
        ) then
            raise exception 'a delivery waits for whoever requested its secret' using errcode = 'CS040';
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
    if new.state = 'pressed' and old.state = 'waiting' and old.expires_at <= now() then
        raise exception 'a delivery whose time is up is not pressed' using errcode = 'CS045';
    end if;
    if not is_own_time(old.first_pressed_at, new.first_pressed_at)
        or not is_own_time(old.accepted_at, new.accepted_at)
        or not (new.dm_refused_at is null or is_own_time(old.dm_refused_at, new.dm_refused_at))
    then
        raise exception 'when something happened is for the database to say' using errcode = 'CS024';
    end if;
    return new;
end $$;
create or replace trigger guard before insert or update on deliveries
    for each row execute function guard_delivery();
create or replace trigger keep before delete on deliveries for each row execute function refuse_removal();
create or replace trigger keep_all before truncate on deliveries execute function refuse_removal();

-- A message with a secret is deleted no later than was said, and its token stays wiped.
create or replace function guard_reveal() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        -- Discord's tokens live 15 minutes: later, the message could not be deleted.
        if new.hidden_at is not null or new.hide_at > now() + interval '14 minutes 30 seconds' then
            raise exception 'a secret is shown for 14 minutes at most' using errcode = 'CS043';
        end if;
        return new;
    end if;
    if (new.id, new.delivery_id, new.interaction_id, new.revealed_at)
        is distinct from (old.id, old.delivery_id, old.interaction_id, old.revealed_at)
        or new.hide_at > old.hide_at
        or (old.hidden_at is not null and new.hidden_at is distinct from old.hidden_at)
        or (new.sealed_interaction_token is not null
            and new.sealed_interaction_token is distinct from old.sealed_interaction_token)
    then
        raise exception 'a shown secret disappears, no later than was said' using errcode = 'CS044';
    end if;
    if not is_own_time(old.hidden_at, new.hidden_at) then
        raise exception 'when something happened is for the database to say' using errcode = 'CS024';
    end if;
    return new;
end $$;
create or replace trigger guard before insert or update on reveals for each row execute function guard_reveal();
create or replace trigger keep before delete on reveals for each row execute function refuse_removal();
create or replace trigger keep_all before truncate on reveals execute function refuse_removal();

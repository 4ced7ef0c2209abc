-- What the first guards left to the application although a database can know it.

-- A catalogue may ask for more approvals for a scope than the policy does: the content says so, and the
-- request must too.
create function approvals_that_scopes_require(content text) returns integer
language sql immutable set search_path = countersign, pg_temp as $$
    select coalesce(max((scope ->> 'approvals')::integer), 2)
    from jsonb_array_elements(content::jsonb -> 'scopes') as scope
$$;
alter table requests add constraint approvals_for_scopes
    check (approvals_required >= approvals_that_scopes_require(content));

-- An interaction that was handled stays so for as long as anybody could send it again.
create function guard_handled_interaction() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if old.handled_at > now() - interval '29 days' then
        raise exception 'an interaction that was handled is remembered' using errcode = 'CS021';
    end if;
    return old;
end $$;
create trigger keep_recent before delete on handled_interactions
    for each row execute function guard_handled_interaction();
create trigger keep_all before truncate on handled_interactions execute function refuse_removal();

-- A message with a secret is deleted no later than was said, and its token stays wiped.
create function guard_reveal() returns trigger
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
    return new;
end $$;
create trigger guard before insert or update on reveals for each row execute function guard_reveal();
create trigger keep before delete on reveals for each row execute function refuse_removal();
create trigger keep_all before truncate on reveals execute function refuse_removal();

-- A notice ends once.
create function guard_notice() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        if new.state <> 'waiting' then
            raise exception 'a notice begins as waiting' using errcode = 'CS050';
        end if;
    elsif old.state <> 'waiting' or new.state = 'waiting' then
        raise exception 'a notice ends once' using errcode = 'CS051';
    end if;
    return new;
end $$;
create trigger guard before insert or update on notices for each row execute function guard_notice();

-- Whoever read everything has read it.
create trigger keep before delete on readings for each row execute function refuse_removal();
create trigger keep_all before truncate on readings execute function refuse_removal();
create trigger keep before delete on cards for each row execute function refuse_removal();
create trigger keep_all before truncate on cards execute function refuse_removal();

-- A number is given last, when nothing else stands in the way, so that a refused name leaves no gap.
-- Triggers run in the order of their names, and "guard" comes before "number".
alter table requests alter column number drop default;
create function number_request() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    new.number := nextval('request_numbers');
    return new;
end $$;
create trigger number before insert on requests for each row execute function number_request();

-- Everybody's language is in `people` by now.
alter table requests drop column requester_locale;

-- A token's latest delivery is looked up for each card.
create index deliveries_of_token on deliveries (token_id, id);

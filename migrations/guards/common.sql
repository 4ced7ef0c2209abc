-- What several guards share.
--
-- Where a function looks names up is not for the session to say. A trigger's, and one that the application's role
-- may execute, sets the search path, or has a body that was bound to its objects when it was made (`return`). What
-- only these call finds the path set: to set it once more costs as much as the function itself.
--
-- Only guard_request, guard_token and assign_id run as the owner (`security definer`), because they
-- write what the application's role may not: reserved names and sequences. Whoever may create a table
-- could hang such a function on it, with columns of types whose casts are their own, and these would
-- run as the owner. So each first refuses every table but its own, before it looks at a row.

-- Ids that leave the database: a counter above 32 random bits. Ids grow, and a database that was
-- restored from an older dump does not give one out a second time, as its counter would.
create or replace function assign_id() returns trigger
language plpgsql security definer set search_path = countersign, pg_temp as $$
begin
    if tg_table_schema <> 'countersign' then
        raise exception 'this function serves tables of countersign alone' using errcode = 'CS022';
    end if;
    -- gen_random_uuid() can't be seeded by a session, as random() can.
    new.id := (nextval('countersign.ids') << 32)
        | ('x' || left(gen_random_uuid()::text, 8))::bit(32)::bigint;
    return new;
end $$;
create or replace trigger assign_id before insert on requests for each row execute function assign_id();
create or replace trigger assign_id before insert on tokens for each row execute function assign_id();
create or replace trigger assign_id before insert on deliveries for each row execute function assign_id();
create or replace trigger assign_id before insert on leak_reports for each row execute function assign_id();
create or replace trigger assign_id before insert on drafts for each row execute function assign_id();
create or replace trigger assign_id before insert on announcement_drafts
    for each row execute function assign_id();
create or replace trigger assign_id before insert on departures for each row execute function assign_id();
create or replace trigger assign_id before insert on notices for each row execute function assign_id();

create or replace function refuse_removal() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    raise exception '% keeps every row', tg_table_name using errcode = 'CS020';
end $$;

-- Guards count what others commit meanwhile; a snapshot that hides it would fool them. It is looked at before
-- any guard: triggers go by their names.
create or replace function refuse_old_snapshot() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    raise exception 'requests, approvals and tokens change under READ COMMITTED only' using errcode = 'CS000';
end $$;
create or replace trigger current_snapshot before insert or update on requests for each row
    when (current_setting('transaction_isolation') not in ('read committed', 'read uncommitted'))
    execute function refuse_old_snapshot();
create or replace trigger current_snapshot before insert or update on approvals for each row
    when (current_setting('transaction_isolation') not in ('read committed', 'read uncommitted'))
    execute function refuse_old_snapshot();
create or replace trigger current_snapshot before insert or update on tokens for each row
    when (current_setting('transaction_isolation') not in ('read committed', 'read uncommitted'))
    execute function refuse_old_snapshot();
create or replace trigger current_snapshot before insert or update on secrets for each row
    when (current_setting('transaction_isolation') not in ('read committed', 'read uncommitted'))
    execute function refuse_old_snapshot();
create or replace trigger current_snapshot before insert or update on attempts for each row
    when (current_setting('transaction_isolation') not in ('read committed', 'read uncommitted'))
    execute function refuse_old_snapshot();

-- When something happened is for the database to say: a time that is new is the transaction's.
create or replace function is_own_time(was timestamptz, becomes timestamptz) returns boolean
language sql stable return becomes is not distinct from was or becomes is not distinct from now();

-- Requests that take nobody's approval: what only narrows, where a person has to act at the provider.
create or replace function is_task(kind text) returns boolean
language sql immutable return kind in ('narrow', 'disable', 'delete');

-- An interaction that was handled stays so for as long as anybody could send it again: 29 days. Here and
-- everywhere in hours, since a day's length goes by the time zone of the session.
create or replace function guard_handled_interaction() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if old.handled_at > now() - interval '696 hours' then
        raise exception 'an interaction that was handled is remembered' using errcode = 'CS021';
    end if;
    return old;
end $$;
create or replace trigger keep_recent before delete on handled_interactions
    for each row execute function guard_handled_interaction();
create or replace trigger keep_all before truncate on handled_interactions execute function refuse_removal();

-- What a step concerns, by the kind of the job that is requested for it: the ids of departures of which a message tells, of a
-- token's open change, of the request that made its newest secret (unless it created the token), of its latest deliveries
-- that are over and whose owners were told of them, of the letters of its creation that were put off, and of a request of whose
-- course a message tells its requester.
create or replace function find_concerned(job text, about bigint, who bigint, at_provider text) returns setof bigint
language plpgsql stable rows 1 set search_path = countersign, pg_temp as $$
begin
    case job
        when 'tell_departure' then
            return query select id from departures
                where person = who and provider = at_provider and returned_at is null and message is not null;
        when 'review_change' then
            return query select id from requests
                where token_id = about and state in ('pending', 'approved', 'issuing', 'failed')
                    and kind in ('edit', 'reset', 'upgrade', 'enable', 'extend', 'narrow');
        when 'render_card' then
            return query select newest.id from (
                    select requests.id, requests.token_id
                    from secrets join requests on requests.id = secrets.request_id
                    where secrets.token_id = about order by secrets.id desc limit 1) as newest
                where newest.token_id is not null;
        when 'deliver' then
            return query select id from deliveries
                where token_id = about and dm_message is not null and state not in ('waiting', 'pressed')
                order by id desc limit 10;
        when 'send_mail' then
            return query select id from notices
                where token_id = about and kind = 'created' and medium = 'mail' and state = 'waiting';
        when 'tidy_messages' then
            return query select about where exists (select from notices
                where request_id = about and medium = 'direct_message' and recipient = who::text
                    and dm_message is not null);
    end case;
end $$;

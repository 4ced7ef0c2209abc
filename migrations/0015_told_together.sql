-- What expires at about the same time is told in one message to each person.

create table expiries (
    event_id bigint primary key references events (id),
    token_id bigint not null references tokens (id),
    -- When the messages of it were noted.
    told_at timestamptz
);
create index expiries_untold on expiries (event_id) where told_at is null;

create function guard_expiry() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        if new.told_at is not null or not exists (
            select from events where id = new.event_id and token_id = new.token_id
                and kind = 'token_expired' and at = now()
        ) then
            raise exception 'an expiry is noted when it happens' using errcode = 'CS075';
        end if;
    elsif old.told_at is not null or new.told_at is distinct from now() then
        raise exception 'an expiry is told once' using errcode = 'CS075';
    end if;
    return new;
end $$;
create trigger guard before insert or update on expiries for each row execute function guard_expiry();
create trigger keep before delete on expiries for each row execute function refuse_removal();
create trigger keep_all before truncate on expiries execute function refuse_removal();

create or replace function guard_notice_token() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if not exists (
        select from notices where id = new.notice_id and state = 'waiting' and created_at = now()
            and kind in ('expiring', 'announced', 'several_expired', 'mailbox_refused_for_several')
    ) then
        raise exception 'a message speaks of the tokens that it was made for' using errcode = 'CS053';
    end if;
    return new;
end $$;

-- Telling that neither floods nor gives up too early.

-- Since when a mailbox puts a message off: after some days that is its answer.
alter table notices add column put_off_since timestamptz;
create or replace function guard_notice() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        if new.state <> 'waiting' or new.created_at <> now() or new.put_off_since is not null then
            raise exception 'a notice begins as waiting, when it is due' using errcode = 'CS050';
        end if;
    elsif new.put_off_since is distinct from old.put_off_since then
        if (old.state, new.state) <> ('waiting', 'waiting') or old.put_off_since is not null
            or new.put_off_since <> now()
        then
            raise exception 'a notice is put off from when that is first said' using errcode = 'CS051';
        end if;
    elsif old.state <> 'waiting' or new.state = 'waiting' then
        raise exception 'a notice ends once' using errcode = 'CS051';
    end if;
    return new;
end $$;

-- Each contact hears once of a mailbox that refuses; also one who comes later.
alter table refused_mailboxes disable trigger keep;
alter table refused_mailboxes add column contact bigint;
update refused_mailboxes set contact = tokens.contact from tokens where tokens.id = token_id;
alter table refused_mailboxes alter column contact set not null;
alter table refused_mailboxes drop constraint refusal_told_once;
alter table refused_mailboxes
    add constraint refusal_told_once primary key (token_id, address, contact);
alter table refused_mailboxes enable trigger keep;
create or replace function guard_refused_mailbox() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if not exists (
        select from events where id = new.event_id and token_id = new.token_id
            and kind = 'notice_refused' and detail -> 'to' ->> 'mail' = new.address
    ) or not exists (
        select from tokens where id = new.token_id and contact = new.contact
    ) then
        raise exception 'a mailbox is refused by its server' using errcode = 'CS072';
    end if;
    return new;
end $$;

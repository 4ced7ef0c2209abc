-- Whoever verifies tokens keeps what they read of them, and hears here of what changed.

-- The payload is the token's id: nothing that somebody who listens could present. A change that is
-- heard of twice is only read once more.
create function tell_of_token() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    perform pg_notify('countersign_tokens', new.id::text);
    return null;
end $$;
create trigger tell after insert or update on tokens for each row
    when (new.issuer = 'builtin') execute function tell_of_token();

create function tell_of_secret() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    perform pg_notify('countersign_tokens', new.token_id::text);
    return null;
end $$;
-- Noting a use changes nothing that anybody keeps.
create trigger tell after update on secrets for each row
    when ((new.state, new.valid_until) is distinct from (old.state, old.valid_until))
    execute function tell_of_secret();

-- Functions that an index holds the results of. They come before the tables, and every `migrate` puts
-- them in place again. Whoever changes what one returns adds a migration that builds its index again.

-- Each character of a name and each two that stand together, in lower case.
create or replace function short_parts(name text) returns text[]
language plpgsql immutable strict parallel safe cost 200
set search_path = countersign, pg_temp as $$
declare
    letters text[] := string_to_array(lower(name), null);
    parts text[] := letters;
begin
    for at in 2 .. coalesce(array_length(letters, 1), 0) loop
        parts := parts || (letters[at - 1] || letters[at]);
    end loop;
    return parts;
end $$;

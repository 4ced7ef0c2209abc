-- What holds the rules, a line for each thing, as the catalogue of the database has it now; $1 is the
-- application's role. A line begins with what it is about; those of "grant" say what the role and everybody
-- (PUBLIC) may do, whichever way they got it.
with ours as (
    select oid, relname, relkind, relowner, relrowsecurity from pg_class
    where relnamespace = 'countersign'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')
        and relname <> '_sqlx_migrations'
), functions as (
    select p.*, p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' as signature
    from pg_proc p
    where p.pronamespace = 'countersign'::regnamespace
        and not exists (select from pg_depend
            where objid = p.oid and classid = 'pg_proc'::regclass and deptype = 'e')
)
select line as "line!" from (
    -- Bodies by hash, and whatever decides as whom and where they look names up.
    select format('function %s: %s, %s, %s, %s, body %s', signature,
        case when prosecdef then 'runs as its owner' else 'runs as its caller' end,
        case when proowner = (select nspowner from pg_namespace where nspname = 'countersign')
            then 'of the schema''s owner' else 'of ' || pg_get_userbyid(proowner) end,
        (select lanname from pg_language where oid = prolang),
        coalesce(array_to_string(proconfig, ' '), 'no settings'), md5(prosrc)) as line
    from functions
    union all
    select format('trigger %s of %s: %s, calls %s, on %s, columns %s%s', tgname, relname,
        case tgenabled when 'O' then 'enabled' else 'NOT ENABLED' end, proname, tgtype, coalesce(nullif(tgattr::text, ''), 'all'),
        case when tgqual is null then '' else
            ', ' || substring(pg_get_triggerdef(pg_trigger.oid) from 'WHEN .* EXECUTE') end)
    from pg_trigger join ours on ours.oid = tgrelid join pg_proc on pg_proc.oid = tgfoid
    where not tgisinternal
    union all
    select format('constraint %s of %s: %s%s', conname, relname, pg_get_constraintdef(pg_constraint.oid),
        case when convalidated then '' else ', NOT VALIDATED' end)
    from pg_constraint join ours on ours.oid = conrelid
    where contype in ('c', 'f', 'p', 'u', 'x')
    union all
    select format('index %s of %s: %s%s', i.relname, ours.relname,
        replace(pg_get_indexdef(i.oid), 'countersign.', ''), case when indisvalid then '' else ', INVALID' end)
    from pg_index join ours on ours.oid = indrelid join pg_class i on i.oid = indexrelid
    where indisunique
    union all
    select format('table %s: %s%s', relname,
        case when relowner = (select nspowner from pg_namespace where nspname = 'countersign')
            then 'of the schema''s owner' else 'of ' || pg_get_userbyid(relowner) end,
        case when relrowsecurity then ', with row level security' else '' end)
    from ours
    union all
    select format('rule %s of %s', rulename, relname)
    from pg_rewrite join ours on ours.oid = ev_class where rulename <> '_RETURN'
    union all
    select format('policy %s of %s', polname, relname) from pg_policy join ours on ours.oid = polrelid
    union all
    select format('grant on table %s: the role may %s', relname, privileges)
    from ours, lateral (
        select string_agg(privilege, ', ' order by privilege) as privileges
        from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'])
            as privilege
        where has_table_privilege($1::text, ours.oid, privilege)
    ) as granted where privileges is not null
    union all
    select format('grant on columns of %s: the role may %s %s', relname, privilege, columns)
    from ours, unnest(array['INSERT', 'UPDATE', 'REFERENCES']) as privilege, lateral (
        select string_agg(attname::text, ', ' order by attname::text) as columns
        from pg_attribute
        where attrelid = ours.oid and attnum > 0 and not attisdropped
            and has_column_privilege($1::text, ours.oid, attnum, privilege)
    ) as granted where columns is not null
    union all
    select format('grant on table %s: EVERYBODY may %s', relname, privilege)
    from ours, unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'])
        as privilege
    where has_table_privilege('public', ours.oid, privilege)
        or (privilege in ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
            and has_any_column_privilege('public', ours.oid, privilege))
    union all
    select format('grant on sequence %s: the role may use it', relname)
    from pg_class
    where relnamespace = 'countersign'::regnamespace and relkind = 'S'
        and (has_sequence_privilege($1::text, oid, 'USAGE') or has_sequence_privilege($1::text, oid, 'UPDATE'))
    union all
    select format('grant on function %s: the role may execute it', signature)
    from functions where has_function_privilege($1::text, oid, 'EXECUTE')
    union all
    select format('grant on function %s: EVERYBODY may execute it', signature)
    from functions where has_function_privilege('public', oid, 'EXECUTE')
    union all
    -- The jobs' library has functions of its own.
    select format('grant on function graphile_worker.%s: %s', proname,
        case when prosecdef then 'the role may execute what runs as its owner'
            when has_function_privilege('public', pg_proc.oid, 'EXECUTE') then 'EVERYBODY may execute it'
            else 'the role may execute a trigger''s function' end)
    from pg_proc
    where pronamespace = to_regnamespace('graphile_worker') and (
        has_function_privilege('public', pg_proc.oid, 'EXECUTE')
        or ((prosecdef or prorettype = 'trigger'::regtype)
            and has_function_privilege($1::text, pg_proc.oid, 'EXECUTE')))
    union all
    select format('grant on schema %s: the role may CREATE in it', nspname)
    from pg_namespace where has_schema_privilege($1::text, oid, 'CREATE')
    union all
    select format('grant on this database: the role may %s', privilege)
    from unnest(array['CREATE', 'TEMPORARY']) as privilege
    where has_database_privilege($1::text, current_database(), privilege)
) as lines
order by line collate "C"

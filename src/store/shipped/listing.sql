-- What holds the rules, a line for each thing, as the catalogue of the database has it now; $1 is the
-- application's role. A line begins with what it is about; those of "grant" say what the role may do,
-- whichever way it got it, and those of "granted" what others may, superusers aside. Whoever runs this sets
-- search_path to pg_catalog alone before: an operator or function of our schema would be a better match for
-- some of the comparisons here. So whatever isn't Postgres' own is printed with its schema, and nothing of
-- what is printed is altered, but that it stands on one line.
with role as (
    select oid from pg_roles where rolname = $1::text
), schemas as (
    select oid, nspname, nspowner, nspacl from pg_namespace
    where nspname = 'countersign'
), ours as (
    select oid, relname, relkind, relowner, relpersistence, relispartition, relrowsecurity,
        relforcerowsecurity
    from pg_class
    where relnamespace = 'countersign'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')
), of_pg_trgm as (
    -- What the extension has in C, where nobody but a superuser puts anything. Belonging to an extension is
    -- no excuse: its owner makes anything of theirs a member of it. Its version adds functions.
    select oid from pg_proc
    where probin in ('$libdir/pg_trgm', 'pg_trgm') and not prosecdef
        and prolang = (select oid from pg_language where lanname = 'c')
), trigrams as (
    -- Its operator class, in whichever schema: whatever a write runs for it, and whatever a search compares by,
    -- is the extension's in C or Postgres' own.
    select c.oid, c.opcnamespace from pg_opclass c
    where opcname = 'gin_trgm_ops' and opcintype = 'text'::regtype and not opcdefault
        and opcmethod = (select oid from pg_am where amname = 'gin')
        and (select array_agg(prosrc order by amprocnum) from pg_amproc join pg_proc p on p.oid = amproc
            where amprocfamily = opcfamily and amprocnum in (2, 3, 4) and p.oid in (select oid from of_pg_trgm))
            = array['gin_extract_value_trgm', 'gin_extract_query_trgm', 'gin_trgm_consistent']
        and not exists (
            select from pg_proc p
            where p.oid in (select amproc from pg_amproc where amprocfamily = opcfamily
                    union all select oprcode from pg_amop join pg_operator o on o.oid = amopopr
                    where amopfamily = opcfamily)
                and p.oid not in (select oid from of_pg_trgm)
                and prolang <> (select oid from pg_language where lanname = 'internal'))
), name_index as (
    -- The index that `migrate` makes where it can: exactly this one, or none.
    select i.oid
    from pg_index x join pg_class i on i.oid = indexrelid join trigrams on trigrams.oid = indclass[0]
        join pg_namespace n on n.oid = opcnamespace
    where i.relname = 'tokens_by_name' and i.relnamespace = 'countersign'::regnamespace
        and indrelid = (select oid from ours where relname = 'tokens')
        and indisvalid and indisready and indislive
        and pg_get_indexdef(i.oid) = 'CREATE INDEX tokens_by_name ON countersign.tokens USING gin (lower(name) '
            || case nspname when 'pg_catalog' then '' else quote_ident(nspname) || '.' end || 'gin_trgm_ops)'
), functions as (
    select p.*, p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' as signature
    from pg_proc p
    where p.pronamespace = 'countersign'::regnamespace and p.oid not in (select oid from of_pg_trgm)
), lists as (
    -- Whatever can be granted to somebody.
    select 'schema ' || nspname as thing, nspowner as owner, nspacl as acl, 'n'::"char" as kind, nspowner
    from schemas
    union all
    select case relkind when 'S' then 'sequence ' else 'table ' end || c.oid::regclass, relowner, relacl,
        case relkind when 'S' then 's' else 'r' end::"char", nspowner
    from pg_class c join schemas on schemas.oid = relnamespace
    where relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    union all
    select 'columns of ' || c.oid::regclass, relowner, attacl, 'c', nspowner
    from pg_class c join schemas on schemas.oid = relnamespace join pg_attribute on attrelid = c.oid
    where attacl is not null and not attisdropped
    union all
    select 'function ' || p.oid::regprocedure, proowner, proacl, 'f', nspowner
    from pg_proc p join schemas on schemas.oid = pronamespace
    where p.oid not in (select oid from of_pg_trgm)
    union all
    select 'future ' || case defaclobjtype when 'r' then 'tables' when 'S' then 'sequences'
            when 'f' then 'functions' when 'T' then 'types' else 'schemas' end,
        defaclrole, defaclacl, 'r', nspowner
    from pg_default_acl join schemas on nspowner = defaclrole
    where defaclnamespace in (0, schemas.oid)
)
-- Each on a single line, also where an expression is printed on several: no two become the same.
select line as "line!" from (select distinct replace(replace(line, '\', '\\'), chr(10), '\n') as line from (
    -- Bodies by hash, and whatever decides as whom, when, and where they look names up.
    select format('function %s: %s, %s, %s, returns %s, %s%s%s, parallel %s%s%s, %s, body %s', signature,
        case when prosecdef then 'runs as its owner' else 'runs as its caller' end,
        case when proowner = (select nspowner from pg_namespace where nspname = 'countersign')
            then 'of the schema''s owner' else 'of ' || pg_get_userbyid(proowner) end,
        (select lanname from pg_language where oid = prolang),
        coalesce(pg_get_function_result(functions.oid), 'nothing'),
        case provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end,
        case when proisstrict then ', strict' else '' end,
        case when proleakproof then ', LEAKPROOF' else '' end,
        case proparallel when 's' then 'safe' when 'r' then 'restricted' else 'unsafe' end,
        case when pronargdefaults = 0 then '' else ', defaults ' || pg_get_expr(proargdefaults, 0) end,
        case when prosupport = 0 then '' else ', planned by ' || prosupport end,
        coalesce(array_to_string(proconfig, ' '), 'no settings'),
        md5(prosrc || coalesce(pg_get_function_sqlbody(functions.oid), ''))) as line
    from functions
    union all
    select format('trigger %s of %s: %s, %s', tgname, relname,
        case tgenabled when 'O' then 'enabled' else 'NOT ENABLED' end,
        pg_get_triggerdef(pg_trigger.oid, true))
    from pg_trigger join ours on ours.oid = tgrelid
    where not tgisinternal
    union all
    -- Those that foreign keys are made of.
    select format('constraint %s of %s: a trigger of it is NOT ENABLED', conname, relname)
    from pg_trigger join ours on ours.oid = tgrelid join pg_constraint on pg_constraint.oid = tgconstraint
    where tgisinternal and tgenabled <> 'O'
    union all
    select format('column %s of %s: %s%s%s%s%s%s', attname, relname, format_type(atttypid, atttypmod),
        case when attcollation = typcollation then ''
            else format(' collate %s', attcollation::regcollation) end,
        case when attnotnull then ', not null' else '' end,
        case attidentity when '' then '' when 'a' then ', identity always' else ', identity by default' end,
        case attgenerated when '' then '' when 's' then ', generated, stored as '
            else ', generated as ' end,
        case when adbin is null then '' else
            case attgenerated when '' then ', default ' else '' end || pg_get_expr(adbin, adrelid) end)
    from pg_attribute join ours on ours.oid = attrelid join pg_type on pg_type.oid = atttypid
        left join pg_attrdef on adrelid = attrelid and adnum = attnum
    -- The migrations' library has a table of its own; what that computes, it computes as the owner.
    where attnum > 0 and not attisdropped and (relname <> '_sqlx_migrations' or adbin is not null)
    union all
    select format('sequence %s: %s from %s by %s, %s to %s%s%s', relname, format_type(seqtypid, null),
        seqstart, seqincrement, seqmin, seqmax, case when seqcycle then ', CYCLES' else '' end,
        case when relpersistence = 'p' then '' else ', UNLOGGED' end)
    from pg_sequence join pg_class on pg_class.oid = seqrelid
    where relnamespace = 'countersign'::regnamespace
    union all
    select format('constraint %s of %s: %s%s', conname, relname, pg_get_constraintdef(pg_constraint.oid),
        case when convalidated then '' else ', NOT VALIDATED' end)
    from pg_constraint join ours on ours.oid = conrelid
    where contype in ('c', 'f', 'p', 'u', 'x')
    union all
    -- Those that rule, and those that compute: a write runs what they compute with, and what they compare by
    -- where that isn't Postgres' own (which is below this number).
    select format('index %s of %s: %s%s', i.relname, ours.relname, pg_get_indexdef(i.oid),
        case when indisvalid and indisready and indislive then '' else ', INVALID' end)
    from pg_index join ours on ours.oid = indrelid join pg_class i on i.oid = indexrelid
    where i.oid not in (select oid from name_index)
        and (indisunique or indexprs is not null or indpred is not null
            or exists (select from unnest(indclass) as class where class >= 16384))
    union all
    select format('table %s: %s%s%s%s', relname,
        case relpersistence when 'p' then '' when 'u' then 'UNLOGGED, ' else 'TEMPORARY, ' end,
        case relkind when 'r' then '' when 'p' then 'PARTITIONED, ' when 'f' then 'FOREIGN, '
            else 'A VIEW, ' end,
        case when relowner = (select nspowner from pg_namespace where nspname = 'countersign')
            then 'of the schema''s owner' else 'of ' || pg_get_userbyid(relowner) end,
        case when relrowsecurity or relforcerowsecurity then ', with row level security' else '' end)
    from ours
    union all
    -- Rows of the first are found in the second, past its triggers and constraints.
    select format('inheritance: %s is read as %s', inhrelid::regclass, inhparent::regclass)
    from pg_inherits where inhrelid in (select oid from ours) or inhparent in (select oid from ours)
    union all
    select format('rule %s of %s', rulename, relname)
    from pg_rewrite join ours on ours.oid = ev_class where rulename <> '_RETURN'
    union all
    -- Ways back to the owner's rights from where nobody looks for rules: only what should not be there.
    select format('elsewhere: function %s runs as the owner', p.oid::regprocedure)
    from pg_proc p
    where prosecdef and proowner in (select nspowner from schemas)
        and pronamespace <> 'countersign'::regnamespace
    union all
    select format('elsewhere: view %s reads as the owner', c.oid::regclass)
    from pg_class c
    where relkind in ('v', 'm') and relowner in (select nspowner from schemas)
        and relnamespace not in (select oid from schemas)
    union all
    select format('elsewhere: rule %s of %s', rulename, c.oid::regclass)
    from pg_rewrite join pg_class c on c.oid = ev_class
    where relowner in (select nspowner from schemas) and relnamespace not in (select oid from schemas)
        and relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
        and rulename <> '_RETURN'
    union all
    select format('policy %s of %s', polname, relname) from pg_policy join ours on ours.oid = polrelid
    union all
    select format('domain %s: %s, %s%s%s%s', typname,
        case when typowner = (select nspowner from pg_namespace where nspname = 'countersign')
            then 'of the schema''s owner' else 'of ' || pg_get_userbyid(typowner) end,
        format_type(typbasetype, typtypmod),
        case when typnotnull then ', not null' else '' end, coalesce(', default ' || typdefault, ''),
        (select string_agg(format(', %s %s%s', conname, pg_get_constraintdef(c.oid),
                case when convalidated then '' else ', NOT VALIDATED' end), '' order by conname)
            from pg_constraint c where contypid = t.oid and contype = 'c'))
    from pg_type t where typnamespace = 'countersign'::regnamespace and typtype = 'd'
    union all
    -- Whatever else stands in our schema: guards would find it, by their search path, in place of Postgres'
    -- own. Members of extensions are named like others, but for what pg_trgm brings in every version.
    select format('%s %s', found.type, found.identity)
    from pg_depend d, pg_identify_object(d.classid, d.objid, 0) found
    where d.refclassid = 'pg_namespace'::regclass and d.refobjid = 'countersign'::regnamespace
        and case d.classid
            -- Listed above, or a part of what is.
            when 'pg_proc'::regclass then false
            when 'pg_default_acl'::regclass then false
            when 'pg_class'::regclass then exists (select from pg_class
                where oid = d.objid and relkind not in ('r', 'p', 'v', 'm', 'f', 'S', 'i', 'I', 't'))
            when 'pg_type'::regclass then not exists (select from pg_type
                where oid = d.objid
                    and (typtype = 'd' or typtype = 'b' and typinput in (select oid from of_pg_trgm)))
            when 'pg_extension'::regclass then not exists (select from pg_extension
                where oid = d.objid and extname = 'pg_trgm')
            when 'pg_operator'::regclass then not exists (select from pg_operator
                where oid = d.objid and oprcode in (select oid from of_pg_trgm)
                    and oprleft = 'text'::regtype and oprright = 'text'::regtype
                    and oprname in ('%', '<%', '%>', '<<%', '%>>', '<->', '<<->', '<->>', '<<<->', '<->>>'))
            when 'pg_opclass'::regclass then not exists (select from pg_opclass
                where oid = d.objid and opcname in ('gin_trgm_ops', 'gist_trgm_ops')
                    and opcintype = 'text'::regtype and not opcdefault)
            when 'pg_opfamily'::regclass then not exists (select from pg_opfamily
                where oid = d.objid and opfname in ('gin_trgm_ops', 'gist_trgm_ops'))
            else true
        end
    union all
    -- Also between two types of Postgres', which it brings none of itself above this number.
    select format('cast %s', found.identity)
    from pg_cast c join pg_type s on s.oid = castsource join pg_type t on t.oid = casttarget,
        pg_identify_object('pg_cast'::regclass, c.oid, 0) found
    where 'countersign'::regnamespace in (s.typnamespace, t.typnamespace)
        or c.oid >= 16384 and s.typnamespace = 'pg_catalog'::regnamespace
            and t.typnamespace = 'pg_catalog'::regnamespace
    union all
    select format('setting session_replication_role = %s: no trigger fires',
        current_setting('session_replication_role'))
    where current_setting('session_replication_role') <> 'origin'
    union all
    -- What a session of the role begins with, where it makes the rules void. store/pool.rs sets what
    -- else matters.
    select format('setting %s = %s of %s', name, value,
        case setrole when 0 then 'every role' else 'the role' end)
    from pg_db_role_setting, unnest(setconfig) as config,
        split_part(config, '=', 1) as name, substr(config, length(name) + 2) as value
    where setdatabase in (0, (select oid from pg_database where datname = current_database()))
        and setrole in (0, (select oid from role))
        and name in ('session_replication_role', 'session_preload_libraries', 'local_preload_libraries',
            'role', 'session_authorization')
        and (name, value) <> ('session_replication_role', 'origin')
    union all
    select format('grant on parameter %s: %s may %s', parname,
        case grantee when 0 then 'EVERYBODY' else 'the role' end, privilege_type)
    from pg_parameter_acl, aclexplode(paracl) where grantee in (0, (select oid from role))
    union all
    select format('grant of %s: the role is a member', roleid::regrole)
    from pg_auth_members where member = (select oid from role)
    union all
    select format('granted: %s may become the role', member::regrole)
    from pg_auth_members join pg_roles on pg_roles.oid = member
    where roleid = (select oid from role) and not rolsuper and not rolcreaterole
        and member not in (select nspowner from schemas)
    union all
    select format('granted: %s may %s on %s', case grantee when 0 then 'EVERYBODY' else rolname end,
        string_agg(distinct privilege_type, ', '), thing)
    from lists cross join lateral aclexplode(coalesce(acl, acldefault(kind, owner)))
        left join pg_roles on pg_roles.oid = grantee
    where grantee not in (nspowner, (select oid from role)) and not coalesce(rolsuper, false)
    group by rolname, grantee, thing
    union all
    select format('granted: %s may CREATE on this database',
        case grantee when 0 then 'EVERYBODY' else rolname end)
    from pg_database cross join lateral aclexplode(datacl) left join pg_roles on pg_roles.oid = grantee
    where datname = current_database() and privilege_type = 'CREATE' and grantee <> datdba
        and grantee not in (select nspowner from schemas)
        and grantee <> (select oid from role) and not coalesce(rolsuper, false)
    union all
    select format('grant on table %s: the role may %s', relname, privileges)
    from ours, lateral (
        select string_agg(privilege, ', ' order by privilege) as privileges
        from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'])
            as privilege
        where has_table_privilege($1::text, ours.oid, privilege)
    ) as granted where privileges is not null
    union all
    -- Of newer servers.
    select format('grant on %s: the role may %s', thing, privilege_type)
    from lists, aclexplode(acl)
    where grantee = (select oid from role) and privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE',
        'TRUNCATE', 'REFERENCES', 'TRIGGER', 'USAGE', 'EXECUTE', 'CREATE')
    union all
    select format('grant on columns of %s: the role may %s %s', relname, privilege, columns)
    from ours, unnest(array['INSERT', 'UPDATE', 'REFERENCES']) as privilege, lateral (
        select string_agg(attname::text, ', ' order by attname::text) as columns
        from pg_attribute
        where attrelid = ours.oid and attnum > 0 and not attisdropped
            and has_column_privilege($1::text, ours.oid, attnum, privilege)
    ) as granted where columns is not null
    union all
    select format('grant on sequence %s: the role may use it', relname)
    from pg_class
    where relnamespace = 'countersign'::regnamespace and relkind = 'S'
        and (has_sequence_privilege($1::text, oid, 'USAGE') or has_sequence_privilege($1::text, oid, 'UPDATE'))
    union all
    select format('grant on function %s: the role may execute it', signature)
    from functions where has_function_privilege($1::text, oid, 'EXECUTE')
    union all
    select format('grant on schema %s: the role may CREATE in it', nspname)
    from pg_namespace where has_schema_privilege($1::text, oid, 'CREATE')
    union all
    select format('grant on this database: the role may %s', privilege)
    from unnest(array['CREATE', 'TEMPORARY']) as privilege
    where has_database_privilege($1::text, current_database(), privilege)
) as lines) as once
order by line collate "C"

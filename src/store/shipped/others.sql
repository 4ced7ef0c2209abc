-- Takes away what anybody but the owner and the application's role (the setting countersign.role) was given
-- of our schema, and would be given of what is made in it.
do $$
declare
    found record;
    role oid := to_regrole(quote_ident(current_setting('countersign.role')));
begin
    for found in
        with things as (
            select 'schema ' || quote_ident(nspname) as thing, nspacl as acl, nspowner as owner,
                'n'::"char" as kind, nspowner
            from pg_namespace where nspname = 'countersign'
            union all
            select case relkind when 'S' then 'sequence ' else 'table ' end || c.oid::regclass, relacl,
                relowner, case relkind when 'S' then 's' else 'r' end::"char", nspowner
            from pg_class c join pg_namespace n on n.oid = relnamespace
            where nspname = 'countersign' and relkind in ('r', 'p', 'v', 'm', 'f', 'S')
            union all
            select 'table ' || c.oid::regclass, attacl, relowner, 'c', nspowner
            from pg_class c join pg_namespace n on n.oid = relnamespace join pg_attribute on attrelid = c.oid
            where nspname = 'countersign' and attacl is not null and not attisdropped
            union all
            select 'routine ' || p.oid::regprocedure, proacl, proowner, 'f', nspowner
            from pg_proc p join pg_namespace n on n.oid = pronamespace
            where nspname = 'countersign'
                and (prosecdef or probin is null or probin not in ('$libdir/pg_trgm', 'pg_trgm'))
        )
        select distinct format('revoke all on %s from %s cascade', thing,
            case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end) as statement
        from things, aclexplode(coalesce(acl, acldefault(kind, owner)))
        where grantee <> nspowner and grantee is distinct from role
        union
        select format('alter default privileges for role %s%s revoke all on %s from %s',
            defaclrole::regrole, coalesce(' in schema ' || quote_ident(nspname), ''),
            case defaclobjtype when 'r' then 'tables' when 'S' then 'sequences'
                when 'f' then 'functions' when 'T' then 'types' else 'schemas' end,
            case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end)
        from pg_default_acl cross join lateral aclexplode(defaclacl)
            left join pg_namespace n on n.oid = defaclnamespace
        where (defaclnamespace = 0 or nspname = 'countersign')
            and pg_has_role(defaclrole, 'MEMBER') and grantee <> defaclrole
    loop
        execute found.statement;
    end loop;
end $$;

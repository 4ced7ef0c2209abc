-- Takes away every trigger, rule, policy and function of our tables and schema, ours or not, but for what
-- pg_trgm has in C and for functions that an index or anything else is made of. What ships is put in their place in the same transaction. Like the listing, it runs with
-- pg_catalog alone in the search path.
do $$
declare
    found record;
begin
    for found in
        select format('drop trigger %I on %s', tgname, tgrelid::regclass) as statement
        from pg_trigger join pg_class on pg_class.oid = tgrelid
        where relnamespace = 'countersign'::regnamespace and not tgisinternal
        union all
        select format('drop rule %I on %s', rulename, ev_class::regclass)
        from pg_rewrite join pg_class on pg_class.oid = ev_class
        where relnamespace = 'countersign'::regnamespace and rulename <> '_RETURN'
        union all
        select format('drop policy %I on %s', polname, polrelid::regclass)
        from pg_policy join pg_class on pg_class.oid = polrelid
        where relnamespace = 'countersign'::regnamespace
        union all
        select format('alter table %s disable row level security', oid::regclass)
        from pg_class
        where relnamespace = 'countersign'::regnamespace and relrowsecurity
        union all
        -- Whoever owns an extension could make anything its member.
        select format('alter extension %I drop function %s', extname, pg_proc.oid::regprocedure)
        from pg_proc join pg_depend on objid = pg_proc.oid and classid = 'pg_proc'::regclass and deptype = 'e'
            join pg_extension on pg_extension.oid = refobjid and refclassid = 'pg_extension'::regclass
        where pronamespace = 'countersign'::regnamespace
            and (prosecdef or probin is null or probin not in ('$libdir/pg_trgm', 'pg_trgm'))
        union all
        select format('drop function %s', oid::regprocedure)
        from pg_proc
        where pronamespace = 'countersign'::regnamespace
            and (prosecdef or probin is null or probin not in ('$libdir/pg_trgm', 'pg_trgm'))
            and not exists (select from pg_depend
                where refobjid = pg_proc.oid and refclassid = 'pg_proc'::regclass
                    and classid not in ('pg_trigger'::regclass, 'pg_policy'::regclass))
            -- A type's own.
            and not exists (select from pg_depend
                where objid = pg_proc.oid and classid = 'pg_proc'::regclass and deptype = 'i')
    loop
        execute found.statement;
    end loop;
end $$;

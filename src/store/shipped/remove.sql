-- Takes away every trigger, rule, policy and function of our tables and schema, ours or not, but for
-- extensions' and for functions that an index is made of. What ships is put in their place in the same
-- transaction.
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
        select format('drop function %s', oid::regprocedure)
        from pg_proc
        where pronamespace = 'countersign'::regnamespace
            and not exists (select from pg_depend
                where objid = pg_proc.oid and classid = 'pg_proc'::regclass and deptype = 'e')
            and not exists (select from pg_depend
                where refobjid = pg_proc.oid and refclassid = 'pg_proc'::regclass
                    and classid = 'pg_class'::regclass)
    loop
        execute found.statement;
    end loop;
end $$;

-- The schemas whose operator class gin_trgm_ops is the extension pg_trgm's own, quoted; ours first.
with of_pg_trgm as (
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
)
select quote_ident(nspname) as "schema!"
from trigrams join pg_namespace n on n.oid = opcnamespace
order by nspname <> 'countersign', nspname

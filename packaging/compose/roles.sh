#!/bin/sh
# The database and its two roles, as README.md has them: one owns it, the bot works as the other. Run once, by the
# image of Postgres, when its folder is new.
set -eu
psql --no-psqlrc --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" --dbname=postgres <<'SQL'
\set owner_password `printenv OWNER_PASSWORD`
\set bot_password `printenv BOT_PASSWORD`
create role countersign_owner login password :'owner_password';
create role countersign login password :'bot_password';
create database countersign owner countersign_owner;
SQL

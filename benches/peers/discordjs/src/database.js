// The pool, transactions, and every statement, prepared once for each connection.

import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { config } from './config.js';

const pool = new pg.Pool({ connectionString: config.databaseUrl });
pool.on('error', (error) => console.error('an idle connection failed:', error));

const STATEMENTS = {
  insertDraft: `insert into requests
      (provider, requester, name, description, api_version, contact, emails, category)
    values ($1, $2, $3, $4, $5, $6, $7, $8) returning *`,
  lockRequest: 'select * from requests where id = $1 for update',
  chooseCategory: 'update requests set category = $2 where id = $1 returning *',
  chooseScopes: 'update requests set scopes = $2 where id = $1 returning *',
  chooseLifetime: 'update requests set lifetime_days = $2 where id = $1 returning *',
  cancelDraft: `update requests set state = 'cancelled' where id = $1`,
  submitDraft: `update requests set state = 'open', expires_at = now() + make_interval(hours => $2)
    where id = $1 returning *`,
  setCard: 'update requests set card = $2 where id = $1',
  denyRequest: `update requests set state = 'denied', reason = $2 where id = $1 returning *`,
  setState: 'update requests set state = $2 where id = $1 returning *',
  insertApproval: `insert into approvals (request_id, admin) values ($1, $2)
    on conflict do nothing`,
  listApprovals: 'select admin from approvals where request_id = $1 order by approved_at',
  insertToken: `insert into tokens (request_id, owner, account_sid, sha256, sealed)
    values ($1, $2, $3, $4, $5)`,
  lockToken: 'select * from tokens where request_id = $1 for update',
  revealToken: `update tokens set revealed_at = now(), expires_at = now() + make_interval(days => $2)
    where request_id = $1`,
  wipeSecret: 'update tokens set sealed = null where request_id = $1',
  storeToken: 'update tokens set sealed = null, stored_at = now() where request_id = $1',
  insertEvent: 'insert into events (request_id, actor, kind, detail) values ($1, $2, $3, $4)',
};

export async function prepareSchema() {
  await pool.query(await readFile(new URL('../schema.sql', import.meta.url), 'utf8'));
}

// Runs a statement by its name above, by itself or in a transaction.
export async function run(name, values, client = pool) {
  return client.query({ name, text: STATEMENTS[name], values });
}

export async function inTransaction(work) {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work((name, ...values) => run(name, values, client));
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    // A connection on which even this fails is not used again.
    await client.query('rollback').then(() => client.release(), (failure) => client.release(failure));
    throw error;
  }
}

export async function closePool() {
  await pool.end();
}

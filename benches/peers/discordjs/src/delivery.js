// The secret's way to its owner.

import { config } from './config.js';
import { inTransaction, run } from './database.js';
import { refuseUnless } from './refusal.js';
import { open } from './secrets.js';
import { buildCard, buildNotice, buildReceipt, buildSecret } from './views.js';

async function editCard(client, request) {
  const channel = await client.channels.fetch(config.approvalChannel);
  await channel.messages.edit(request.card, buildCard(request, []));
}

async function lockOwn(query, id, owner) {
  const { rows: [request] } = await query('lockRequest', id);
  const { rows: [token] } = await query('lockToken', id);
  refuseUnless(token?.owner === owner, 'This is not your token.');
  return { request, token };
}

export async function reveal(interaction, id) {
  const owner = interaction.user.id;
  const { request, accountSid, secret } = await inTransaction(async (query) => {
    const { request, token } = await lockOwn(query, id, owner);
    refuseUnless(token.sealed, 'The secret was shown already.');
    const secret = open(token.sealed, token.account_sid);
    await query('revealToken', id, request.lifetime_days);
    await query('insertEvent', id, owner, 'revealed', null);
    const { rows } = await query('setState', id, 'collected');
    return { request: rows[0], accountSid: token.account_sid, secret };
  });
  await interaction.reply(buildSecret(request, accountSid, secret));
  await run('wipeSecret', [id]);
  await editCard(interaction.client, request);
  const channel = await interaction.client.users.createDM(owner);
  await channel.messages.edit(interaction.message.id, buildReceipt(request, new Date()));
}

export async function confirmStored(interaction, id) {
  const owner = interaction.user.id;
  const request = await inTransaction(async (query) => {
    await lockOwn(query, id, owner);
    await query('storeToken', id);
    await query('insertEvent', id, owner, 'stored', null);
    const { rows } = await query('setState', id, 'stored');
    return rows[0];
  });
  await interaction.update(buildNotice('Stored. The secret is gone from here.'));
  await editCard(interaction.client, request);
}

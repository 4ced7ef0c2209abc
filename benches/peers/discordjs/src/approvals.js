// What admins decide on a card, and the token that comes of it.

import { APPROVALS, config } from './config.js';
import { inTransaction } from './database.js';
import { refuseUnless } from './refusal.js';
import { hash, makeToken, seal } from './secrets.js';
import { buildCard, buildDenial, buildNotice, buildReady } from './views.js';

function refuseOthers(interaction) {
  refuseUnless(interaction.member.roles.cache.has(config.adminRole), 'Only admins decide on requests.');
}

async function lockOpen(query, id) {
  const { rows: [request] } = await query('lockRequest', id);
  refuseUnless(request?.state === 'open', 'This request is decided already.');
  refuseUnless(request.expires_at > new Date(), 'This request has expired.');
  return request;
}

export async function approve(interaction, id) {
  refuseOthers(interaction);
  const admin = interaction.user.id;
  const { request, approvers } = await inTransaction(async (query) => {
    const request = await lockOpen(query, id);
    refuseUnless(request.requester !== admin, 'Nobody approves their own request.');
    const { rowCount } = await query('insertApproval', id, admin);
    refuseUnless(rowCount === 1, 'You have approved this request already.');
    await query('insertEvent', id, admin, 'approved', null);
    const { rows } = await query('listApprovals', id);
    const approvers = rows.map((approval) => approval.admin);
    const enough = approvers.length >= APPROVALS;
    return { request: enough ? await issue(query, request) : request, approvers };
  });
  await interaction.update(buildCard(request, approvers));
  if (request.state === 'issued') {
    await interaction.client.users.send(request.requester, buildReady(request));
  }
}

async function issue(query, { id, requester }) {
  const { accountSid, secret } = makeToken();
  await query('insertToken', id, requester, accountSid, hash(secret), seal(secret, accountSid));
  await query('insertEvent', id, requester, 'issued', { accountSid });
  const { rows } = await query('setState', id, 'issued');
  return rows[0];
}

export async function askForReason(interaction, id) {
  refuseOthers(interaction);
  await interaction.showModal(buildDenial(id));
}

export async function deny(interaction, id) {
  refuseOthers(interaction);
  const reason = interaction.fields.getTextInputValue('reason');
  const request = await inTransaction(async (query) => {
    await lockOpen(query, id);
    const { rows } = await query('denyRequest', id, reason);
    await query('insertEvent', id, interaction.user.id, 'denied', { reason });
    return rows[0];
  });
  await interaction.update(buildCard(request, [interaction.user.id]));
  const message = `Your request for **${request.name}** was denied: ${reason}`;
  await interaction.client.users.send(request.requester, buildNotice(message));
}

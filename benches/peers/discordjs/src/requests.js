// From the form to the card: what requesters do.

import { MessageFlags } from 'discord.js';
import { CATEGORIES, PROVIDER, findCategory, scopeIds } from './catalogue.js';
import { REQUEST_HOURS, config } from './config.js';
import { inTransaction, run } from './database.js';
import { Refusal, refuseUnless } from './refusal.js';
import { buildCard, buildForm, buildNotice, buildPanel } from './views.js';

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const UNIQUE_VIOLATION = '23505';

export async function openForm(interaction) {
  await interaction.showModal(buildForm(interaction.user.id));
}

export async function takeForm(interaction) {
  const { fields } = interaction;
  const emails = fields.getTextInputValue('emails').split(/[\s,;]+/).filter(Boolean);
  const wrong = emails.find((email) => !EMAIL.test(email));
  refuseUnless(!wrong, `\`${wrong}\` is no email address.`);
  const contact = fields.getSelectedUsers('contact')?.first();
  refuseUnless(contact && !contact.bot, 'The primary contact must be a person.');
  const { rows } = await run('insertDraft', [
    PROVIDER.id,
    interaction.user.id,
    fields.getTextInputValue('name').trim(),
    fields.getTextInputValue('description'),
    Number(fields.getStringSelectValues('version')[0]),
    contact.id,
    emails,
    CATEGORIES[0].id,
  ]);
  await interaction.reply({ ...buildPanel(rows[0]), flags: MessageFlags.Ephemeral });
}

async function lockDraft(query, id, requester) {
  const { rows: [draft] } = await query('lockRequest', id);
  refuseUnless(draft?.state === 'draft', 'This request was submitted or cancelled already.');
  refuseUnless(draft.requester === requester, 'This is not your request.');
  return draft;
}

// What each select and button of the panel changes of a draft.
const CHANGES = {
  category: (query, { id }, [category]) => query('chooseCategory', id, category),
  scopes: (query, draft, values) => {
    const shown = scopeIds(findCategory(draft.category));
    const kept = draft.scopes.filter((scope) => !shown.includes(scope));
    return query('chooseScopes', draft.id, [...kept, ...values.filter((value) => shown.includes(value))]);
  },
  lifetime: (query, { id }, [days]) => query('chooseLifetime', id, Number(days)),
  whole: (query, draft) => {
    const all = new Set([...draft.scopes, ...scopeIds(findCategory(draft.category))]);
    return query('chooseScopes', draft.id, [...all]);
  },
  clear: (query, { id }) => query('chooseScopes', id, []),
};

export async function changeDraft(interaction, change, id) {
  const request = await inTransaction(async (query) => {
    const draft = await lockDraft(query, id, interaction.user.id);
    const { rows } = await CHANGES[change](query, draft, interaction.values);
    return rows[0];
  });
  await interaction.update(buildPanel(request));
}

export async function cancelDraft(interaction, id) {
  await inTransaction(async (query) => {
    await lockDraft(query, id, interaction.user.id);
    await query('cancelDraft', id);
  });
  await interaction.update(buildNotice('Cancelled. Nothing was requested.'));
}

export async function submitDraft(interaction, id) {
  const request = await inTransaction(async (query) => {
    const draft = await lockDraft(query, id, interaction.user.id);
    refuseUnless(draft.scopes.length > 0, 'Choose a scope first.');
    const { rows } = await query('submitDraft', id, REQUEST_HOURS);
    await query('insertEvent', id, interaction.user.id, 'requested', { scopes: draft.scopes });
    return rows[0];
  }).catch((error) => {
    const taken = error.code === UNIQUE_VIOLATION;
    throw taken ? new Refusal('A token of this name exists, or is requested.') : error;
  });
  await interaction.update(buildNotice(`Request **#${id}** was submitted. The admins have been asked.`));
  const channel = await interaction.client.channels.fetch(config.approvalChannel);
  const card = await channel.send(buildCard(request, []));
  await run('setCard', [id, card.id]);
}

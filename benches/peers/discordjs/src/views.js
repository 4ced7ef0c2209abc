// What people see: the form, the panel, the card and the messages to the owner.

import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
  UserSelectMenuBuilder,
  escapeMarkdown,
} from 'discord.js';
import { API_VERSIONS, CATEGORIES, LIFETIMES, PROVIDER, describeScope, findCategory, scopeIds } from './catalogue.js';
import { APPROVALS } from './config.js';

// Nothing that somebody typed mentions anyone.
const allowedMentions = { parse: [] };

export const HELP = [
  '**Tokens for APIs, approved by two admins**',
  '`/token request`: fill in the form, choose scopes, press **Create**. The admins see a card with your request.',
  'Once two admins have pressed **Approve**, a direct message comes to you. **Reveal** shows the secret, once.',
].join('\n');

const button = (id, label, style = ButtonStyle.Secondary) =>
  new ButtonBuilder().setCustomId(id).setLabel(label).setStyle(style);
const row = (...components) => new ActionRowBuilder().addComponents(...components);
const text = (id, style, most, required = true) =>
  new TextInputBuilder().setCustomId(id).setStyle(style).setMaxLength(most).setRequired(required);
const time = (date, style = 'f') => `<t:${Math.floor(date.getTime() / 1000)}:${style}>`;

export function buildForm(requester) {
  const versions = new StringSelectMenuBuilder()
    .setCustomId('version')
    .addOptions(API_VERSIONS.map((version, at) => ({ label: `${version}`, value: `${version}`, default: at === 0 })));
  const contact = new UserSelectMenuBuilder().setCustomId('contact').setDefaultUsers(requester);
  const label = (name) => new LabelBuilder().setLabel(name);
  return new ModalBuilder()
    .setCustomId('form')
    .setTitle('Request an API token')
    .addLabelComponents(
      label('Token name').setTextInputComponent(text('name', TextInputStyle.Short, 64)),
      label('Description').setTextInputComponent(text('description', TextInputStyle.Paragraph, 800)),
      label('API version').setStringSelectMenuComponent(versions),
      label('Primary contact').setUserSelectMenuComponent(contact),
      label('Developer emails').setTextInputComponent(text('emails', TextInputStyle.Paragraph, 300, false)),
    );
}

function describeRequest(request) {
  return [
    `**${escapeMarkdown(request.name)}** · ${PROVIDER.name} · version ${request.api_version}`,
    escapeMarkdown(request.description),
    `Contact: <@${request.contact}> · Emails: ${request.emails.join(', ') || 'none'}`,
    `Works for ${request.lifetime_days} days`,
    ...request.scopes.map((scope) => `- \`${describeScope(scope)}\``),
  ].join('\n');
}

export function buildPanel(request) {
  const { id } = request;
  const chosen = new Set(request.scopes);
  const category = findCategory(request.category);
  const options = category.scopes.map((scope) => {
    const value = `${category.id}:${scope.id}`;
    return { label: scope.id, description: describeScope(value), value, default: chosen.has(value) };
  });
  const count = (one) => scopeIds(one).filter((scope) => chosen.has(scope)).length;
  const categories = CATEGORIES.map((one) => ({
    label: one.name,
    description: `${count(one)} of ${one.scopes.length} chosen`,
    value: one.id,
    default: one === category,
  }));
  const lifetimes = LIFETIMES.map((days) => ({
    label: `${days} days`,
    value: `${days}`,
    default: days === request.lifetime_days,
  }));
  const select = (kind, placeholder) =>
    new StringSelectMenuBuilder().setCustomId(`panel:${kind}:${id}`).setPlaceholder(placeholder);
  return {
    content: `Choose what the token may do.\n${describeRequest(request)}`,
    components: [
      row(select('category', 'API category').addOptions(categories)),
      row(select('scopes', 'Scopes').setMinValues(0).setMaxValues(options.length).addOptions(options)),
      row(select('lifetime', 'Expires').addOptions(lifetimes)),
      row(
        button(`panel:whole:${id}`, 'Whole category'),
        button(`panel:clear:${id}`, 'Clear all'),
        button(`panel:cancel:${id}`, 'Cancel'),
        button(`panel:create:${id}`, 'Create', ButtonStyle.Success).setDisabled(chosen.size === 0),
      ),
    ],
    allowedMentions,
  };
}

export function buildNotice(content) {
  return { content, components: [], allowedMentions };
}

export function buildPrivate(content) {
  return { ...buildNotice(content), flags: MessageFlags.Ephemeral };
}

function describeState(request, approvers) {
  const by = approvers.map((admin) => `<@${admin}>`).join(', ');
  switch (request.state) {
    case 'open':
      return `${approvers.length} of ${APPROVALS} approvals${by && ` · ${by}`} · ends ${time(request.expires_at)}`;
    case 'denied':
      return `**Denied by** ${by}: ${escapeMarkdown(request.reason)}`;
    case 'issued':
      return `**Issued**, approved by ${by}. <@${request.requester}> can reveal the secret.`;
    case 'collected':
      return `**Collected** by <@${request.requester}>, who has not confirmed that the secret is stored.`;
    default:
      return `**Collected** by <@${request.requester}>, who has stored the secret.`;
  }
}

export function buildCard(request, approvers) {
  const { id } = request;
  const buttons = row(
    button(`card:approve:${id}`, 'Approve', ButtonStyle.Success),
    button(`card:deny:${id}`, 'Deny', ButtonStyle.Danger),
  );
  const lines = [
    `**#${id}** <@${request.requester}> requests a token.`,
    describeRequest(request),
    describeState(request, approvers),
  ];
  const components = request.state === 'open' ? [buttons] : [];
  return { content: lines.join('\n'), components, allowedMentions };
}

export function buildDenial(id) {
  const input = text('reason', TextInputStyle.Paragraph, 500);
  const reason = new LabelBuilder().setLabel('Reason').setTextInputComponent(input);
  return new ModalBuilder().setCustomId(`denial:${id}`).setTitle('Deny the request').addLabelComponents(reason);
}

export function buildReady(request) {
  return {
    content: `Your token **${escapeMarkdown(request.name)}** is ready. Its secret is shown once.`,
    components: [row(button(`token:reveal:${request.id}`, 'Reveal', ButtonStyle.Success))],
    allowedMentions,
  };
}

export function buildReceipt(request, now) {
  return buildNotice(`Your token **${escapeMarkdown(request.name)}** was revealed on ${time(now)}.`);
}

export function buildSecret(request, accountSid, secret) {
  return {
    content: [
      `Your token **${escapeMarkdown(request.name)}**. Store both now.`,
      `Account SID\n\`\`\`\n${accountSid}\n\`\`\``,
      `Secret\n\`\`\`\n${secret}\n\`\`\``,
    ].join('\n'),
    components: [row(button(`token:stored:${request.id}`, 'I have stored it', ButtonStyle.Success))],
    flags: MessageFlags.Ephemeral,
    allowedMentions,
  };
}

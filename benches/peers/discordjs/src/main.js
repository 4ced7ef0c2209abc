// A bot for API access tokens: a form, two approvals by admins, and a secret that is shown once.

import { Client, Events } from 'discord.js';
import { approve, askForReason, deny } from './approvals.js';
import { registerCommands } from './commands.js';
import { config } from './config.js';
import { closePool, prepareSchema } from './database.js';
import { confirmStored, reveal } from './delivery.js';
import { Refusal } from './refusal.js';
import { cancelDraft, changeDraft, openForm, submitDraft, takeForm } from './requests.js';
import { HELP, buildPrivate } from './views.js';

// The simulated Discord sets no limits while speed is measured; the library would wait for fifty a second.
const rest = { api: config.api, globalRequestsPerSecond: Infinity };

const COMMANDS = {
  help: (interaction) => interaction.reply(buildPrivate(HELP)),
  request: openForm,
};

const COMPONENTS = {
  panel: (interaction, action, id) => {
    const own = { create: submitDraft, cancel: cancelDraft }[action];
    return own ? own(interaction, id) : changeDraft(interaction, action, id);
  },
  card: (interaction, action, id) => ({ approve, deny: askForReason })[action](interaction, id),
  token: (interaction, action, id) => ({ reveal, stored: confirmStored })[action](interaction, id),
};

async function route(interaction) {
  if (interaction.isChatInputCommand()) {
    return COMMANDS[interaction.options.getSubcommand()](interaction);
  }
  const [kind, ...rest] = interaction.customId.split(':');
  if (interaction.isModalSubmit()) {
    return kind === 'denial' ? deny(interaction, rest[0]) : takeForm(interaction);
  }
  return COMPONENTS[kind](interaction, ...rest);
}

async function handle(interaction) {
  try {
    await fetched;
    await route(interaction);
  } catch (error) {
    const isRefusal = error instanceof Refusal;
    if (!isRefusal) {
      console.error(error);
    }
    const notice = buildPrivate(isRefusal ? error.message : 'That did not work. Please try again.');
    const answer = interaction.replied ? interaction.followUp(notice) : interaction.reply(notice);
    await answer.catch((failure) => console.error(failure));
  }
}

await prepareSchema();
await registerCommands(config, rest);
const client = new Client({ intents: [], rest });
// No intent is asked for, so nobody sends the guild with its roles and the channel; from here on they are cached.
async function fetchGuild() {
  await client.guilds.fetch({ guild: config.guildId, force: true });
  await client.channels.fetch(config.approvalChannel);
}
const fetched = new Promise((resolve) => {
  client.once(Events.ClientReady, () => resolve(fetchGuild()));
});
client.on(Events.InteractionCreate, handle);
client.on(Events.Error, (error) => console.error(error));
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await client.destroy();
    await closePool();
  });
}
await client.login(config.token);

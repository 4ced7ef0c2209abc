// The commands, as Discord is told of them at each start.

import { REST, Routes, SlashCommandBuilder } from 'discord.js';
import { PROVIDER } from './catalogue.js';

const token = new SlashCommandBuilder()
  .setName('token')
  .setDescription('API access tokens')
  .addSubcommand((sub) => sub.setName('help').setDescription('What this bot does'))
  .addSubcommand((sub) =>
    sub
      .setName('request')
      .setDescription('Request an API access token')
      .addStringOption((option) =>
        option
          .setName('provider')
          .setDescription('The API that the token is for')
          .setRequired(true)
          .addChoices({ name: PROVIDER.name, value: PROVIDER.id }),
      ),
  );

export async function registerCommands(config, restOptions) {
  const rest = new REST(restOptions).setToken(config.token);
  const route = Routes.applicationGuildCommands(config.applicationId, config.guildId);
  await rest.put(route, { body: [token.toJSON()] });
}

// What the environment says.

function read(name) {
  const value = process.env[name];
  if (!value) {
    throw new Error(`the variable ${name} is missing`);
  }
  return value;
}

export const config = {
  // Where Discord's API is, without its version.
  api: read('DISCORD_API'),
  token: read('DISCORD_TOKEN'),
  applicationId: read('DISCORD_APPLICATION'),
  guildId: read('DISCORD_GUILD'),
  approvalChannel: read('APPROVAL_CHANNEL'),
  adminRole: read('ADMIN_ROLE'),
  databaseUrl: read('DATABASE_URL'),
  // 32 bytes in Base64.
  sealingKey: Buffer.from(read('SEALING_KEY'), 'base64'),
};

export const APPROVALS = 2;
export const REQUEST_HOURS = 72;

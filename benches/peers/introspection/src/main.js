// An OAuth 2.0 server that knows some opaque tokens and introspects them (RFC 7662).
//
//     node src/main.js PORT COUNT FILE
//
// Makes COUNT tokens, writes them to FILE, one a line, and then listens. Who introspects is a client of its own,
// with its secret in the variable GATEWAY_SECRET.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import Provider from 'oidc-provider';
import { MemoryAdapter } from './adapter.js';

const [port, count, file] = process.argv.slice(2);
const SCOPE = 'trees:listTrees trees:getTree harvests:listHarvests';
const SIGNING = 'ES256';
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const issuer = `http://127.0.0.1:${port}`;
const client = (client_id, client_secret, grant_types) => ({
  client_id,
  client_secret,
  grant_types,
  redirect_uris: [],
  response_types: [],
});

const provider = new Provider(issuer, {
  adapter: MemoryAdapter,
  clients: [
    client('reports', randomBytes(24).toString('hex'), ['client_credentials']),
    client('gateway', process.env.GATEWAY_SECRET, []),
  ],
  clientDefaults: { id_token_signed_response_alg: SIGNING },
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: SIGNING, use: 'sig' }] },
  cookies: { keys: [randomBytes(24).toString('hex')] },
  scopes: SCOPE.split(' '),
  ttl: { ClientCredentials: 90 * 24 * 3600 },
  features: {
    clientCredentials: { enabled: true },
    // The gateway may ask about everybody's tokens.
    introspection: { enabled: true, allowedPolicy: (ctx, asking) => asking.clientId === 'gateway' },
    devInteractions: { enabled: false },
  },
});
provider.on('server_error', (ctx, error) => console.error(error));

const reports = await provider.Client.find('reports');
const tokens = [];
for (let made = 0; made < Number(count); made += 1) {
  const token = new provider.ClientCredentials({ client: reports, scope: SCOPE, aud: 'orchard' });
  tokens.push(await token.save());
}
await writeFile(file, `${tokens.join('\n')}\n`, { mode: 0o600 });
provider.listen(Number(port), '127.0.0.1');

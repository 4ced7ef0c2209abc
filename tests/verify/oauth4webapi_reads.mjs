// Introspects as services that use oauth4webapi do, which form-encodes name and secret (RFC 6749, 2.3.1):
// its package, the URL, the caller's name and secret, a token's secret.
const [folder, url, name, secret, token] = process.argv.slice(2);
const oauth = await import(`${folder}/build/index.js`);

const server = { issuer: new URL(url).origin, introspection_endpoint: url };
const client = { client_id: name };
const plain = { [oauth.allowInsecureRequests]: true };

async function introspects(secret) {
  const credentials = oauth.ClientSecretBasic(secret);
  const answer = await oauth.introspectionRequest(server, client, credentials, token, plain);
  return oauth.processIntrospectionResponse(server, client, answer);
}

const read = await introspects(secret);
const refused = await introspects(`${secret}x`).catch((error) => error.constructor.name);
console.log(JSON.stringify({ active: read.active, client_id: read.client_id, aud: read.aud, refused }));

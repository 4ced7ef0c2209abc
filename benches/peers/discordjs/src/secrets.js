// Secrets: made, hashed, and sealed until their owner has seen them.

import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { config } from './config.js';

const CIPHER = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;

export function makeToken() {
  const accountSid = `OR${randomBytes(12).toString('hex')}`;
  const secret = `orchard_${randomBytes(24).toString('base64url')}`;
  return { accountSid, secret };
}

export function hash(secret) {
  return createHash('sha256').update(secret).digest();
}

// Nonce, tag, and what is sealed; it opens for the same Account SID only.
export function seal(secret, accountSid) {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv(CIPHER, config.sealingKey, nonce);
  cipher.setAAD(Buffer.from(accountSid));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

export function open(sealed, accountSid) {
  const decipher = createDecipheriv(CIPHER, config.sealingKey, sealed.subarray(0, NONCE));
  decipher.setAAD(Buffer.from(accountSid));
  decipher.setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
  const secret = Buffer.concat([decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]);
  return secret.toString('utf8');
}

// A reason for which something isn't done, to be told to whoever pressed.

export class Refusal extends Error {}

export function refuseUnless(condition, reason) {
  if (!condition) {
    throw new Refusal(reason);
  }
}

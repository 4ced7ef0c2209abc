// Talks to the page's server, and follows its changes.

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (response.ok) return body;
  const error = new Error(body.error || `The playground answered ${response.status}.`);
  error.fields = body.fields || null;
  throw error;
}

async function reach(path, options) {
  let response;
  try {
    response = await fetch(`/api${path}`, options);
  } catch {
    throw new Error("The playground doesn't answer. Does it still run?");
  }
  return answer(response);
}

/** Reads something. */
export const get = (path) => reach(path, {});

/** Does something. */
export const post = (path, body) => reach(path, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

/** Calls back after each change, and when the connection comes or goes. */
export function follow(changed, connected) {
  const source = new EventSource("/api/changes");
  source.addEventListener("changed", changed);
  source.addEventListener("open", () => connected(true));
  source.addEventListener("error", () => connected(false));
}

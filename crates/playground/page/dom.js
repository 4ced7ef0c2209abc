// Builds elements. Texts only ever become text: nothing here or elsewhere parses HTML.

/**
 * Makes an element. Of the properties, `class` and attributes are set as such, `on` holds
 * listeners, `data` the dataset; null and false are left out. Children are elements or texts.
 */
export function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "on") {
      for (const [event, listener] of Object.entries(value)) {
        element.addEventListener(event, listener);
      }
    } else if (key === "data") {
      Object.assign(element.dataset, value);
    } else {
      element.setAttribute(key, value === true ? "" : value);
    }
  }
  add(element, children);
  return element;
}

/** Appends children, lists of them included; null and false are left out. */
export function add(parent, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child instanceof Node ? child : String(child));
  }
}

/** Replaces what is in a container, unless the key says that it would be the same. */
export function fill(container, key, build) {
  const text = JSON.stringify(key);
  if (container.shownKey === text) return;
  container.shownKey = text;
  container.replaceChildren();
  add(container, build());
}

const COLOURS = ["#5865f2", "#3ba55d", "#eb459e", "#f0883e", "#0ea5b7", "#9b59b6"];
const KNOWN = { rin: 0, aki: 2, ben: 3, chiyo: 4, olga: 5 };

/** A round picture: a tick for the bot, a letter for people. */
export function avatar(user, small = false) {
  const bot = Boolean(user?.bot);
  const name = user?.display_name || user?.name || "?";
  const circle = el("span", { class: small ? "avatar small" : "avatar", "aria-hidden": "true" });
  circle.append(bot ? "✓" : [...name][0]);
  const colour = bot ? COLOURS[1] : COLOURS[KNOWN[user?.name] ?? name.length % COLOURS.length];
  circle.style.setProperty("background-color", colour);
  return circle;
}

/** Copies a text, and says so on the button. */
export async function copy(text, button) {
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Select it by hand";
  }
  setTimeout(() => { button.textContent = before; }, 1500);
}

/** A point in time as a client shows it beside a message. */
export function clock(date, locale) {
  const today = new Date().toDateString() === date.toDateString();
  const style = today ? { timeStyle: "short" } : { dateStyle: "short", timeStyle: "short" };
  return date.toLocaleString(locale, style);
}

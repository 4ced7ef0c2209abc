// The input: plain text, or a command that is chosen from a list and filled in.

import { el } from "/dom.js";
import { flatten, read, search } from "/commands.js";

const BOOLEAN = 5;
const USER = 6;
/** How long somebody rests before proposals are asked for, in milliseconds. */
const REST = 250;

/** The event on the composer that puts a command into it; `detail` has its `id` and `path`. */
export const CHOSEN = "command-chosen";

/**
 * The composer of a channel. `actions` has `write`, `command` and `proposals`; each rejects with
 * what went wrong, which `trouble` shows.
 */
export function composer({ commands, locale, users, place, direct }, actions) {
  const known = flatten(commands, locale);
  const box = el("div", { class: "composer" });
  const idle = (text = "") => box.replaceChildren(...idleParts(text));
  const idleParts = (text) => {
    if (direct) {
      return [el("div", { class: "closed" },
        "Countersign reads no messages here. Its buttons work, and its commands in the server’s channels.")];
    }
    return plain({ known, place, text, choose, write: actions.write });
  };
  const choose = (command, values = {}, send = false) => {
    const chosen = chosenCommand({ command, values, users, actions, leave: idle });
    box.replaceChildren(...chosen.parts);
    if (send && chosen.complete()) chosen.send();
    else chosen.focus();
  };
  idle();
  box.addEventListener(CHOSEN, ({ detail }) => {
    const command = known.find(({ id, path }) => id === detail.id && path.join(" ") === detail.path);
    if (command) choose(command);
  });
  return box;
}

function plain({ known, place, text, choose, write }) {
  const list = el("div", { class: "suggestions", role: "listbox", hidden: true });
  const input = el("input", {
    class: "line", type: "text", autocomplete: "off", spellcheck: "false",
    placeholder: `Message ${place}, or / for commands`, "aria-label": `Message ${place}`,
  });
  input.value = text;
  let found = [];
  let marked = 0;
  const show = () => {
    found = input.value.startsWith("/") ? search(known, input.value) : [];
    marked = Math.min(marked, Math.max(0, found.length - 1));
    list.hidden = !input.value.startsWith("/");
    list.replaceChildren(el("div", { class: "suggestions-head" }, "COUNTERSIGN"),
      ...found.map((command, index) => suggestion(command, index === marked, choose)));
    if (!found.length) list.append(el("div", { class: "none" }, "There is no such command."));
  };
  const submit = async () => {
    const line = input.value.trim();
    if (!line) return;
    if (!line.startsWith("/")) {
      if (await write(line)) input.value = "";
      return;
    }
    const typed = read(known, line);
    if (typed) choose(typed.command, typed.values, true);
    else if (found[marked]) choose(found[marked]);
  };
  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) {
      event.preventDefault();
      marked = (marked + step + found.length) % found.length;
      show();
    } else if (event.key === "Tab" && found[marked]) {
      event.preventDefault();
      choose(found[marked]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      submit();
    } else if (event.key === "Escape") {
      input.value = "";
      show();
    }
  });
  return [list, el("div", { class: "bar" }, input)];
}

function suggestion(command, marked, choose) {
  const options = command.options.map((option) => el("span",
    { class: option.required ? "option-name required" : "option-name" }, option.shown));
  const item = el("button", {
    class: marked ? "suggestion marked" : "suggestion", type: "button", role: "option",
    "aria-selected": String(marked),
  },
  el("span", { class: "suggestion-name" }, command.shown, options),
  el("span", { class: "suggestion-description" }, command.description));
  item.addEventListener("click", () => choose(command));
  return item;
}

/** A command in the composer, with a field for each of its options. */
function chosenCommand({ command, values, users, actions, leave }) {
  const fields = new Map();
  const filled = () => [...fields].map(([name, field]) => [name, field.value()])
    .filter(([, value]) => value !== "");
  const ask = (option) => actions.proposals(command.path, filled(), option);
  for (const option of command.options) {
    fields.set(option.name, optionField(option, values[option.name] || "", users, ask));
  }
  const complete = () => command.options.every((option) =>
    !option.required || fields.get(option.name).value() !== "");
  let sending = false;
  const send = async () => {
    if (sending) return;
    for (const option of command.options) fields.get(option.name).missing(option.required);
    if (!complete()) return;
    sending = true;
    sender.classList.add("busy");
    const taken = await actions.command(command.path, filled());
    sending = false;
    sender.classList.remove("busy");
    if (taken) leave();
  };
  const sender = el("button", { class: "button primary", type: "button", on: { click: send } },
    "Send");
  const away = el("button", {
    class: "close", type: "button", "aria-label": "Leave this command", on: { click: () => leave() },
  }, "✕");
  const bar = el("div", { class: "bar command", tabindex: "-1" },
    el("span", { class: "command-name" }, command.shown),
    [...fields.values()].map((field) => field.element),
    el("span", { class: "spring" }), sender, away);
  bar.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    if (event.key === "Enter" && event.target !== away) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape") {
      leave(command.shown);
    }
  });
  const hint = el("div", { class: "suggestions" },
    el("div", { class: "suggestions-head" }, command.description),
    command.options.map((option) => el("div", { class: "none" },
      el("strong", {}, option.shown), option.required ? " (required) " : " ",
      option.description)));
  const focus = () => {
    const open = command.options.find((option) => fields.get(option.name).value() === "");
    (open ? fields.get(open.name).input : sender).focus();
  };
  return { parts: [hint, bar], complete, send, focus };
}

function optionField(option, value, users, ask) {
  const choices = choicesOf(option, users);
  const made = choices ? chooser(option, choices, value)
    : option.autocomplete ? proposer(option, value, ask) : texter(option, value);
  const element = el("label", { class: "option-box" },
    el("span", { class: "option-name" }, option.shown), made.element || made.input);
  const missing = (required) => element.classList.toggle("wrong", required && made.value() === "");
  return { element, input: made.input, value: made.value, missing };
}

function choicesOf(option, users) {
  if (option.choices.length) return option.choices;
  if (option.type === BOOLEAN) return ["True", "False"].map((shown) => ({ shown, value: shown }));
  if (option.type === USER) {
    return users.map((user) => ({ shown: `@${user.display_name}`, value: user.id }));
  }
  return null;
}

function chooser(option, choices, value) {
  const input = el("select", {}, el("option", { value: "" }, option.required ? "choose …" : "–"),
    choices.map((choice) => el("option", { value: choice.value }, choice.shown)));
  input.value = choices.some((choice) => choice.value === value) ? value : "";
  return { input, value: () => input.value };
}

function texter(option, value) {
  const input = el("input", { type: "text", autocomplete: "off", spellcheck: "false" });
  input.value = value;
  return { input, value: () => input.value.trim() };
}

/** A text with proposals of the bot's; choosing one sends its value instead of its name. */
function proposer(option, value, ask) {
  const { input } = texter(option, value);
  const list = el("span", { class: "proposals", hidden: true });
  let chosen = null;
  let timer = null;
  let round = 0;
  const close = () => { list.hidden = true; };
  const offer = async () => {
    round += 1;
    const own = round;
    list.replaceChildren(el("span", { class: "none" }, "Loading options …"));
    list.hidden = false;
    let choices = [];
    let says = "No options match your search";
    try {
      choices = await ask(option.name, input.value);
    } catch (error) {
      says = error.message;
    }
    if (own !== round || list.hidden) return;
    list.replaceChildren(...choices.map((choice) => {
      const item = el("button", { class: "proposal", type: "button" }, choice.name);
      // Before the text loses the focus, which closes the list.
      item.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        chosen = choice;
        input.value = choice.name;
        close();
      });
      return item;
    }));
    if (!choices.length) list.append(el("span", { class: "none" }, says));
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(offer, REST); };
  input.addEventListener("focus", soon);
  input.addEventListener("input", () => { chosen = null; soon(); });
  input.addEventListener("blur", () => { clearTimeout(timer); close(); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Tab" && !list.hidden && list.querySelector(".proposal")) {
      event.preventDefault();
      list.querySelector(".proposal").dispatchEvent(new Event("pointerdown", { cancelable: true }));
    }
  });
  const current = () => (chosen && chosen.name === input.value ? chosen.value : input.value.trim());
  return { input, element: el("span", { class: "proposer" }, input, list), value: current };
}

// Radio buttons and boxes to tick, in modals.

import { el } from "/dom.js";

const RADIO_GROUP = 21;
const CHECKBOX = 23;
/** The value of a box alone that is ticked. */
const TICKED = "true";

/** Whether a field of a modal is one of these. */
export const isGroup = ({ type }) => type >= RADIO_GROUP && type <= CHECKBOX;

/** A group, named by the element with the id `name`; `touched` hears of each change. */
export function group(field, name, touched) {
  if (field.type === CHECKBOX) return single(field, name, touched);
  const radio = field.type === RADIO_GROUP;
  const inputs = field.options.map((option) => {
    const input = el("input", { type: radio ? "radio" : "checkbox", name: `${name}-options` });
    input.checked = Boolean(option.default);
    input.value = option.value;
    return input;
  });
  const most = radio ? 1 : field.max_values ?? field.options.length;
  const bound = () => {
    const full = !radio && inputs.filter((input) => input.checked).length >= most;
    for (const input of inputs) input.disabled = full && !input.checked;
  };
  const lines = field.options.map((option, index) => line(inputs[index], option));
  const element = el("div", {
    class: "group", role: radio ? "radiogroup" : "group", "aria-labelledby": name,
    "aria-required": radio ? String(field.required !== false) : null,
    on: { change: () => { bound(); touched(); } },
  }, lines);
  if (radio && field.required === false) clearable(inputs, touched);
  bound();
  const values = () => inputs.filter((input) => input.checked).map((input) => input.value);
  return { element, input: inputs[0], values };
}

function line(input, { label, description }) {
  return el("label", { class: "group-option" }, input, el("span", { class: "option-text" },
    el("span", { class: "option-label" }, label),
    description && el("span", { class: "option-description" }, description)));
}

/** A second press takes an optional choice back, which a browser's own radio buttons don't do. */
function clearable(inputs, touched) {
  let chosen = inputs.find((input) => input.checked) || null;
  for (const input of inputs) {
    const take = () => {
      if (chosen === input) {
        input.checked = false;
        touched();
      }
      chosen = input.checked ? input : null;
    };
    input.addEventListener("click", take);
  }
}

function single(field, name, touched) {
  const input = el("input", { type: "checkbox", "aria-labelledby": name, on: { change: touched } });
  input.checked = Boolean(field.default);
  const element = el("div", { class: "group single" }, input);
  return { element, input, values: () => (input.checked ? [TICKED] : []) };
}

// The registered commands as a client offers them: in the person's language, one line for each
// subcommand.

const SUBCOMMAND = 1;
const GROUP = 2;

function words(definition, locale) {
  return {
    name: definition.name,
    shown: definition.name_localizations?.[locale] || definition.name,
    description: definition.description_localizations?.[locale] || definition.description,
  };
}

/** Every command that can be sent. */
export function flatten(commands, locale) {
  const all = [];
  const visit = (definition, above) => {
    const own = words(definition, locale);
    const path = [...above.path, own.name];
    const shown = [...above.shown, own.shown];
    const inside = definition.options || [];
    const nested = inside.filter((option) => option.type === SUBCOMMAND || option.type === GROUP);
    if (nested.length) {
      nested.forEach((option) => visit(option, { id: above.id, path, shown }));
      return;
    }
    const options = inside.map((option) => ({
      ...words(option, locale),
      type: option.type,
      required: Boolean(option.required),
      autocomplete: Boolean(option.autocomplete),
      choices: (option.choices || []).map((choice) => ({
        value: String(choice.value),
        shown: choice.name_localizations?.[locale] || choice.name,
      })),
    }));
    all.push({ id: above.id, path, shown: `/${shown.join(" ")}`, plain: `/${path.join(" ")}`,
      description: own.description, options });
  };
  commands.filter((command) => (command.type ?? 1) === 1)
    .forEach((command) => visit(command, { id: command.id, path: [], shown: [] }));
  return all;
}

/** The commands that begin with, or else hold, what was typed. */
export function search(commands, typed) {
  const text = typed.toLowerCase().trimEnd();
  const names = (command) => [command.shown.toLowerCase(), command.plain.toLowerCase()];
  const begins = commands.filter((command) => names(command).some((name) => name.startsWith(text)));
  if (begins.length) return begins;
  const part = text.replace(/^\//, "");
  return commands.filter((command) => names(command).some((name) => name.includes(part)));
}

/** A line that was typed in full, as in `/token request provider:orchard`: command and values. */
export function read(commands, line) {
  const text = line.trim();
  const fits = (name) => text === name || text.startsWith(`${name} `);
  const found = commands.flatMap((command) => [[command, command.shown], [command, command.plain]])
    .filter(([, name]) => fits(name))
    .sort((one, other) => other[1].length - one[1].length)[0];
  if (!found) return null;
  const [command, name] = found;
  const rest = text.slice(name.length);
  const starts = [];
  for (const option of command.options) {
    for (const known of new Set([option.name, option.shown])) {
      const place = rest.indexOf(` ${known}:`);
      if (place >= 0) starts.push({ option, place, end: place + known.length + 2 });
    }
  }
  starts.sort((one, other) => one.place - other.place);
  const values = {};
  starts.forEach(({ option, end }, index) => {
    const text = rest.slice(end, starts[index + 1]?.place).trim();
    const choice = option.choices.find((choice) => [choice.shown, choice.value].includes(text));
    values[option.name] = choice ? choice.value : text;
  });
  return { command, values };
}

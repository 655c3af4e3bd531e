// The selects and inputs of one condition of a rule. They change the condition's JSON, and tell that they have.
"use strict";

globalThis.attuneElement = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== false && value !== undefined) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
};

// `changed(isAnother)`: the condition is another one now, or is to be drawn anew, too.
globalThis.attuneControls = (vocabulary, changed) => {
  const { TESTS, has } = globalThis.attuneRows;
  const h = globalThis.attuneElement;
  const { texts } = vocabulary;
  const named = (value, label) => ({ value, label });
  const word = (text) => h("span", { class: "attune-word" }, text);
  const move = (data, drop, put) => {
    for (const key of drop) delete data[key];
    Object.assign(data, put);
  };

  // One control each

  const select = (label, options, value, set, redraw = true) => {
    const known = options.some((one) => one.value === value) ? options : [...options, named(value, value)];
    const made = h("select", { "aria-label": label, "data-attune-part": label });
    made.append(...known.map((one) => h("option", { value: one.value, selected: one.value === value }, one.label)));
    made.addEventListener("change", () => {
      set(made.value);
      changed(redraw);
    });
    return made;
  };
  const input = (label, kind, value, set, more = {}) => {
    const made = h("input", { type: kind, "aria-label": label, "data-attune-part": label, autocomplete: "off", ...more });
    made.value = value ?? "";
    made.addEventListener("input", () => {
      set(made.value);
      changed(false);
    });
    return made;
  };
  const asNumber = (text) => (text === "" ? null : Number(text));
  const number = (label, data, key, more = {}) =>
    input(label, "number", data[key], (text) => (data[key] = asNumber(text)), { step: "any", ...more });
  const duration = (label, data, key) => {
    const set = (count, unit) => (data[key] = `${count}${unit}`);
    const [count, unit] = [() => data[key].slice(0, -1), () => data[key].slice(-1)];
    return [
      input(label, "number", count(), (text) => set(text.replace(/[^0-9]/g, ""), unit()), { min: 1, step: 1 }),
      select(texts.unit, vocabulary.units, unit(), (chosen) => set(count(), chosen), false),
    ];
  };
  const without = (label, drop) => {
    const told = { title: texts.remove, "aria-label": `${texts.remove}: ${label}` };
    const made = h("button", { type: "button", class: "attune-without", ...told }, "×");
    made.addEventListener("click", () => {
      drop();
      changed(true);
    });
    return made;
  };
  const part = (name, ...children) => h("span", { class: `attune-part attune-part-${name}` }, ...children);

  // What they did

  const namesOf = (step) => [step.event].flat();
  const eventsOf = (step) => {
    const options = namesOf(step).length === 1 ? [named("*", texts.anything)] : [];
    return namesOf(step).map((name, number) => {
      const set = (chosen) => {
        if (Array.isArray(step.event) && chosen !== "*") step.event[number] = chosen;
        else step.event = chosen;
      };
      const chosen = select(texts.event, [...vocabulary.events, ...options], name, set);
      if (number === 0) return chosen;
      return part("or", word(texts.or), chosen, without(texts.event, () => step.event.splice(number, 1)));
    });
  };
  const propertiesOf = (step, onlyNumbers = false) => {
    const names = namesOf(step);
    const events = vocabulary.events.filter((one) => names.includes(one.value));
    const among = names.includes("*") ? Object.keys(vocabulary.properties) : events.flatMap((one) => one.properties);
    const all = [...new Set(among)].map((name) => named(name, vocabulary.properties[name].label));
    all.sort((one, other) => one.label.localeCompare(other.label));
    const numbers = all.filter((one) => ["number", "any"].includes(vocabulary.properties[one.value].kind));
    return onlyNumbers ? numbers : [...all, ...vocabulary.own.filter((one) => !among.includes(one.value))];
  };
  const isOwn = (name) => vocabulary.own.some((one) => one.value === name);
  const kindOf = (name) => (isOwn(name) ? "text" : vocabulary.properties[name]?.kind || "any");

  const whereOf = (step) =>
    (step.where || []).map((filter, number) => {
      const drop = () => {
        step.where.splice(number, 1);
        if (!step.where.length) delete step.where;
      };
      const choose = (name) => {
        filter.property = name;
        fitTest(filter, ["property"], kindOf(name), vocabulary.choices[name]);
      };
      return part(
        "where",
        word(texts.found_in),
        select(texts.property, propertiesOf(step), filter.property, choose),
        ...testOf(filter, ["property"], kindOf(filter.property), vocabulary.choices[filter.property]),
        without(texts.property, drop),
      );
    });

  const windowOf = (data) => {
    const isVisit = data.within === "session" || data.within === "previous_session";
    const chosen = !has(data, "within") ? "ever" : isVisit ? data.within : "last";
    const options = [
      named("last", texts.in_the_last), named("session", texts.this_visit),
      named("previous_session", texts.previous_visit), named("ever", texts.ever),
    ];
    const set = (value) => move(data, ["within"], value === "ever" ? {} : { within: value === "last" ? "7d" : value });
    const howLong = chosen === "last" ? duration(texts.how_long, data, "within") : [];
    return part("window", select(texts.when, options, chosen, set), ...howLong);
  };

  const isNever = (data) => data.at_most === 0 && !["at_least", "per", "measure"].some((key) => has(data, key));
  const boundOf = (data) => {
    if (isNever(data)) return "never";
    if (has(data, "at_least") && has(data, "at_most")) return data.at_least === data.at_most ? "exactly" : "between";
    return has(data, "at_least") ? "at_least" : has(data, "at_most") ? "at_most" : "once";
  };
  const howOften = (data) => {
    const bound = boundOf(data);
    const isCount = !has(data, "measure") || data.measure === "count";
    const once = isCount || bound === "once" ? ["once"] : [];
    const never = isCount && !has(data, "per") ? ["never"] : [];
    const names = [...once, ...never, "at_least", "at_most", "exactly", "between"];
    const set = (chosen) => {
      const old = data.at_least || data.at_most || 1;
      const bounds = {
        never: { at_most: 0 },
        at_least: { at_least: old },
        at_most: { at_most: old },
        exactly: { at_least: old, at_most: old },
        between: { at_least: old, at_most: old + 1 },
      };
      const drop = chosen === "never" ? ["at_least", "measure", "of", "per"] : ["at_least", "at_most"];
      move(data, drop, bounds[chosen] || {});
    };
    const parts = [select(texts.how_often, names.map((name) => named(name, texts[name])), bound, set)];
    const least = isCount ? { min: 0, step: 1 } : {};
    if (bound === "exactly") {
      const both = (text) => (data.at_least = data.at_most = asNumber(text));
      parts.push(input(texts.number, "number", data.at_least, both, { step: "any", ...least }));
    }
    if (bound === "at_least" || bound === "between") parts.push(number(texts.number, data, "at_least", least));
    if (bound === "at_most") parts.push(number(texts.number, data, "at_most", least));
    if (bound === "between") parts.push(number(texts.number_to, data, "at_most", least));
    if (isCount && parts.length > 1) parts.push(word(texts.times));
    return part("bounds", ...parts);
  };
  const measureOf = (data) => {
    if (!has(data, "measure")) return [];
    const of = (name) => vocabulary.measures.find((one) => one.value === name)?.of;
    const offered = (name) => propertiesOf(data, of(name) === "number");
    const set = (chosen) => {
      const fits = of(chosen) && has(data, "of") && offered(chosen).some((one) => one.value === data.of);
      move(data, chosen === "sessions" ? ["of", "per"] : fits ? [] : ["of"], { measure: chosen });
      if (of(chosen) && !fits) data.of = offered(chosen)[0]?.value ?? "";
    };
    const drop = () => move(data, ["measure", "of"], {});
    const made = [select(texts.measure, vocabulary.measures, data.measure, set)];
    const setOf = (name) => (data.of = name);
    if (has(data, "of")) made.push(select(texts.of, offered(data.measure), data.of, setOf, false));
    return [part("measure", ...made, without(texts.measure, drop))];
  };
  const perOf = (data) => {
    if (!has(data, "per")) return [];
    const options = [...propertiesOf(data), named("session", texts.per_session)];
    const chosen = select(texts.per, options, data.per, (name) => (data.per = name), false);
    return [part("per", word(texts.per), chosen, without(texts.per, () => delete data.per))];
  };
  const moreOf = (data, offered) => {
    const likely = (options, name) => (options.find((one) => one.value === name) || options[0])?.value ?? "";
    const category = () => likely(propertiesOf(data), "item_category");
    const others = () => vocabulary.events.filter((one) => !namesOf(data).includes(one.value));
    const add = {
      where: () => (data.where = [...(data.where || []), startTest({ property: category() }, "property")]),
      per: () => (data.per = category()),
      measure: () => move(data, [], { measure: "sum", of: likely(propertiesOf(data, true), "value") }),
      or: () => (data.event = [...namesOf(data), likely(others(), "purchase")]),
    };
    const options = [named("", texts.more), ...offered.map((name) => named(name, texts[`more_${name}`]))];
    const made = select(texts.more, options, "", (name) => name && add[name]());
    made.setAttribute("data-attune-more", "");
    return made;
  };
  const startTest = (filter, subject) => {
    fitTest(filter, [subject], kindOf(filter[subject]), vocabulary.choices[filter[subject]]);
    return filter;
  };

  // A test of a value

  const operatorOf = (data) => {
    if (has(data, "at_least") && has(data, "at_most")) return "between";
    const name = TESTS.find((one) => has(data, one));
    return name === "exists" && data.exists === false ? "missing" : name;
  };
  const allowed = (kind) => vocabulary.tests.filter((one) => one.kinds.includes(kind));
  const putTest = (data, name, kind, choices) => {
    const [old] = TESTS.filter((one) => has(data, one)).flatMap((one) => data[one]);
    const text = typeof old === "string" ? old : (choices?.[0].value ?? "");
    const count = typeof old === "number" ? old : 1;
    const isCounted = kind === "number" || (kind === "any" && typeof old === "number");
    const single = isCounted ? count : kind === "boolean" ? true : text;
    const list = single === "" ? [] : [single];
    const tests = {
      is: { is: single },
      is_not: { is_not: single },
      in: { in: list },
      not_in: { not_in: list },
      at_least: { at_least: count },
      at_most: { at_most: count },
      between: { at_least: count, at_most: count + 1 },
      exists: { exists: true },
      missing: { exists: false },
    };
    move(data, TESTS, tests[name] || { [name]: text });
  };
  // Another subject: its test stays if it can be asked of it.
  const fitTest = (data, subject, kind, choices) => {
    const operator = operatorOf(data);
    const value = data[operator];
    const isOffered = !choices || choices.some((one) => one.value === value) || Array.isArray(value);
    const isAllowed = allowed(kind).some((one) => one.value === operator);
    if (operator && isOffered && isAllowed && (kind !== "number" || typeof value !== "string")) return;
    putTest(data, kind === "number" ? "at_least" : "is", kind, choices);
  };
  const testOf = (data, subject, kind, choices) => {
    const operator = operatorOf(data);
    const options = vocabulary.tests.filter((one) => one.kinds.includes(kind) || one.value === operator);
    const chosen = select(texts.test, options, operator, (name) => putTest(data, name, kind, choices));
    return [chosen, ...valueOf(data, operator, kind, choices)];
  };
  const valueOf = (data, operator, kind, choices) => {
    if (operator === "exists" || operator === "missing") return [];
    if (operator === "between") return [number(texts.number, data, "at_least"), number(texts.number_to, data, "at_most")];
    const value = data[operator];
    if (Array.isArray(value)) return [choices ? ticks(data, operator, choices) : lines(data, operator, kind)];
    if (typeof value === "boolean") {
      const options = [named("true", texts.yes), named("false", texts.no)];
      return [select(texts.value, options, String(value), (chosen) => (data[operator] = chosen === "true"), false)];
    }
    if (operator === "at_least" || operator === "at_most") return [number(texts.value, data, operator)];
    const set = (given) => (data[operator] = given);
    const isSame = operator === "is" || operator === "is_not";
    const isCounted = typeof value === "number" || (kind === "number" && typeof value !== "string");
    if (isSame && isCounted) return [number(texts.value, data, operator)];
    if (isSame && choices) return [select(texts.value, choices, value, set, false)];
    return [input(texts.value, "text", value, set)];
  };
  const ticks = (data, operator, choices) => {
    const unknown = data[operator].filter((value) => !choices.some((one) => one.value === value));
    const others = unknown.map((value) => named(value, String(value)));
    const box = h("span", { class: "attune-ticks", role: "group", "aria-label": texts.value });
    for (const one of [...choices, ...others]) {
      const tick = h("input", { type: "checkbox", "data-attune-part": one.value, change: () => {
        data[operator] = tick.checked ? [...data[operator], one.value] : data[operator].filter((value) => value !== one.value);
        changed(false);
      } });
      tick.checked = data[operator].includes(one.value);
      box.append(h("label", {}, tick, one.label));
    }
    return box;
  };
  const lines = (data, operator, kind) => {
    const read = (line) => (kind === "number" && Number.isFinite(Number(line)) ? Number(line) : line);
    const told = { "aria-label": texts.values, "data-attune-part": texts.values, placeholder: texts.one_a_line };
    const box = h("textarea", { rows: 3, spellcheck: "false", ...told });
    // What was a number in a list without a kind stays one.
    const old = new Map(data[operator].map((value) => [String(value), value]));
    box.addEventListener("input", () => {
      const typed = box.value.split("\n").map((line) => line.trim());
      data[operator] = typed.filter(Boolean).map((line) => old.get(line) ?? read(line));
      changed(false);
    });
    box.value = data[operator].join("\n");
    return box;
  };

  // The kinds of conditions

  const namedKind = (list, name) => list.find((one) => one.value === name)?.kind || "any";
  const KINDS = {
    event: ({ data }) => {
      const never = isNever(data);
      const fits = {
        where: true,
        per: !never && !has(data, "per") && data.measure !== "sessions",
        measure: !never && !has(data, "measure"),
        or: data.event !== "*",
      };
      const offered = Object.keys(fits).filter((name) => fits[name]);
      const what = [...eventsOf(data), ...measureOf(data), howOften(data), ...perOf(data)];
      return [...what, windowOf(data), ...whereOf(data), moreOf(data, offered)];
    },
    abandoned: ({ data }) => [
      ...eventsOf(data), ...whereOf(data), windowOf(data),
      part("then", word(texts.has_not), ...eventsOf(data.not_followed_by)), ...whereOf(data.not_followed_by),
      part("after", word(texts.for_at_least), ...duration(texts.how_long, data, "after")),
      moreOf(data, data.event === "*" ? ["where"] : ["where", "or"]),
    ],
    seen: ({ data }) => {
      const key = has(data, "within") ? "within" : "beyond";
      const which = ["last", "first", "previous"].map((name) => named(name, texts[`seen_${name}`]));
      const how = [named("beyond", texts.seen_beyond), named("within", texts.in_the_last)];
      const turn = (chosen) => move(data, [key], { [chosen]: data[key] });
      return [
        select(texts.seen, which, data.seen, (name) => (data.seen = name), false),
        part("window", select(texts.when, how, key, turn), ...duration(texts.how_long, data, key)),
      ];
    },
    trait: ({ data }) => {
      const kind = namedKind(vocabulary.traits, data.trait);
      const choose = (name) => {
        data.trait = name;
        fitTest(data, ["trait"], namedKind(vocabulary.traits, name));
      };
      return [select(texts.known, vocabulary.traits, data.trait, choose), part("test", ...testOf(data, ["trait"], kind))];
    },
    segment: (item) => {
      const inner = () => (item.type === "segment" ? item.data : item.data.not);
      const options = [named("segment", texts.is_in), named("not_segment", texts.is_not_in)];
      const turn = (type) => {
        item.data = type === "segment" ? inner() : { not: inner() };
        item.type = type;
      };
      const choose = (slug) => (inner().segment = slug);
      return [
        select(texts.is_it, options, item.type, turn),
        select(texts.segment, vocabulary.segments, inner().segment, choose, false),
      ];
    },
    request: ({ data }) => {
      const isPart = data.request.startsWith("query.");
      const field = isPart ? "query." : data.request;
      const kind = namedKind(vocabulary.request, field);
      const choose = (name) => {
        data.request = name;
        fitTest(data, ["request"], namedKind(vocabulary.request, name), vocabulary.choices[name]);
      };
      const made = [select(texts.field, vocabulary.request, field, choose)];
      const call = (name) => (data.request = `query.${name}`);
      if (isPart) made.push(input(texts.name, "text", data.request.slice(6), call, { placeholder: texts.name }));
      const test = part("test", ...testOf(data, ["request"], kind, vocabulary.choices[field]));
      return [...made, test, h("span", { class: "attune-note" }, texts.nothing_stored)];
    },
  };
  KINDS.not_segment = KINDS.segment;

  return (item) => KINDS[item.type](item);
};

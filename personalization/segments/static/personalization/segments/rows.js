// Between the JSON of a rule and rows of conditions: what each clause is, and back to the same JSON. Touches no page.
"use strict";

globalThis.attuneRows = (() => {
  const TEXTS = ["contains", "starts_with", "ends_with", "matches"];
  const TESTS = ["is", "is_not", "in", "not_in", "at_least", "at_most", ...TEXTS, "exists"];
  const DURATION = /^[0-9]{0,12}[smhdw]$/;

  const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const has = (data, key) => Object.hasOwn(data, key);
  const hasOnly = (data, keys) => Object.keys(data).every((key) => keys.includes(key));
  const isText = (value) => typeof value === "string";
  const isNumber = (value) => value === null || typeof value === "number";
  const isLine = (value) =>
    typeof value === "number" || (isText(value) && value !== "" && value === value.trim() && !value.includes("\n"));
  const isScalar = (value) => ["string", "number", "boolean"].includes(typeof value);
  const isDuration = (value) => isText(value) && DURATION.test(value);
  const isWindow = (value) => value === "session" || value === "previous_session" || isDuration(value);
  const isNames = (value) => isText(value) || (Array.isArray(value) && value.length > 0 && value.every(isText));
  const optional = (data, key, fits) => !has(data, key) || fits(data[key]);

  // One test of a value beside its subject, or both bounds.
  const isTested = (data, subject) => {
    const given = Object.keys(data).filter((key) => !subject.includes(key));
    if (!given.every((key) => TESTS.includes(key))) return false;
    if (given.length === 2) return ["at_least", "at_most"].every((key) => has(data, key) && isNumber(data[key]));
    if (given.length !== 1) return false;
    const [name] = given;
    const value = data[name];
    if (name === "is" || name === "is_not") return isScalar(value);
    if (name === "in" || name === "not_in") return Array.isArray(value) && value.every(isLine);
    if (name === "exists") return typeof value === "boolean";
    return TEXTS.includes(name) ? isText(value) : isNumber(value);
  };
  const isWhere = (value, rows) =>
    Array.isArray(value) && value.every((one) => isObject(one) && isText(one.property) && isTested(one, rows.filter));

  const FITS = {
    abandoned: (data, rows) => {
      const then = data.not_followed_by;
      const isStep = (one) => isNames(one.event) && optional(one, "where", (where) => isWhere(where, rows));
      const fits = (one, keys) => isObject(one) && hasOnly(one, keys) && isStep(one);
      const isTimed = isDuration(data.after) && optional(data, "within", isWindow);
      return fits(data, rows.abandoned) && fits(then, rows.step) && isTimed;
    },
    event: (data, rows) =>
      hasOnly(data, rows.event) &&
      isNames(data.event) &&
      optional(data, "where", (where) => isWhere(where, rows)) &&
      optional(data, "within", isWindow) &&
      optional(data, "per", isText) &&
      optional(data, "measure", isText) &&
      optional(data, "of", isText) &&
      optional(data, "at_least", isNumber) &&
      optional(data, "at_most", isNumber),
    seen: (data, rows) =>
      hasOnly(data, rows.seen) &&
      ["first", "last", "previous"].includes(data.seen) &&
      has(data, "within") !== has(data, "beyond") &&
      isDuration(has(data, "within") ? data.within : data.beyond),
    trait: (data, rows) => isText(data.trait) && isTested(data, rows.trait),
    segment: (data, rows) => hasOnly(data, rows.segment) && isText(data.segment),
    request: (data, rows) => isText(data.request) && isTested(data, rows.request),
  };

  // What kind of row a clause is; "other" is shown as its sentence, and edited as text.
  const typeOf = (data, rows) => {
    if (!isObject(data)) return "other";
    const plain = Object.keys(FITS).find((key) => key !== "abandoned" && has(data, key));
    const kind = has(data, "not_followed_by") ? "abandoned" : plain;
    if (kind) return FITS[kind](data, rows) ? kind : "other";
    const inner = hasOnly(data, ["not"]) && isObject(data.not) && has(data.not, "segment");
    return inner && FITS.segment(data.not, rows) ? "not_segment" : "other";
  };

  const readRow = (data, rows) => ({ type: typeOf(data, rows), data });

  // A list of clauses and how they are joined; `bare`: one clause, not in a list. Null: it is none.
  const readBox = (data, rows, depth) => {
    if (!isObject(data) || Object.keys(data).length !== 1) return null;
    const inside = (one) => (depth > 0 && readBox(one, rows, depth - 1)) || readRow(one, rows);
    const box = (mode, list) => (Array.isArray(list) ? { type: "box", mode, bare: false, items: list.map(inside) } : null);
    if (has(data, "all")) return box("all", data.all);
    if (has(data, "any")) return box("any", data.any);
    if (!has(data, "not") || typeOf(data, rows) !== "other") return null;
    const denied = data.not;
    if (isObject(denied) && Object.keys(denied).length === 1) {
      if (has(denied, "any")) return box("none", denied.any);
      if (has(denied, "all")) return box("notall", denied.all);
    }
    const row = readRow(denied, rows);
    return row.type === "other" ? null : { type: "box", mode: "none", bare: true, items: [row] };
  };

  const WRAPS = {
    all: (list) => ({ all: list }),
    any: (list) => ({ any: list }),
    none: (list) => ({ not: { any: list } }),
    notall: (list) => ({ not: { all: list } }),
  };
  const isBare = (box) => box.bare && box.items.length === 1;
  const isDenied = (box) => box.mode === "none" || box.mode === "notall";

  // A whole rule as a box of rows and boxes; `undefined`: there is none yet.
  const read = (rule, rows) => {
    if (rule === undefined) return { type: "box", mode: "all", bare: false, items: [] };
    return readBox(rule, rows, 1) || { type: "box", mode: "all", bare: true, items: [readRow(rule, rows)] };
  };
  const write = (node) => {
    if (node.type !== "box") return node.data;
    const list = node.items.map(write);
    if (!isBare(node)) return WRAPS[node.mode](list);
    return isDenied(node) ? { not: list[0] } : list[0];
  };

  // Every row and box with its place as the server names it.
  const places = (node, place = "$") => {
    if (node.type !== "box") return [[node, place]];
    const inside = isDenied(node) ? `${place}.not` : place;
    const list = { all: "all", any: "any", none: "any", notall: "all" }[node.mode];
    const at = (number) => (isBare(node) ? inside : `${inside}.${list}[${number}]`);
    return [[node, place], ...node.items.flatMap((item, number) => places(item, at(number)))];
  };

  // Numbers that would come back as others, or none at all, are left to the text.
  const isExact = (text) => !/[0-9]{16,}|[0-9][eE][+-]?[0-9]{3,}/.test(text.replace(/"(?:[^"\\]|\\.)*"/g, ""));

  return { TESTS, has, isExact, isObject, places, read, readRow, typeOf, write };
})();

// What people choose: filters of levels, and the choices of each figure.

let redraw = () => {};   // set once everything is there

function levelBoxes(axis, index) {
  const boxes = axis.levels.map((name, level) => {
    const box = element("input", { type: "checkbox", checked: true, "data-axis": index, "data-level": level });
    box.addEventListener("change", () => {
      shown[index][level] = box.checked;
      redraw();
    });
    return { box, node: element("label", {}, box, " ", name) };
  });
  const setAll = (value) => () => {
    boxes.forEach(({ box }, level) => {
      box.checked = value;
      shown[index][level] = value;
    });
    redraw();
  };
  return element("fieldset", {}, element("legend", {}, axis.name),
    element("div", {},
      element("button", { type: "button", "aria-label": `All levels of ${axis.name}`, onclick: setAll(true) }, "all"),
      element("button", { type: "button", "aria-label": `No level of ${axis.name}`, onclick: setAll(false) }, "none")),
    element("div", { class: "levels" }, boxes.map(({ node }) => node)));
}

// A list to choose from; `options` are pairs of value and text. The choice is its `value`.
function choice(title, options, chosen) {
  const list = element("select", {}, options.map(([value, content]) =>
    element("option", { value, selected: String(value) === String(chosen) }, content)));
  return { node: element("label", {}, title, list), get value() { return list.value; }, list };
}

const metricChoice = (title, chosen) =>
  choice(title, data.quantities.map((quantity) => [quantity.name, quantity.name]), chosen);

// -1: none.
const axisChoice = (title, chosen, none) => choice(title,
  [...(none ? [[-1, none]] : []), ...axes.map((axis, index) => [index, axis.name])], chosen);

// Those that the experiment shows, then those that vary, then the others.
function usualMetrics() {
  const varies = (quantity) => new Set(quantity.values.filter((value) => value !== null)).size > 1;
  const named = data.shown.map((name) => data.quantities.find((quantity) => quantity.name === name ||
    (quantity.name.startsWith("stage.") && quantity.name.endsWith(`.${name}`)))).filter(Boolean);
  const rest = data.quantities.filter((quantity) => !named.includes(quantity));
  return [...named, ...rest.filter(varies), ...rest.filter((quantity) => !varies(quantity))];
}

// A figure that draws itself with draw(theme, width), which returns {image, caption: nodes}; `image` is null
// when there is nothing to draw. What is saved is drawn anew, in the colours of paper.
function figure(id, title, controls, draw) {
  const place = element("div", { class: "scroll", role: "region", "aria-label": title, tabindex: 0 });
  const caption = element("figcaption");
  const save = element("button", { type: "button", "aria-label": `Save "${title}" as SVG` }, "save as SVG");
  save.addEventListener("click", () => {
    const { image } = draw(kLight, 760);
    if (image) {
      saveSvg(image, `${data.name}-${id}`.replace(/[^A-Za-z0-9._-]+/g, "-"));
    }
  });
  const node = element("figure", { id }, element("header", {}, element("h2", {}, title), save),
    element("div", { class: "controls" }, controls.map((control) => control.node)), place, caption);
  const update = () => {
    const { image, caption: content } = draw(screenTheme(), Math.max(320, place.clientWidth || 760));
    place.replaceChildren(image || element("p", { class: "note" }, "Nothing to draw with these choices."));
    caption.replaceChildren(...content);
    save.disabled = !image;
  };
  // After what a choice changes in others, and without the other figures.
  controls.forEach((control) => control.list.addEventListener("change", update));
  return { node, update, draw };
}

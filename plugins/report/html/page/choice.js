// The operator that the reader looks at, the same in all figures, and the colours of the page.

const listeners = [];
let chosen = -1; // none
const whenChosen = (listener) => listeners.push(listener);

// Marks what belongs to the chosen operator below `place`, whatever drew it.
function markChosen(place = document) {
  place
    .querySelectorAll("[data-operator]")
    .forEach((node) => node.classList.toggle("chosen", Number(node.dataset.operator) === chosen));
}

// -1, or the chosen one again: none.
function choose(operator) {
  chosen = operator === chosen ? -1 : operator;
  document.body.classList.toggle("has-choice", chosen >= 0);
  markChosen();
  document.getElementById("chosen").textContent =
    chosen < 0 ? "" : `${operators[chosen].name} is highlighted in all figures; Escape ends that.`;
  listeners.forEach((listener) => listener());
}
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && chosen >= 0) {
    choose(chosen);
  }
});

// Seven colours that people with any colour vision tell apart; neighbours never share one.
const kColours = 7;
const colourClass = (operator) => `c${operator < 0 ? kColours - 1 : operator % kColours}`;

const kThemes = ["system", "light", "dark"];
function startTheme() {
  const change = document.getElementById("theme");
  change.addEventListener("click", () => {
    const root = document.documentElement;
    const next = kThemes[(kThemes.indexOf(root.dataset.theme || "system") + 1) % kThemes.length];
    root.dataset.theme = next;
    change.textContent = `colours: ${next}`;
    change.setAttribute("aria-label", next === "system" ? "Colours: as the system" : `Colours: ${next}`);
  });
}

const tip = () => document.getElementById("tip");
// Lines of text beside the pointer; the first is the heading.
function showTip(lines, x, y) {
  const node = tip();
  node.replaceChildren(...lines.map((line, i) => element(i === 0 ? "b" : "div", {}, line)));
  node.hidden = false;
  const left = Math.min(x + 14, innerWidth - node.offsetWidth - 8);
  const below = y + 16 + node.offsetHeight < innerHeight;
  node.style.left = `${Math.max(4, left)}px`;
  node.style.top = `${below ? y + 16 : Math.max(4, y - node.offsetHeight - 12)}px`;
}
const hideTip = () => {
  tip().hidden = true;
};

// A part of a figure that stands for an operator: hover says what, click and Enter choose it.
function linked(node, operator, lines) {
  node.addEventListener("pointermove", (event) => showTip(lines(), event.clientX, event.clientY));
  node.addEventListener("pointerleave", hideTip);
  if (operator >= 0) {
    node.dataset.operator = operator;
    node.addEventListener("click", () => choose(operator));
  }
  return node;
}

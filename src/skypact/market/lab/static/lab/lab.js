// The form of the lab: only the versions of the chosen standard, a search among many listings, and progress.
const form = document.querySelector("[data-testing]");

/** Versions come in groups of standards; only those of the chosen one are left to choose. */
function narrow(standards, claims) {
  const empty = claims.options[0];
  const groups = [...claims.querySelectorAll("optgroup")];
  const show = () => {
    const mine = groups.filter((group) => group.firstElementChild.value.startsWith(`${standards.value}/`));
    const chosen = claims.value;
    claims.replaceChildren(empty, ...mine);
    const known = [...claims.options];
    const only = known.length === 2 ? known[1].value : "";
    claims.value = known.some((one) => one.value === chosen) && chosen ? chosen : only;
    claims.disabled = !standards.value;
    for (const hint of form.querySelectorAll("[data-standard]")) hint.hidden = hint.dataset.standard !== standards.value;
  };
  standards.addEventListener("change", show);
  show();
}

/** A search above a long list leaves those whose name or id holds every word. */
function find(part) {
  const listings = document.getElementById(part.dataset.finds);
  const options = listings instanceof HTMLSelectElement ? [...listings.options] : [];
  if (options.length < 8) return;
  const words = options.map((one) => `${one.text} ${one.value}`.toLocaleLowerCase());
  const [input, told] = [part.querySelector("input"), part.querySelector("[role=status]")];
  part.hidden = false;
  input.addEventListener("input", () => {
    const asked = input.value.toLocaleLowerCase().split(/\s+/);
    const chosen = listings.value;
    const left = options.filter((one, place) => place > 0 && asked.every((word) => words[place].includes(word)));
    listings.replaceChildren(options[0], ...left);
    listings.value = left.some((one) => one.value === chosen) ? chosen : "";
    if (input.value.trim() && left.length === 1) listings.value = left[0].value;
    told.textContent = told.dataset.found.replace("{n}", left.length).replace("{all}", options.length - 1);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // it would send the form
    listings.focus();
  });
}

/** While a recording is sent and tested: says so, counts the seconds, and takes no second click. */
function tell() {
  const button = form.querySelector("button[type=submit]");
  const progress = form.querySelector(".lab-progress");
  const status = progress.querySelector("[role=status]");
  let clock = 0;
  form.addEventListener("submit", () => {
    const began = Date.now();
    const say = () => {
      status.textContent = form.dataset.testing.replace("{s}", Math.round((Date.now() - began) / 1000));
    };
    progress.hidden = false;
    button.disabled = true;
    say();
    clock = window.setInterval(say, 1000);
  });
  window.addEventListener("pageshow", () => {
    window.clearInterval(clock); // the browser's way back shows the page as it was left
    button.disabled = false;
    progress.hidden = true;
  });
}

if (form) {
  narrow(form.elements.standard, form.elements.claim);
  for (const part of form.querySelectorAll("[data-finds]")) find(part);
  tell();
}

// Loaded by every page: USWDS behaviour (menu, accordion, combo box) and htmx.
import "@uswds/uswds";
import htmx from "htmx.org";

htmx.config.includeIndicatorStyles = false; // the content security policy forbids injected styles
htmx.config.allowEval = false;
window.htmx = htmx;

// After a swap, behaviour attaches to the new part only; focus goes where the server marked it.
document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
  target.querySelector("[data-focus]")?.focus();
});

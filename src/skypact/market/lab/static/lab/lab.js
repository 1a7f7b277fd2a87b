// While a recording is sent and tested: says so, counts the seconds, and takes no second click.
const form = document.querySelector("[data-testing]");
const button = form?.querySelector("button[type=submit]");
const status = form?.querySelector("[role=status]");
let clock = 0;

function reset() {
  window.clearInterval(clock);
  if (button) button.disabled = false;
  if (status) status.hidden = true;
}

form?.addEventListener("submit", () => {
  const began = Date.now();
  const tell = () => {
    status.textContent = form.dataset.testing.replace("{s}", Math.round((Date.now() - began) / 1000));
  };
  tell();
  status.hidden = false;
  button.disabled = true;
  clock = window.setInterval(tell, 1000);
});
window.addEventListener("pageshow", reset); // the browser's way back shows the page as it was left

// Filters work at once: the page that the form asks for is fetched, and its parts taken over.
// Without this script the button below the filters does the same.

const PARTS = ["filter-innhald", "treff"];
const form = document.getElementById("sok");
const found = document.getElementById("resultat");
const status = document.getElementById("melding");
const policy = window.trustedTypes
  ? window.trustedTypes.createPolicy("kjelda", { createHTML: (html) => html })
  : { createHTML: (html) => html };
let running = null;
let shown = location.search;

function address() {
  const asked = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (value !== "" || name === "q") asked.append(name, value);
  }
  return `${form.action}?${asked}`;
}

async function update() {
  running?.abort();
  running = new AbortController();
  const target = address();
  found.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(target, { signal: running.signal });
    const html = policy.createHTML(await answer.text());
    const page = new DOMParser().parseFromString(html, "text/html");
    if (!page.getElementById("resultat")) throw new Error(`no hits in ${answer.status}`);
    take(page);
    history.pushState(null, "", target);
    shown = location.search;
  } catch (error) {
    if (error.name === "AbortError") return;
    status.textContent = found.dataset.failed;
  }
  found.removeAttribute("aria-busy");
}

// A parser's document runs no script, and what it holds came from this server's own page.
function take(page) {
  const focused = document.activeElement?.id;
  const open = [...document.querySelectorAll("#filter-innhald details[open]")].map((d) => d.id);
  for (const id of PARTS) {
    document.getElementById(id).replaceChildren(...page.getElementById(id).childNodes);
  }
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  document.title = page.title;
  status.textContent = document.getElementById("treff-tittel").textContent;
}

document.addEventListener("change", (event) => {
  if (event.target.form === form && event.target.type === "checkbox") update();
});
// A jump within the page is told in the same way as a step back.
window.addEventListener("popstate", () => {
  if (location.search !== shown) location.reload();
});
